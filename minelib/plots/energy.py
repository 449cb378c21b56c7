# SPDX-License-Identifier: MIT
"""Figures of electricity: the index and its uncertainty, by price, by country, by province."""

import numpy as np
from matplotlib.ticker import NullFormatter

from minelib import text
from minelib.plots.style import date_axis, event_lines, figure, place_colour
from minelib.text import N_, place_name
from minelib.text import gettext as _

__all__ = ["by_country", "by_price", "drivers", "index", "seasons"]

_INDEX = ("index_machines", "network_daily")
_ENSEMBLE = (*_INDEX, "power_prices", "country_share")
_BAND, _LINE, _BOUND = "#1f6fb4", "#c8372d", "#777777"

_ASSUMPTIONS = {
    "tariffs": N_("Tariffs by country"),
    "pue": N_("PUE"),
    "life": N_("Machine life"),
    "weights": N_("Mix of machines"),
    "unlisted": N_("Unlisted machines"),
}


@figure(
    tables=_ENSEMBLE,
    alt=N_("Line chart: the index with its bounds and the band of the ensemble, by month."),
    size=(8.5, 5.0),
)
def index(fig, frame, monthly, level=0.9):
    """The index with its bounds, and the ensemble's band.

    Parameters
    ----------
    frame : pandas.DataFrame
        As `minelib.energy.index` gives it.
    monthly : pandas.DataFrame
        ``Ensemble.monthly``.
    level : float
        Of the ensemble's interval.

    Returns
    -------
    Chart
    """
    ax = fig.subplots()
    means = frame[["lower_twh", "best_twh", "upper_twh"]].resample("MS").mean()
    means = means.loc[monthly.index[0] : monthly.index[-1]]
    ax.fill_between(monthly.index, monthly["lower_twh"], monthly["upper_twh"], color=_BAND,
                    alpha=0.22, linewidth=0,
                    label=_("Ensemble, {level}% interval").format(
                        level=text.number(100 * level)))  # fmt: skip
    ax.fill_between(monthly.index, monthly["q25_twh"], monthly["q75_twh"], color=_BAND,
                    alpha=0.35, linewidth=0, label=_("Ensemble, middle half"))  # fmt: skip
    ax.plot(monthly.index, monthly["median_twh"], color=_BAND, label=_("Ensemble, median"))
    ax.plot(means.index, means["best_twh"], color=_LINE, linewidth=2, label=_("Best guess"))
    ax.plot(means.index, means["lower_twh"], color=_BOUND, linestyle=(0, (4, 2)),
            label=_("Lower and upper bound"))  # fmt: skip
    ax.plot(means.index, means["upper_twh"], color=_BOUND, linestyle=(0, (4, 2)))
    ax.set_yscale("log")
    ax.yaxis.set_major_formatter(lambda v, _position: text.number(v, 0 if v >= 1 else 1))
    ax.set_ylabel(_("Electricity (TWh a year)"))
    ax.set_title(_("Electricity of mining: the index, its bounds, and what it leaves open"))
    ax.set_xlim(monthly.index[0], monthly.index[-1])
    lowest = min(means["lower_twh"].min(), monthly["lower_twh"].min())
    highest = max(means["upper_twh"].max(), monthly["upper_twh"].max())
    ax.set_ylim(lowest / 2, highest * 5)
    ax.yaxis.set_minor_formatter(NullFormatter())
    ax.legend(loc="lower center")
    event_lines(ax)
    date_axis(ax)
    last = monthly.iloc[-1]
    return _(
        "Line chart on a logarithmic scale from {start} to {end}. At the end the best guess is "
        "{best} TWh a year, the ensemble's interval {lower} to {upper}; the bounds of the index "
        "lie much wider."
    ).format(
        start=text.month(monthly.index[0]), end=text.month(monthly.index[-1]),
        best=text.number(means["best_twh"].iloc[-1]), lower=text.number(last["lower_twh"]),
        upper=text.number(last["upper_twh"]),
    )  # fmt: skip


@figure(tables=_INDEX, alt=N_("Lines: the best guess of the index at several electricity prices."))
def by_price(fig, grid):
    """The best guess at several electricity prices.

    Parameters
    ----------
    grid : pandas.DataFrame
        As `minelib.energy.grid` gives it; few prices are best.

    Returns
    -------
    Chart
    """
    from matplotlib import colormaps

    ax = fig.subplots()
    means = grid.resample("W").mean()
    shades = colormaps["viridis"](np.linspace(0.0, 0.85, len(means.columns)))
    styles = ["-", (0, (6, 1)), (0, (3, 1)), (0, (1, 1)), "-."]
    for position, (price, shade) in enumerate(zip(means, shades, strict=True)):
        ax.plot(means.index, means[price], color=shade, linestyle=styles[position % len(styles)],
                label=text.number(price, 2 if price >= 0.01 else 3), linewidth=1.4)  # fmt: skip
    ax.set_ylabel(_("Electricity (TWh a year)"))
    ax.set_title(_("One price for the whole world: the same index at other prices"))
    ax.set_ylim(0, means.max().max() * 1.15)
    ax.set_xlim(means.index[0], means.index[-1])
    ax.legend(title=_("USD/kWh"), loc="upper left")
    event_lines(ax)
    date_axis(ax)


