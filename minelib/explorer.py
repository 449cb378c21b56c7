# SPDX-License-Identifier: MIT
"""What the tables say about a place in a period: the plain function behind the controls."""

import warnings
from dataclasses import dataclass
from functools import lru_cache

import pandas as pd

import minelib
from minelib.catalog import load
from minelib.catalog.names import place_name
from minelib.checks import as_day, whole
from minelib.checks.door import Day, Lang, Number, Whole, checked, door
from minelib.display import Finished, Table, finish, show
from minelib.errors import BadParameter, UnknownName
from minelib.figures.explore import TABLES, measures
from minelib.style import style
from minelib.words import N_, gettext as _

__all__ = ["FREQUENCIES", "View", "places", "view"]

# by the column of the measure: its frame in a view, the ends of its bounds, its meaning and unit
_MEASURES = {
    "hashrate_eh_s": ("hash_rate", "eh_s", N_("Hash rate, last value"), "EH/s"),
    "share_pct": ("share", "pct", N_("Share of the world's hash rate, last value"), "percent"),
    "best_twh": ("electricity", "twh", N_("Electricity per year at the last rate"), "TWh/year"),
    "emissions_mt": ("carbon", "mt", N_("Emissions of the last month"), "Mt"),
}
FREQUENCIES = {"D": N_("day"), "W": N_("week"), "ME": N_("month")}


@dataclass(frozen=True)
class View:
    """What is known of a place in a period.

    Attributes
    ----------
    place : str
        A key of table ``places``.
    start, end : pandas.Timestamp
        First and last day, both inclusive.
    hash_rate : pandas.DataFrame
        Index date; ``hashrate_eh_s``, ``lower_eh_s``, ``upper_eh_s``.
    share : pandas.DataFrame
        Index month; ``share_pct``, ``lower_pct``, ``upper_pct`` of the world's hash rate; for
        the world ``place`` and ``share_pct``, a row per country and month.
    electricity : pandas.DataFrame
        Index date or month; ``best_twh``, ``lower_twh``, ``upper_twh``, annualised.
    carbon : pandas.DataFrame
        Index month; ``emissions_mt``, ``lower_mt``, ``upper_mt`` of the month.
    events : pandas.DataFrame
        ``date``, ``title_en``, ``title_zh``: the dated events of the place in the period.
    """

    place: str
    start: pd.Timestamp
    end: pd.Timestamp
    hash_rate: pd.DataFrame
    share: pd.DataFrame
    electricity: pd.DataFrame
    carbon: pd.DataFrame
    events: pd.DataFrame

    @checked
    def figure(self, lang: Lang | None = None) -> Finished:
        """The view as a figure, finished: a `minelib.display.Finished`."""
        with style(lang):
            return finish(measures(self), *TABLES, data=self.numbers(), events=True)

    def numbers(self) -> pd.DataFrame:
        """Everything the view holds, one row per day or month and measure.

        Returns
        -------
        pandas.DataFrame
            ``date``, ``variable`` (the column of the measure), ``place``, ``value``, ``lower``
            and ``upper``.

        Examples
        --------
        >>> sorted(view("china").numbers()["variable"].unique())
        ['best_twh', 'emissions_mt', 'hashrate_eh_s', 'share_pct']
        """
        frames = []
        for name, (held, ends, *_words) in _MEASURES.items():
            frame = getattr(self, held).rename_axis("date").reset_index()
            new = {name: "value", f"lower_{ends}": "lower", f"upper_{ends}": "upper"}
            own = frame.rename(columns=new).assign(variable=name)
            frames.append(own if "place" in own else own.assign(place=self.place))
        merged = pd.concat([f for f in frames if len(f)] or frames, ignore_index=True)
        return merged.reindex(columns=["date", "variable", "place", "value", "lower", "upper"])

    @checked
    def summary(self, lang: Lang | None = None) -> pd.DataFrame:
        """First and last value of each measure in the period, with the interval of the last.

        Returns
        -------
        pandas.DataFrame
            ``measure``, ``meaning``, ``first``, ``last``, ``lower``, ``upper``, ``unit``; a
            measure without data, or without an interval, is left out.

        Examples
        --------
        >>> view("china", "2021-04-01", "2021-08-31").summary("en")["unit"].tolist()
        ['EH/s', 'percent', 'TWh/year', 'Mt']
        """
        rows = []
        for name, (held, ends, meaning, unit) in _MEASURES.items():
            frame, columns = getattr(self, held), [name, f"lower_{ends}", f"upper_{ends}"]
            if len(frame) and {*columns} <= {*frame}:
                first, last = frame[name].iloc[0], frame[columns].iloc[-1]
                rows.append([name, _(meaning, lang), first, *last, unit])
        heads = ["measure", "meaning", "first", "last", "lower", "upper", "unit"]
        return pd.DataFrame(rows, columns=heads)

    @checked
    def table(self, lang: Lang | None = None, most: Whole = 12) -> Table:
        """The events of the view as a `minelib.display.Table`, the first ``most`` of them."""
        with style(lang):
            return show(self.events.head(whole("most", most)), "events")


@lru_cache
def _levels():
    countries = sorted(set(load("country_share")["place"]) - {"other"})
    provinces = sorted(set(load("province_share")["province"]) - {"other"})
    return {
        "world": "world",
        **dict.fromkeys(countries, "country"),
        **dict.fromkeys(provinces, "province"),
    }


