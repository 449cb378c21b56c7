# SPDX-License-Identifier: MIT
"""Figures of the shipped sweeps, each drawn from what `minelib.collect` reads."""

import pandas as pd
import seaborn as sns
from matplotlib.axes import Axes

from minelib import words
from minelib.checks.door import Whole
from minelib.figures.marks import axes, band, rows
from minelib.style import needs
from minelib.words import gettext as _

__all__ = ["break_window", "carbon_factors", "index_tariffs", "relocation_stories"]


def break_window(frame: pd.DataFrame, ax: Axes | None = None) -> Axes:
    """Date of the largest fall with its interval, by first year of the search and frequency.

    Parameters
    ----------
    frame : pandas.DataFrame
        Of sweep ``break-window``: ``start``, ``freq``, ``break_date`` with its bounds.
    ax : matplotlib.axes.Axes, optional

    Returns
    -------
    matplotlib.axes.Axes
    """
    runs = _done(frame, "start", "freq", "break_date").sort_values(["start", "freq"])
    years = pd.to_datetime(runs["start"]).dt.year.astype(str)
    ax, runs = _marks(runs.assign(start_year=years), "start_year", "break_date", "freq", ax=ax)
    ax.set_xlabel(_("First period of the largest fall, with its 90% interval"))
    ax.margins(x=0.2)
    found = runs.dropna(subset="break_date")
    where = {"transform": ax.get_yaxis_transform(), "ha": "right", "va": "center", "fontsize": 8}
    for run in runs[runs["break_date"].isna()].itertuples():
        ax.text(0.99, run.row, _("no break found"), color=run.colour, **where)
    said = _("In none of {count} runs a break is found.")
    phrase = {"found": str(len(found)), "count": str(len(runs))}
    if len(found):
        first, last = (words.date(found["break_date"].agg(end)) for end in ("min", "max"))
        when = _("on {first}") if first == last else _("between {first} and {last}")
        said = _("In {found} of {count} runs a break is found; the largest fall begins {when}.")
        phrase["when"] = when.format(first=first, last=last)
    ax.figure._minelib_alt = said.format(**phrase)
    return ax


def relocation_stories(frame: pd.DataFrame, ax: Axes | None = None) -> Axes:
    """Where China's hash rate went, one mark per story, with the bounds of each.

    Parameters
    ----------
    frame : pandas.DataFrame
        Of sweep ``relocation-stories``: ``vpn``, ``sample`` and ``china_to_...`` with bounds.
    ax : matplotlib.axes.Axes, optional

    Returns
    -------
    matplotlib.axes.Axes
    """
    bounds = ("_lower", "_upper")
    names = [c for c in map(str, frame) if c.startswith("china_to_") and not c.endswith(bounds)]
    runs = _done(frame, "vpn", "sample", *(names or ["china_to_usa"]))
    parts = []
    for name in runs[names].mean().sort_values(ascending=False).index:
        part = runs.rename(columns={name + end: "best_eh_s" + end for end in ("", *bounds)})
        parts.append(part.assign(destination=name.removeprefix("china_to_")))
    parts = pd.concat(parts, ignore_index=True)
    ax, _drawn = _marks(parts, "destination", "best_eh_s", "vpn", "sample", ax)
    ax.set_xlabel(_("Hash rate (EH/s); lines: the least and the most the map allows"))
    said = _("What China lost and where it went, in EH/s, by scenario of proxies and sample.")
    ax.figure._minelib_alt = said
    return ax