@figure(
    tables=("country_share", *_INDEX),
    alt=N_("Stacked areas: power of mining by country and month."),
    size=(8.5, 4.8),
)
def by_country(fig, frame):
    """Power of mining by country and month, stacked.

    Parameters
    ----------
    frame : pandas.DataFrame
        As `minelib.energy.regional` gives it for countries.

    Returns
    -------
    Chart
    """
    ax = fig.subplots()
    wide = frame.pivot(index="month", columns="place", values="best_gw").fillna(0.0)
    order = [c for c in wide.mean().sort_values(ascending=False).index if c != "other"]
    wide = wide[order + [c for c in ("other",) if c in wide]]
    ax.stackplot(wide.index, wide.to_numpy().T, colors=[place_colour(c) for c in wide],
                 labels=[place_name(c) for c in wide], edgecolor="white",
                 linewidth=0.4)  # fmt: skip
    ax.set_ylabel(_("Power (GW)"))
    ax.set_title(_("Power of mining by country: share of the hash rate times the index"))
    ax.set_xlim(wide.index[0], wide.index[-1])
    ax.set_ylim(0, wide.sum(axis=1).max() * 1.18)
    handles, labels = ax.get_legend_handles_labels()
    ax.legend(handles[::-1], labels[::-1], loc="center left", bbox_to_anchor=(1.0, 0.5))
    event_lines(ax)
    date_axis(ax)
    first, last = wide.iloc[0], wide.iloc[-1]
    if "china" not in wide or "usa" not in wide:
        return None
    return _(
        "Stacked areas from {start} to {end}: China falls from {china_first} to {china_last} GW, "
        "the United States rise from {usa_first} to {usa_last} GW."
    ).format(
        start=text.month(wide.index[0]), end=text.month(wide.index[-1]),
        china_first=text.number(first["china"], 1), china_last=text.number(last["china"], 1),
        usa_first=text.number(first["usa"], 1), usa_last=text.number(last["usa"], 1),
    )  # fmt: skip


@figure(
    tables=("province_share", "country_share", "wet_season_months", *_INDEX),
    alt=N_("Lines: power of mining in four Chinese provinces by month; the wet season is shaded."),
    size=(8.5, 4.6),
)
def seasons(fig, frame, wet):
    """Power of mining in Chinese provinces by month, wet months shaded.

    Parameters
    ----------
    frame : pandas.DataFrame
        As `minelib.energy.regional` gives it for provinces.
    wet : list of int
        Months of the year (1 to 12) shaded as the wet season.

    Returns
    -------
    Chart
    """
    ax = fig.subplots()
    wide = frame.pivot(index="month", columns="place", values="best_gw").dropna(how="all")
    shown = [p for p in ("sichuan", "yunnan", "xinjiang", "inner_mongolia") if p in wide]
    styles = {"sichuan": "-", "yunnan": (0, (5, 1.5)), "xinjiang": "-",
              "inner_mongolia": (0, (5, 1.5))}  # fmt: skip
    markers = {"sichuan": "o", "yunnan": "o", "xinjiang": "s", "inner_mongolia": "s"}
    for province in shown:
        ax.plot(wide.index, wide[province], color=place_colour(province), marker=markers[province],
                markersize=3.5, linestyle=styles[province], linewidth=1.8)  # fmt: skip
    shade = None
    for month in wide.index[wide.index.month.isin(wet)]:
        shade = ax.axvspan(month, month + np.timedelta64(31, "D"), color="#9ecae1", alpha=0.25,
                           linewidth=0)  # fmt: skip
    handles = [*ax.lines, *([shade] if shade is not None else [])]
    labels = [place_name(p) for p in shown]
    labels += [_("Wet season")] if shade is not None else []
    ax.legend(handles, labels, loc="upper left", ncols=3)
    ax.set_ylim(0, wide[shown].max().max() * 1.3)
    ax.set_xlim(wide.index[0], wide.index[-1] + np.timedelta64(31, "D"))
    ax.set_ylabel(_("Power (GW)"))
    ax.set_title(_("Mining followed the water: power by province and month"))
    event_lines(ax, level=0.98)
    date_axis(ax)


@figure(
    tables=_ENSEMBLE,
    alt=N_("Bars: how far each assumption alone moves the result, and what knowing it brings."),
    size=(8.5, 3.6),
)
def drivers(fig, frame):
    """What each assumption does alone, and how much of the spread goes once it is known.

    Parameters
    ----------
    frame : pandas.DataFrame
        ``Ensemble.drivers``.

    Returns
    -------
    Chart
    """
    left, right = fig.subplots(1, 2, sharey=True)
    frame = frame.iloc[::-1]
    rows = np.arange(len(frame))
    left.barh(rows, frame["upper_pct"] - frame["lower_pct"], left=frame["lower_pct"],
              color=_BAND, height=0.55)  # fmt: skip
    left.axvline(0, color=_LINE, linewidth=1.5)
    low, high = min(frame["lower_pct"].min(), 0), max(frame["upper_pct"].max(), 0)
    left.set_xlim(low - 0.06 * (high - low), high + 0.06 * (high - low))
    left.set_yticks(rows, [_(_ASSUMPTIONS[a]) for a in frame["assumption"]])
    left.set_xlabel(_("Against the index (%)"))
    left.set_title(_("Varied alone"))
    right.barh(rows, frame["fall_if_known_pct"], color="#8c8c8c", height=0.55)
    right.set_xlabel(_("Fall of the variance (%)"))
    right.set_title(_("If it were known"))
    for ax in (left, right):
        ax.grid(axis="y", visible=False)
