# SPDX-License-Identifier: MIT
"""Figures of carbon: intensity, the specification curve, what the change is made of."""

import numpy as np

from minelib import text
from minelib.plots.style import date_axis, event_lines, figure
from minelib.text import N_
from minelib.text import gettext as _

__all__ = ["decomposition", "emissions", "intensity", "specification_curve"]

_MAP = ("country_share", "province_share", "electricity", "lifecycle_factors")
_OURS, _THEIRS, _BAND = "#1f6fb4", "#c8372d", "#9a9a9a"
_UP, _DOWN = "#c8372d", "#1f6fb4"

# Names of the choices and of their values, for the rows of the specification curve.
_ROWS = {
    "mix": (N_("Electricity"), {
        "generation": N_("mix of the year"), "owid_2022": N_("edition 2022"),
        "owid_2025": N_("edition 2025")}),
    "factors": (N_("Factors"), {
        "ccaf_current": "CCAF", "ccaf_draft_2021": N_("CCAF draft 2021"),
        "codecarbon": "codecarbon", "ipcc_ar5": "IPCC AR5", "nrel_2021": "NREL 2021"}),
    "china": (N_("China"), {
        "provincial": N_("by province"), "national": N_("as one")}),
    "provincial": (N_("Provinces"), {
        "thermal_as_coal": N_("thermal as coal"), "official": N_("official, direct")}),
    "germany_ireland": (N_("Germany, Ireland"), {
        "world": N_("as the world"), "reported": N_("as reported"), "china": N_("as China")}),
    "other": (N_("Other"), {"world": N_("as the world"), "spread": N_("spread")}),
    "seasonal_hydro": (N_("Wet season"), {False: N_("no"), True: N_("yes")}),
}  # fmt: skip


@figure(
    tables=(*_MAP, "carbon_intensity", "index_reference"),
    alt=N_("Lines: carbon intensity of mining by month, re-computed and published."),
    size=(8.5, 4.6),
)
def intensity(fig, ours, published=None, every=None, slip=None):
    """Carbon intensity by month, beside the published one and the range of all ways.

    Parameters
    ----------
    ours : pandas.Series
        As `minelib.carbon.intensity` gives it.
    published : pandas.Series, optional
        The published intensity by month.
    every : pandas.DataFrame, optional
        `minelib.carbon.all_intensities`.
    slip : pandas.Series, optional
        Single months counted with Kazakhstan left out.

    Returns
    -------
    Chart
    """
    ax = fig.subplots()
    if every is not None:
        ax.fill_between(every.index, every.min(axis=1), every.max(axis=1), color=_BAND, alpha=0.25,
                        linewidth=0, label=_("All admissible ways of counting"))  # fmt: skip
    ax.plot(ours.index, ours, color=_OURS, linewidth=2, label=_("Re-computed"))
    if published is not None:
        published = published.reindex(ours.index)
        ax.plot(published.index, published, color=_THEIRS, linestyle=(0, (4, 1.5)), marker="o",
                markersize=3, label=_("Published"))  # fmt: skip
    if slip is not None:
        ax.plot(slip.index, slip, linestyle="none", marker="D", color=_OURS,
                markerfacecolor="white", markersize=6,
                label=_("Re-computed without Kazakhstan"))  # fmt: skip
    ax.set_ylabel(_("Carbon intensity (gCO2e/kWh)"))
    ax.set_title(_("How dirty a kilowatt-hour of mining was"))
    ax.set_xlim(ours.index[0], ours.index[-1])
    low, high = ax.get_ylim()
    ax.set_ylim(low, high + 0.22 * (high - low))
    ax.legend(loc="upper left", ncols=2)
    event_lines(ax, level=0.3)
    date_axis(ax)


@figure(
    tables=(*_MAP, "carbon_intensity", "province_factors", "wet_season_months"),
    alt=N_("Specification curve: the change of the carbon intensity by every way of counting."),
    size=(9.0, 7.2),
)
def specification_curve(fig, table):
    """The change of the intensity under every combination, and the choices that made it.

    Parameters
    ----------
    table : pandas.DataFrame
        As `minelib.carbon.multiverse` gives it.

    Returns
    -------
    Chart
    """
    top, bottom = fig.subplots(2, 1, sharex=True, height_ratios=[1, 1.45])
    change = table["change_pct"].to_numpy()
    x = np.arange(len(table))
    colours = np.where(change > 0, _UP, _DOWN)
    top.axhline(0, color="#444444", linewidth=0.8)
    top.scatter(x, change, c=colours, s=5, linewidth=0)
    own = np.flatnonzero(table["is_ccaf"])
    if own.size:
        place = int(own[0])
        top.plot(place, change[place], marker="o", markersize=9, markerfacecolor="none",
                 markeredgecolor="#222222")  # fmt: skip
        top.annotate(_("by the rules of the Cambridge index"), (place, change[place]),
                     xytext=(8, -16), textcoords="offset points", fontsize=9)  # fmt: skip
    rises = int((change > 0).sum())
    top.set_ylabel(_("Change (%)"))
    top.set_title(
        _("{rises} of {total} ways of counting say dirtier, {falls} cleaner").format(
            rises=rises, total=len(change), falls=int((change < 0).sum())
        )
    )
    _choice_rows(bottom, table, x, colours)
    bottom.set_xlabel(_("Ways of counting, by the change they give"))
    bottom.set_xlim(-2, len(table) + 1)
    return _(
        "Specification curve: {total} ways of counting, sorted; the change of the carbon intensity "
        "runs from {low} to {high}, and {rises} say it rose."
    ).format(
        total=len(change), low=text.percent(change.min(), 0, signed=True),
        high=text.percent(change.max(), 0, signed=True), rises=rises,
    )  # fmt: skip


