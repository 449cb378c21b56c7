# SPDX-License-Identifier: MIT
"""Figures of the shipped sweeps, each drawn from what `minelib.collect` reads."""

import pandas as pd

from minelib import text
from minelib.errors import BadInput
from minelib.plots.style import date_axis, event_lines, figure
from minelib.text import N_
from minelib.text import gettext as _

__all__ = ["break_window", "carbon_factors", "index_tariffs", "relocation_stories"]

_COLOURS = ("#1f6fb4", "#c8372d", "#3b9c8f")
_MARKS = ("o", "s", "^", "D", "v")
_WORDS = {
    "W": N_("weeks"),
    "epoch": N_("epochs of 2,016 blocks"),
    "D": N_("days"),
    "as_published": N_("as published"),
    "to_china": N_("counted as China"),
    "removed": N_("left out"),
    "without_joined": N_("without the pool that joined"),
    "reweighted": N_("with it at its weight"),
    "generation": N_("generation of the year"),
    "owid_2022": N_("grid intensities, edition of 2022"),
    "owid_2025": N_("grid intensities, edition of 2025"),
    "ccaf_current": "CCAF",
    "ccaf_draft_2021": N_("CCAF draft 2021"),
    "ipcc_ar5": "IPCC AR5",
    "nrel_2021": "NREL 2021",
    "switched_off": N_("Switched off"),
    "hidden": N_("Hidden in China"),
}


def _word(key):
    return _(_WORDS[key]) if key in _WORDS else str(key)


def _done(frame, *columns):
    """The runs that succeeded, with the columns a figure needs."""
    missing = [name for name in columns if name not in frame.columns]
    if missing:
        raise BadInput(_("The sweep has no {columns}.").format(columns=", ".join(missing)))
    return frame[frame["status"] == "ok"]


def _levels(values):
    return list(dict.fromkeys(values))


@figure(
    tables=("difficulty_epochs", "network_daily", "events"),
    alt=N_("Dates of the largest break with their intervals, by training window and frequency."),
    size=(8.0, 4.6),
)
def break_window(fig, frame):
    """Date of the largest fall with its interval, by first day of the search and frequency.

    Parameters
    ----------
    frame : pandas.DataFrame
        Of sweep ``break-window``: ``start``, ``freq``, ``break_date`` with its bounds.

    Returns
    -------
    Chart
    """
    every = _done(frame, "start", "freq", "break_date").sort_values(["start", "freq"])
    runs = every.dropna(subset=["break_date"])
    ax = fig.subplots()
    starts, none = _levels(every["start"]), []
    for number, freq in enumerate(_levels(every["freq"])):
        place = {start: row + 0.24 * (number - 0.5) for row, start in enumerate(starts)}
        part = every[every["freq"] == freq]
        none += [(place[start], number) for start in part["start"][part["break_date"].isna()]]
        part = part.dropna(subset=["break_date"])
        rows = [place[start] for start in part["start"]]
        if "break_date_lower" in part:
            ax.hlines(rows, part["break_date_lower"], part["break_date_upper"],
                      color=_COLOURS[number], linewidth=2.2, alpha=0.6)  # fmt: skip
        ax.plot(part["break_date"], rows, linestyle="none", marker=_MARKS[number],
                color=_COLOURS[number], label=_word(freq))  # fmt: skip
    ax.set_yticks(range(len(starts)), [str(pd.Timestamp(start).year) for start in starts])
    ax.set_ylim(len(starts) - 0.5, -0.9)
    ax.set_ylabel(_("First year of the search"))
    ax.set_xlabel(_("First period of the largest fall, with its 90% interval"))
    ax.set_title(_("The date of the break, by training window and frequency"))
    ax.margins(x=0.2)
    for row, number in none:
        ax.annotate(_("no break found"), (0.99, row), xycoords=("axes fraction", "data"),
                    ha="right", va="center", fontsize=8, color=_COLOURS[number])  # fmt: skip
    event_lines(ax)
    date_axis(ax)
    ax.legend(title=_("Periods"), loc="lower left")
    if runs.empty:
        return _("In none of {count} runs a break is found.").format(count=len(every))
    first, last = text.date(runs["break_date"].min()), text.date(runs["break_date"].max())
    when = _("on {first}") if first == last else _("between {first} and {last}")
    return _("In {found} of {count} runs a break is found; the largest fall begins {when}.").format(
        found=len(runs), count=len(every), when=when.format(first=first, last=last)
    )