def index_tariffs(frame: pd.DataFrame, year: Whole = 2021, ax: Axes | None = None) -> Axes:
    """Best guess of the index and its bounds by tariff, one line per version.

    Parameters
    ----------
    frame : pandas.DataFrame
        Of sweep ``index-tariffs``: ``price_usd_kwh``, ``version``, ``index_2021`` with bounds.
    year : int
    ax : matplotlib.axes.Axes, optional

    Returns
    -------
    matplotlib.axes.Axes
    """
    name = f"index_{year}"
    runs = _done(frame, "price_usd_kwh", "version", name, f"{name}_lower", f"{name}_upper")
    runs = runs.sort_values(["version", "price_usd_kwh"], ascending=[False, True])
    ax = axes(ax)
    for _version, part in runs.groupby("version", sort=False):
        area = part.set_index("price_usd_kwh")
        band(ax, area, f"{name}_lower", f"{name}_upper", color="#999999", alpha=0.15)
    shape = {"hue": "version", "style": "version", "markers": True, "errorbar": None}
    sns.lineplot(runs, x="price_usd_kwh", y=name, ax=ax, **shape)
    ax.set_ylim(bottom=0)
    ax.set_ylabel(_("Electricity in {year} (TWh)").format(year=year))
    phrase = {"low": runs["price_usd_kwh"].min(), "high": runs["price_usd_kwh"].max()}
    phrase |= {"most": words.number(runs[name].max()), "least": words.number(runs[name].min())}
    said = _(
        "From {low} to {high} USD/kWh the best guess for {year} falls from {most} to {least} TWh."
    )
    ax.figure._minelib_alt = said.format(year=year, **phrase)
    return ax


def carbon_factors(frame: pd.DataFrame, ax: Axes | None = None) -> Axes:
    """Carbon intensity before and after the move, by set of factors and electricity mix.

    Parameters
    ----------
    frame : pandas.DataFrame
        Of sweep ``carbon-factors``: ``factors``, ``vintage``, ``intensity_2020``,
        ``intensity_2021_08``.
    ax : matplotlib.axes.Axes, optional

    Returns
    -------
    matplotlib.axes.Axes
    """
    runs = _done(frame, "factors", "vintage", "intensity_2020", "intensity_2021_08")
    runs = runs.rename(columns={"vintage": "mix"})
    ax, runs = _marks(runs, "factors", "intensity_2020", "mix", bounds=False, ax=ax)
    for run in runs.itertuples():
        arrow = {"arrowstyle": "->", "color": run.colour, "shrinkA": 0, "shrinkB": 0}
        ends = (run.intensity_2021_08, run.row), (run.intensity_2020, run.row)
        ax.annotate("", *ends, arrowprops=arrow)
        ax.update_datalim(ends)
    ax.set_xlabel(_("Carbon intensity (g/kWh): mean of 2020, and August 2021 at the arrow's tip"))
    said = _("The intensity of August 2021 is above that of 2020 in {rose} of {count} runs.")
    rose = int((runs["intensity_2021_08"] > runs["intensity_2020"]).sum())
    ax.figure._minelib_alt = said.format(rose=rose, count=len(runs))
    return ax


def _done(frame, *columns):
    """The runs that succeeded, with the columns a figure needs."""
    needs(frame, "status", *columns)
    done = frame[frame["status"] == "ok"]
    needs(done, *columns)
    return done


def _marks(frame, y, x, hue, style=None, ax=None, bounds=True):
    """A mark per run beside the name of its row, with a line between its bounds.

    Returns
    -------
    matplotlib.axes.Axes
    pandas.DataFrame
        The frame with ``row`` and ``colour`` of each mark.
    """
    ax, names, style = axes(ax, 8.4, 5.0), [*frame[y].unique()], style or hue
    place = frame.groupby([hue, style] if style != hue else hue, sort=False).ngroup()
    colours = dict(zip(frame[hue].unique(), sns.color_palette().as_hex(), strict=False))
    place = frame[y].map(names.index) + 0.76 * ((place + 0.5) / (place.max() + 1) - 0.5)
    drawn = frame.assign(row=place, colour=frame[hue].map(colours))
    if bounds and f"{x}_lower" in drawn:
        ends = drawn[f"{x}_lower"], drawn[f"{x}_upper"]
        ax.hlines(drawn["row"], *ends, color=drawn["colour"], linewidth=1.6, alpha=0.5)
    sns.scatterplot(drawn, x=x, y="row", hue=hue, style=style, palette=colours, s=40, ax=ax)
    rows(ax, names)
    ax.set_ylabel(y)
    return ax, drawn
