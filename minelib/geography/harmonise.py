# SPDX-License-Identifier: MIT
"""The raw download of the mining map understood: labels to keys, percent strings to numbers."""

import io
import os
import warnings

import pandas as pd

from minelib.catalog.names import place_name
from minelib.errors import BadInput
from minelib.geography.places import find_place
from minelib.words import gettext as _

__all__ = ["UsageWarning", "harmonise_map"]

_COLUMNS = {  # names of a column in the downloads there were, in small letters
    "month": ("date", "month"),
    "label": ("country", "name", "publisher_label"),
    "share": ("monthly_hashrate_%", "share_pct", "value"),
    "hash rate": ("monthly_absolute_hashrate_eh/s", "hashrate_eh_s", "absolute_value"),
}


class UsageWarning(UserWarning):
    """What the publisher warns of; it must reach whoever uses the figures."""


def harmonise_map(source: pd.DataFrame | str | os.PathLike | io.IOBase) -> pd.DataFrame:
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
    raw = (source if isinstance(source, pd.DataFrame) else _read(source)).reset_index(drop=True)
    columns = {str(c).strip().lower(): c for c in raw.columns}
    cells = {}
    for part, names in _COLUMNS.items():
        present = [columns[n] for n in names if n in columns]
        if present:
            cells[part] = raw[present[0]]
        elif part != "hash rate":
            said = {"name": names[0], "columns": ", ".join(map(str, raw.columns))}
            raise BadInput(_("The file has no column {name!r}; it has {columns}."), **said)
    labels = cells["label"].astype("str").str.strip()
    frame = pd.DataFrame(
        {
            "month": _months(cells["month"]),
            "place": labels.map({label: _key(label) for label in labels.unique()}),
            "share_pct": _numbers(cells["share"], 100),
            "hashrate_eh_s": _numbers(cells["hash rate"]) if "hash rate" in cells else float("nan"),
            "vpn_flag": labels.str.endswith("*"),
            "publisher_label": labels,
        }
    )
    twice = frame.duplicated(["month", "place"]).to_numpy()
    if twice.any():
        row = int(twice.argmax())
        said = {"place": place_name(frame["place"][row]), "month": f"{frame['month'][row]:%Y-%m}"}
        raise BadInput(_("Row {row}: {place} stands twice in {month}."), row=row + 2, **said)
    frame.attrs["usage_warnings"] = _warn(frame)
    return frame.sort_values(["month", "place"], ignore_index=True)


def _read(source):
    try:
        return pd.read_csv(source, dtype="str", keep_default_na=False, encoding="utf-8-sig")
    except (UnicodeDecodeError, pd.errors.ParserError, pd.errors.EmptyDataError) as e:
        raise BadInput(_("This is not a CSV file in UTF-8: {why}."), why=e) from None
    except OSError as e:
        raise BadInput(_("{file} cannot be read: {error}"), file=source, error=e) from None


def _key(label):
    bare = label.rstrip("* ").replace("Islamic Republic of", "Islamic Rep.")
    return find_place(bare, "rest" if bare.lower() == "other" else "country")


def _months(cells):
    months = pd.to_datetime(cells.astype("str"), errors="coerce", format="ISO8601")
    _refuse(cells, months.isna(), _("is not a date"))
    return months.dt.to_period("M").dt.to_timestamp().astype("datetime64[us]")


def _numbers(cells, most=float("inf")):
    text = cells.astype("str").str.strip().str.removesuffix("%").str.strip()
    numbers = pd.to_numeric(text, errors="coerce").astype("float64")
    _refuse(cells, numbers.isna(), _("is not a number"))
    _refuse(cells, numbers < 0, _("is negative"))
    _refuse(cells, numbers > most, _("is more than 100 percent"))
    return numbers


def _refuse(cells, wrong, rule):
    if wrong.any():
        row = int(wrong.to_numpy().argmax())
        said = {"row": row + 2, "value": str(cells.iloc[row]), "rule": rule}
        sentence = _("Row {row}, column {column}, value {value!r}: {rule}.")
        raise BadInput(sentence, column=cells.name, **said)


def _warn(frame):
    flagged = sorted(frame.loc[frame["vpn_flag"], "place"].unique())
    if not flagged:
        return []
    sentence = _(
        "The publisher marks {places} with an asterisk: little mining is known there, the share is"
        " thought to be traffic redirected by VPN or proxy. Column vpn_flag keeps the mark."
    ).format(places=", ".join(place_name(p) for p in flagged))
    warnings.warn(sentence, UsageWarning, stacklevel=4)
    return [sentence]