@figure(
    tables=("country_share",),
    alt=N_("What China lost and where it went, in EH/s, by story about proxies and sample."),
    size=(8.4, 5.0),
)
def relocation_stories(fig, frame):
    """Where China's hash rate went, one mark a story, with the bounds of each.

    Parameters
    ----------
    frame : pandas.DataFrame
        Of sweep ``relocation-stories``: ``vpn``, ``sample`` and ``china_to_...`` with bounds.

    Returns
    -------
    Chart
    """
    runs = _done(frame, "vpn", "sample")
    names = [c for c in runs.columns if c.startswith("china_to_")
             and not c.endswith(("_lower", "_upper"))]  # fmt: skip
    if not names:
        raise BadInput(_("The sweep has no {columns}.").format(columns="china_to_..."))
    names.sort(key=lambda name: runs[name].mean(), reverse=True)
    ax = fig.subplots()
    vpns, samples = _levels(runs["vpn"]), _levels(runs["sample"])
    offset = 0.8 / max(len(runs), 1)
    for row, name in enumerate(names):
        for place, run in enumerate(runs.itertuples()):
            y = row + offset * (place - (len(runs) - 1) / 2)
            colour = _COLOURS[vpns.index(run.vpn) % 3]
            lower, upper = (getattr(run, name + end, None) for end in ("_lower", "_upper"))
            if lower is not None and upper is not None:
                ax.hlines(y, lower, upper, color=colour, linewidth=0.9, alpha=0.5)
            ax.plot(getattr(run, name), y, color=colour, markersize=4,
                    marker=_MARKS[samples.index(run.sample)])  # fmt: skip
    labels = [name.removeprefix("china_to_") for name in names]
    labels = [_word(key) if key in _WORDS else text.place_name(key) for key in labels]
    ax.set_yticks(range(len(names)), labels)
    ax.invert_yaxis()
    ax.set_xlabel(_("Hash rate (EH/s); lines: the least and the most the map allows"))
    ax.set_title(_("What China lost: nine stories about the map"))
    for number, vpn in enumerate(vpns):
        ax.plot([], [], color=_COLOURS[number % 3], linewidth=3, label=_word(vpn))
    first = ax.legend(title=_("Germany and Ireland"), loc="lower right")
    ax.add_artist(first)
    marks = [ax.plot([], [], linestyle="none", marker=_MARKS[i], color="#555555",
                     label=_word(sample))[0] for i, sample in enumerate(samples)]  # fmt: skip
    ax.legend(handles=marks, title=_("Sample"), loc="center right")
    return None


@figure(
    tables=("index_machines", "network_daily"),
    alt=N_("Electricity of mining in 2021 by tariff, for versions of the index."),
)
def index_tariffs(fig, frame, year=2021):
    """Best guess of the index and its bounds by tariff, one line a version.

    Parameters
    ----------
    frame : pandas.DataFrame
        Of sweep ``index-tariffs``: ``price_usd_kwh``, ``version``, ``index_2021`` with bounds.
    year : int

    Returns
    -------
    Chart
    """
    name = f"index_{year}"
    runs = _done(frame, "price_usd_kwh", "version", name).sort_values("price_usd_kwh")
    ax = fig.subplots()
    for number, version in enumerate(_levels(sorted(runs["version"], reverse=True))):
        part = runs[runs["version"] == version]
        ax.fill_between(part["price_usd_kwh"], part[f"{name}_lower"], part[f"{name}_upper"],
                        color=_COLOURS[number], alpha=0.15, linewidth=0)  # fmt: skip
        ax.plot(part["price_usd_kwh"], part[name], color=_COLOURS[number], marker=_MARKS[number],
                label=version)  # fmt: skip
    ax.set_ylim(bottom=0)
    ax.set_xlabel(_("Tariff (USD/kWh)"))
    ax.set_ylabel(_("Electricity in {year} (TWh)").format(year=year))
    ax.set_title(_("The index by tariff; areas: its lower and upper bound"))
    ax.legend(title=_("Version"))
    return _("From {low} to {high} USD/kWh the best guess for {year} falls from {most} to {least} "
             "TWh.").format(
        low=runs["price_usd_kwh"].min(), high=runs["price_usd_kwh"].max(), year=year,
        most=text.number(runs[name].max()), least=text.number(runs[name].min()),
    )  # fmt: skip


@figure(
    tables=("country_share", "lifecycle_factors"),
    alt=N_("Carbon intensity of mining in 2020 and in August 2021, by set of factors and mix."),
    size=(8.4, 4.8),
)
def carbon_factors(fig, frame):
    """Carbon intensity before and after the move, by set of factors and electricity mix.

    Parameters
    ----------
    frame : pandas.DataFrame
        Of sweep ``carbon-factors``: ``factors``, ``vintage``, ``intensity_2020``,
        ``intensity_2021_08``.

    Returns
    -------
    Chart
    """
    runs = _done(frame, "factors", "vintage", "intensity_2020", "intensity_2021_08")
    ax = fig.subplots()
    sets, mixes = _levels(runs["factors"]), _levels(runs["vintage"])
    for run in runs.itertuples():
        number = mixes.index(run.vintage)
        y = sets.index(run.factors) + 0.22 * (number - (len(mixes) - 1) / 2)
        colour = _COLOURS[number % 3]
        ax.annotate("", (run.intensity_2021_08, y), (run.intensity_2020, y),
                    arrowprops={"arrowstyle": "->", "color": colour, "linewidth": 1.4})  # fmt: skip
        ax.plot(run.intensity_2020, y, marker=_MARKS[number], color=colour, markersize=5)
        ax.plot(run.intensity_2021_08, y, marker="", color=colour)
    for number, mix in enumerate(mixes):
        ax.plot([], [], color=_COLOURS[number % 3], marker=_MARKS[number], label=_word(mix))
    ax.set_yticks(range(len(sets)), [_word(name) for name in sets])
    ax.invert_yaxis()
    ax.margins(x=0.08)
    ax.set_xlabel(_("Carbon intensity (g/kWh): mean of 2020, and August 2021 at the arrow's tip"))
    ax.set_title(_("The carbon intensity of mining, by set of factors and mix"))
    ax.legend(title=_("Electricity of countries"), loc="lower right")
    rose = int((runs["intensity_2021_08"] > runs["intensity_2020"]).sum())
    sentence = _("The intensity of August 2021 is above that of 2020 in {rose} of {count} runs.")
    return sentence.format(rose=rose, count=len(runs))