def places(lang: Lang | None = None) -> dict[str, str]:
    """The places that can be looked at.

    Returns
    -------
    dict
        Key to name in the language: the world, the countries and the Chinese provinces of the
        mining map.

    Examples
    --------
    >>> places("en")["inner_mongolia"]
    'Inner Mongolia'
    """
    return {key: place_name(key, lang) for key in _levels()}


def view(
    place: str = "world",
    start: Day = "2019-09-01",
    end: Day = "2022-01-31",
    freq: str = "W",
    price_usd_kwh: Number = 0.05,
    version: str = "1.4.0",
) -> View:
    """Hash rate, share, electricity, carbon and events of a place.

    Parameters
    ----------
    place : str
        A key of `places`.
    start, end : date-like
        First and last day, both inclusive.
    freq : {"D", "W", "ME"}
        Frequency of the world's hash rate and electricity. A country or province is known by
        month only, whatever is asked.
    price_usd_kwh : float
        Electricity price the index assumes, as `minelib.energy.index` takes it.
    version : str
        Version of the index.

    Returns
    -------
    View
        A measure without data in the period is an empty frame.

    Raises
    ------
    UnknownName
        A place or frequency that is not there.
    BadParameter
        Dates that are none or stand in the wrong order, a price out of range.

    Examples
    --------
    >>> shown = view("china", "2021-04-01", "2021-08-31")
    >>> round(float(shown.share.loc["2021-04-01", "share_pct"]), 2)
    46.04
    """
    if place not in _levels():
        raise UnknownName("place", place, _levels())
    if freq not in FREQUENCIES:
        raise UnknownName("frequency", freq, FREQUENCIES)
    first, last = as_day("start", start), as_day("end", end)
    if first >= last:
        raise BadParameter("start", first.date().isoformat(), _("must lie before the end"))
    level = _levels()[place]
    if level == "world":
        measured = _world(freq, price_usd_kwh, version)
    else:
        measured = _local(level, place, price_usd_kwh, version)
    rate, share, power, emitted = (
        frame[(frame.index >= first) & (frame.index <= last)] for frame in measured
    )
    events = _events(place, level, first, last)
    return View(place, first, last, rate, share, power, emitted, events)


@lru_cache(maxsize=32)
def _world(freq, price, version):
    from minelib import carbon, chain, energy, geography

    rate = chain.hash_rate(freq)
    share = geography.by_country().set_index("month")[["place", "share_pct"]]
    power = energy.index(price, version)[["best_twh", "lower_twh", "upper_twh"]]
    if freq != "D":
        power = power.resample("W" if freq == "W" else "MS").mean()
    emitted = carbon.emissions(price_usd_kwh=price, version=version)
    return rate, share, power, emitted[["emissions_mt", "lower_mt", "upper_mt"]]


@lru_cache(maxsize=64)
def _local(level, place, price, version):
    from minelib import carbon, energy, geography

    if level == "country":
        rate = geography.by_country().query("place == @place").set_index("month")
        share = rate[["share_pct", "lower_pct", "upper_pct"]]
    else:
        rate = geography.by_province().query("province == @place").set_index("month")
        # the published share and its bounds are of China; the map also gives the world's
        of_world = rate["share_of_world_pct"] / rate["share_of_china_pct"]
        share = rate.assign(
            share_pct=rate["share_of_world_pct"],
            lower_pct=rate["lower_pct"] * of_world,
            upper_pct=rate["upper_pct"] * of_world,
        )[["share_pct", "lower_pct", "upper_pct"]].dropna()
    used = energy.regional(level, price, version).query("place == @place").set_index("month")
    used = used[["best_twh", "lower_twh", "upper_twh"]]
    per_place = carbon.by_place()
    own = per_place["place"].isin([place, f"china/{place}"])
    if place == "china":  # its provinces together
        own = per_place["place"].str.startswith("china/")
    per_place = per_place[own & (per_place["share_pct"] > 0)]
    by_month = per_place.assign(part=per_place["share_pct"] * per_place["intensity_g_kwh"])
    by_month = by_month.groupby("month")[["part", "share_pct"]].sum()
    intensity = by_month["part"] / by_month["share_pct"]
    # 1 TWh at 1 g/kWh is 0.001 Mt
    emitted = used.mul(intensity, axis=0).div(1000).dropna()
    emitted.columns = ["emissions_mt", "lower_mt", "upper_mt"]
    days = used.index.days_in_month
    annualised = used.mul(365.25 / days, axis=0).dropna()
    return rate[["hashrate_eh_s", "lower_eh_s", "upper_eh_s"]], share, annualised, emitted


def _events(place, level, start, end):
    found = load("events")
    found = found[found["date"].between(start, end)]
    if level == "province":
        national = (found["country"] == "china") & found["place"].isna()
        found = found[(found["place"] == place) | (national & (found["category"] == "policy"))]
    elif level == "country":
        found = found[found["country"] == place]
    else:
        policy = (found["category"] == "policy") & found["place"].isna()
        found = found[found["country"].isna() | policy]
    found = found[["date", "title_en", "title_zh"]]
    return found.sort_values("date").reset_index(drop=True)


def __getattr__(name):
    if name != "panel":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    said = "minelib.explorer.panel is now minelib.workbench.panel, and goes with version 0.3."
    warnings.warn(said, DeprecationWarning, stacklevel=2)
    return minelib.workbench.panel


door(globals())
