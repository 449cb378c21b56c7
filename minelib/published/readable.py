# SPDX-License-Identifier: MIT
"""Published figures for readers: values as text, points inside a band, the revision's effect."""

import pandas as pd

from minelib import carbon, energy
from minelib.catalog import load
from minelib.checks import language
from minelib.words import gettext as _
from minelib.words import interval, number

__all__ = ["by_version", "inside", "readable", "short_authors"]

_SHORT = {
    "Cambridge Centre for Alternative Finance": "CCAF",
    "US Energy Information Administration": "EIA",
    "White House Office of Science and Technology Policy": "OSTP",
}


def short_authors(authors):
    """The first author, or the letters an office is known by.

    Parameters
    ----------
    authors : pandas.Series of str

    Returns
    -------
    pandas.Series of str

    Examples
    --------
    >>> short_authors(pd.Series(["Stoll, Klaaßen, Gallersdörfer"])).tolist()
    ['Stoll']
    """
    return authors.replace(_SHORT).str.split(",").str[0]


def _figure(value, low, high, lang):
    if value != value and low != low:
        return "–"
    size = abs(value if value == value else high)
    digits = 0 if size >= 1000 else 1 if size >= 100 else 2
    if value != value:
        return interval(low, high, digits, lang)
    if low != low:
        return number(value, digits, lang)
    return f"{number(value, digits, lang)} ({interval(low, high, digits, lang)})"


def readable(table, lang=None):
    """A table of `minelib.published.table` with its figures as text.

    Parameters
    ----------
    table : pandas.DataFrame
    lang : {"en", "zh"} or None

    Returns
    -------
    pandas.DataFrame
        With ``published`` and ``computed`` (str: value and, in brackets, its interval),
        ``unit_word``, the unit in the language, and ``published_figure``, first author, year
        and quantity in one text.

    Examples
    --------
    >>> import minelib as ml
    >>> readable(ml.published.table("en"), "en").iloc[0][["published", "computed"]].tolist()
    ['89.00', '88.98']
    """
    lang = language(lang)
    columns = {
        "published": ("published_value", "published_low", "published_high"),
        "computed": ("computed_value", "computed_lower", "computed_upper"),
    }
    words = {
        name: [_figure(*row, lang) for row in table[list(parts)].itertuples(index=False)]
        for name, parts in columns.items()
    }
    who = short_authors(table["authors"]) + " " + table["year"].astype(str)
    whose = [_("{name}: ", lang).format(name=name) for name in who]
    return table.assign(
        **words,
        unit_word=[_(unit, lang) for unit in table["unit"]],
        published_figure=whose + table["quantity"],
    )


def inside(points, band):
    """Which published figures meet a band of the same time.

    Parameters
    ----------
    points : pandas.DataFrame
        As `minelib.published.on_one_scale` gives it.
    band : pandas.DataFrame
        Index of months; ``lower`` and ``upper`` in the same unit.

    Returns
    -------
    pandas.Series of bool
        True where the published range and the band of its month have a value in common.
    """
    month = points["date"].dt.to_period("M").dt.to_timestamp()
    at = band.reindex(month)
    meets = (points["low"].to_numpy() <= at["upper"].to_numpy()) & (
        at["lower"].to_numpy() <= points["high"].to_numpy()
    )
    return pd.Series(meets, index=points.index, name="inside")


def by_version(lang=None):
    """Headlines that rest on the index of before its revision, on both versions.

    Parameters
    ----------
    lang : {"en", "zh"} or None

    Returns
    -------
    pandas.DataFrame
        ``id``, ``quantity``, ``unit``, ``published``, ``before`` (version 1.3.1), ``revised``
        (version 1.4.0) and ``change_pct``.

    Examples
    --------
    >>> bool((by_version()["change_pct"] < 0).all())
    True
    """
    lang = language(lang)
    made = {
        version: {
            "ccaf_2022_energy_2021": _used("2021", "2021", version),
            "unu_2023_energy": _used("2020", "2021", version),
            "unu_2023_emissions": _emitted("2020-01", "2021-12", version),
            "ccaf_2022_emissions": _that_day("2022-09-21", version),
        }
        for version in ("1.3.1", "1.4.0")
    }
    rows = load("published_results").set_index("id")
    frame = pd.DataFrame(
        {
            "id": name,
            "quantity": rows.loc[name, f"quantity_{lang}"],
            "unit": rows.loc[name, "unit"],
            "published": rows.loc[name, "value"],
            "before": before,
            "revised": made["1.4.0"][name],
        }
        for name, before in made["1.3.1"].items()
    )
    return frame.assign(change_pct=100 * (frame["revised"] / frame["before"] - 1))


def _used(first, last, version):
    yearly = energy.totals(energy.index(version=version), "YE")["best_twh"]
    return float(yearly.loc[first:last].sum())


def _emitted(start, end, version):
    return float(carbon.emissions(version=version, start=start, end=end)["emissions_mt"].sum())


def _that_day(day, version):
    held = load("index_reference").set_index("month")["intensity_g_kwh"]
    energy_twh = energy.index(version=version).loc[day, "best_twh"]
    return float(energy_twh * held[pd.Timestamp(day).to_period("M").to_timestamp()] / 1000)