def _choice_rows(ax, table, x, colours):
    ticks, labels, y = [], [], 0.0
    for choice, (name, values) in _ROWS.items():
        present = [v for v in values if (table[choice] == v).any()]
        for position, value in enumerate(present):
            used = _applies(table, choice) & (table[choice] == value).to_numpy()
            ax.scatter(x[used], np.full(used.sum(), y), c=colours[used], s=14, marker="|",
                       linewidth=0.7)  # fmt: skip
            ticks.append(y)
            word = _(values[value])
            first = _("{choice}: {value}").format(choice=_(name), value=word)
            labels.append(first if position == 0 else word)
            y -= 1.0
        y -= 0.6
        ax.axhline(y + 0.8, color="#dddddd", linewidth=0.6)
    ax.set_yticks(ticks, labels, fontsize=8)
    ax.set_ylim(y + 0.8, 0.8)
    ax.grid(False)
    ax.tick_params(axis="y", length=0)


def _applies(table, choice):
    """Rows in which the choice has any effect."""
    provincial = (table["china"] == "provincial").to_numpy()
    if choice in ("provincial", "seasonal_hydro"):
        return provincial
    if choice == "factors":
        counted = provincial & (table["provincial"] == "thermal_as_coal").to_numpy()
        return (table["mix"] != "owid_2025").to_numpy() | counted
    return np.ones(len(table), bool)


@figure(
    tables=(*_MAP, "carbon_intensity", "province_factors"),
    alt=N_("Bars: the change of the carbon intensity split into geography, mix and factors."),
    size=(8.5, 3.8),
)
def decomposition(fig, tables):
    """Parts of the change, for one way of counting or several side by side.

    Parameters
    ----------
    tables : dict of str to pandas.DataFrame
        Label (already in the language) to what `minelib.carbon.decomposition` gave.

    Returns
    -------
    Chart
    """
    words = {"geography": _("Geography"), "mix": _("Mix"), "factors": _("Factors"),
             "total": _("All")}  # fmt: skip
    axes = np.atleast_1d(fig.subplots(1, len(tables), sharey=True))
    for ax, (label, table) in zip(axes, tables.items(), strict=True):
        frame = table.set_index("part").loc[list(words)]
        x = np.arange(len(frame))
        change = frame["change_g_kwh"].to_numpy()
        spread = np.vstack(
            [change - frame["lower_g_kwh"].to_numpy(), frame["upper_g_kwh"].to_numpy() - change]
        )
        colours = [_UP if c > 0 else _DOWN for c in change]
        ax.bar(x, change, color=colours, width=0.6)
        ax.errorbar(x, change, yerr=np.abs(spread), fmt="none", ecolor="#222222", capsize=3,
                    linewidth=1)  # fmt: skip
        ax.axhline(0, color="#444444", linewidth=0.8)
        ax.set_xticks(x, list(words.values()))
        ax.set_title(label, fontsize=10)
        ax.grid(axis="x", visible=False)
    axes[0].set_ylabel(_("Change (gCO2e/kWh)"))


@figure(
    tables=(*_MAP, "index_machines", "network_daily"),
    alt=N_("Bars: emissions of mining by year, with all-hydropower and all-coal as bounds."),
    size=(8.5, 4.2),
)
def emissions(fig, frame):
    """Emissions by year, with the bounds of all hydropower and all coal.

    Parameters
    ----------
    frame : pandas.DataFrame
        As `minelib.carbon.emissions` gives it.

    Returns
    -------
    Chart
    """
    ax = fig.subplots()
    yearly = frame.groupby(frame.index.year)[["lower_mt", "emissions_mt", "upper_mt"]].sum()
    ax.bar(yearly.index, yearly["emissions_mt"], color=_OURS, width=0.65)
    spread = [yearly["emissions_mt"] - yearly["lower_mt"],
              yearly["upper_mt"] - yearly["emissions_mt"]]  # fmt: skip
    ax.errorbar(yearly.index, yearly["emissions_mt"], yerr=spread, fmt="none", ecolor="#444444",
                capsize=4, linewidth=1, label=_("all hydropower to all coal"))  # fmt: skip
    for year, value in yearly["emissions_mt"].items():
        ax.annotate(text.number(value, 0 if value >= 10 else 1), (year, value), xytext=(5, 3),
                    textcoords="offset points", fontsize=8, ha="left")  # fmt: skip
    months = frame.groupby(frame.index.year).size()
    ax.set_xticks(yearly.index, [_year(y, n) for y, n in months.items()])
    ax.set_ylabel(_("Emissions (MtCO2e)"))
    ax.set_title(_("Emissions of mining by year"))
    ax.legend(loc="upper left")
    ax.grid(axis="x", visible=False)


def _year(year, months):
    if months == 12:
        return str(year)
    return _("{year}\n({months} months)").format(year=year, months=months)
