# SPDX-License-Identifier: MIT
"""The raw download of the mining map understood: labels to keys, percent strings to numbers."""

import warnings

import pandas as pd

from minelib.catalog import load
from minelib.catalog.names import place_name
from minelib.errors import BadInput, UnknownName
from minelib.geography.places import find_place
from minelib.words import gettext as _

__all__ = ["UsageWarning", "harmonise_map"]

# Labels of the publisher that are nobody's plain name of the place.
_LABELS = {
    "mainland china": "china",
    "russian federation": "russia",
    "iran, islamic rep.": "iran",
    "iran, islamic republic of": "iran",
    "other": "other",
}
_COLUMNS = {
    "month": ("date", "month"),
    "label": ("country", "name", "publisher_label"),
    "share": ("monthly_hashrate_%", "share_pct", "value"),
    "hash rate": ("monthly_absolute_hashrate_eh/s", "hashrate_eh_s", "absolute_value"),
}


class UsageWarning(UserWarning):
    """What the publisher warns of; it must reach whoever uses the figures."""


def harmonise_map(source):
    """Read the country file of the mining map as it is downloaded.

    Parameters
    ----------
    source : path-like, file-like or pandas.DataFrame
        CSV with the columns ``date``, ``country``, ``monthly_hashrate_%`` and, if there,
        ``monthly_absolute_hashrate_EH/S``. Shares may be numbers or strings with a percent
        sign; labels may be the publisher's ("Mainland China", "Iran, Islamic Rep.") or names in
        either language, with or without an asterisk.

    Returns
    -------
    pandas.DataFrame
        ``month`` (datetime64, first day), ``place`` (key), ``share_pct`` (float),
        ``hashrate_eh_s`` (float, NaN where absent), ``vpn_flag`` (bool, the asterisk),
        ``publisher_label`` (as it came). ``frame.attrs["usage_warnings"]`` holds the sentences
        that were also issued as `UsageWarning`.

    Raises
    ------
    BadInput
        A column is missing, or a cell is not a date or a number; the row is named.
    UnknownName
        A label that is no known place, with the nearest names.

    Examples
    --------
    >>> raw = pd.DataFrame({"date": ["2021-08-01"], "country": ["Mainland China"],
    ...                     "monthly_hashrate_%": ["0%"]})
    >>> harmonise_map(raw)[["place", "share_pct"]].to_numpy().tolist()
    [['china', 0.0]]
    """
    raw = source if isinstance(source, pd.DataFrame) else _read(source)
    columns = {str(c).strip().lower(): c for c in raw.columns}
    named = {
        part: next((columns[n] for n in names if n in columns), None)
        for part, names in _COLUMNS.items()
    }
    for part in ("month", "label", "share"):
        if named[part] is None:
            raise BadInput(
                _("The file has no column {name!r}; it has {columns}.").format(
                    name=_COLUMNS[part][0], columns=", ".join(map(str, raw.columns))
                )
            )
    labels = raw[named["label"]].astype("str").str.strip()
    keys = {label: _key(label) for label in labels.unique()}
    frame = pd.DataFrame(
        {
            "month": _months(raw[named["month"]]),
            "place": labels.map(keys),
            "share_pct": _numbers(raw[named["share"]], named["share"]),
            "hashrate_eh_s": float("nan")
            if named["hash rate"] is None
            else _numbers(raw[named["hash rate"]], named["hash rate"]),
            "vpn_flag": labels.str.endswith("*"),
            "publisher_label": labels,
        }
    )
    twice = frame.duplicated(["month", "place"])
    if twice.any():
        row = frame[twice].iloc[0]
        raise BadInput(
            _("Row {row}: {place} stands twice in {month}.").format(
                row=int(twice.idxmax()) + 2,
                place=place_name(row["place"]),
                month=f"{row['month']:%Y-%m}",
            )
        )
    frame.attrs["usage_warnings"] = _warn(frame)
    return frame.sort_values(["month", "place"], ignore_index=True)


def _read(source):
    try:
        return pd.read_csv(source, dtype="str", keep_default_na=False, encoding="utf-8-sig")
    except (UnicodeDecodeError, pd.errors.ParserError, pd.errors.EmptyDataError) as e:
        raise BadInput(_("This is not a CSV file in UTF-8: {why}.").format(why=e)) from None


def _key(label):
    bare = label.rstrip("* ").strip()
    if bare.lower() in _LABELS:
        return _LABELS[bare.lower()]
    try:
        return find_place(bare, "country")
    except UnknownName:
        if bare in set(load("places")["place"]):
            return bare
        raise


def _months(cells):
    months = pd.to_datetime(cells, errors="coerce", format="ISO8601")
    _refuse(cells, months.isna(), _("is not a date"))
    return months.dt.to_period("M").dt.to_timestamp().astype("datetime64[us]")


def _numbers(cells, name):
    text = cells.astype("str").str.strip().str.removesuffix("%").str.strip()
    numbers = pd.to_numeric(text, errors="coerce").astype("float64")
    _refuse(cells, numbers.isna(), _("is not a number"))
    _refuse(cells, numbers < 0, _("is negative"))
    if name in ("monthly_hashrate_%", "share_pct"):
        _refuse(cells, numbers > 100, _("is more than 100 percent"))
    return numbers


def _refuse(cells, wrong, rule):
    if wrong.any():
        row = wrong.to_numpy().argmax()
        raise BadInput(
            _("Row {row}, column {column}, value {value!r}: {rule}.").format(
                row=int(row) + 2, column=cells.name, value=str(cells.iloc[row]), rule=rule
            )
        )


def _warn(frame):
    flagged = sorted(frame.loc[frame["vpn_flag"], "place"].unique())
    if not flagged:
        return []
    sentence = _(
        "The publisher marks {places} with an asterisk: little mining is known there, the share is"
        " thought to be traffic redirected by VPN or proxy. Column vpn_flag keeps the mark."
    ).format(places=", ".join(place_name(p) for p in flagged))
    warnings.warn(sentence, UsageWarning, stacklevel=3)
    return [sentence]
