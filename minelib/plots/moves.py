# SPDX-License-Identifier: MIT
"""Figures of the moves between two months: alluvial bands, and the evidence beside them."""

import numpy as np
from matplotlib.patches import PathPatch, Rectangle
from matplotlib.path import Path

from minelib import text
from minelib.plots.style import figure, grid_across, place_colour
from minelib.text import N_, place_name
from minelib.text import gettext as _

__all__ = ["evidence", "moves"]

_NOT_PLACES = {
    "new_machines": (N_("New machines"), "#4d4d4d"),
    "switched_off": (N_("Switched off"), "#a6a6a6"),
    "hidden": (N_("Hidden in China"), "#e6948c"),
}
_FIRST = ("china", "hidden")
_LAST = ("other", "switched_off", "new_machines")


def _name(key):
    return _(_NOT_PLACES[key][0]) if key in _NOT_PLACES else place_name(key)


def _colour(key):
    return _NOT_PLACES[key][1] if key in _NOT_PLACES else place_colour(key)


@figure(
    tables=("country_share",),
    alt=N_("Bands from places before to places after, as wide as the hash rate that moved."),
    size=(9.5, 6.6),
)
def moves(fig, result, largest=6):
    """The one table of moves as bands from left to right, with China's bounds written beside.

    Parameters
    ----------
    result : minelib.geography.Flows
    largest : int
        Places that keep their name; the rest are merged.
    """
    links = result.links(largest)
    ax = fig.subplots()
    left = _stack(links.groupby("origin")["best_eh_s"].sum())
    right = _stack(links.groupby("destination")["best_eh_s"].sum())
    height = max(max(t for _b, t in s.values()) for s in (left, right))
    starts, ends = ({k: b for k, (b, _t) in s.items()} for s in (left, right))
    ranks = {k: i for i, k in enumerate([*left, *right])}
    links = links.sort_values(["origin", "destination"], key=lambda s: s.map(ranks))
    for row in links.itertuples():
        a, b, width = starts[row.origin], ends[row.destination], row.best_eh_s
        starts[row.origin] += width
        ends[row.destination] += width
        _band(ax, a, b, width, row)
    gains = result.gains().set_index("destination")
    for side, x in ((left, 0.0), (right, 1.0)):
        _boxes(ax, side, x, gains if x else None)
    ax.set_xlim(-0.3, 1.62)
    ax.set_ylim(height * 1.02, -height * 0.06)
    ax.axis("off")
    for x, month in ((0, result.from_month), (1, result.to_month)):
        ax.text(x, -height * 0.02, text.month(month), ha="center", va="bottom",
                fontweight="bold", fontsize=11)  # fmt: skip
    ax.set_title(
        _("Who may have gained what China lost (EH/s)")
        if result.loss_eh_s
        else _("What may have moved (EH/s)")
    )
    words = (
        _("Bands of hash rate from {start} to {end}. China lost {loss} EH/s; the map alone allows"
          " each destination anything between the bounds written beside it.")
        if result.loss_eh_s
        else _("Bands of hash rate from {start} to {end}. China's hash rate did not fall.")
    )  # fmt: skip
    return words.format(
        start=text.month(result.from_month), end=text.month(result.to_month),
        loss=text.number(result.loss_eh_s, 1),
    )  # fmt: skip


def _stack(sizes, gap=0.03):
    """Bottom and top of each box, China first, what is no place last."""
    order = sorted(
        sizes.index,
        key=lambda k: (
            _FIRST.index(k) if k in _FIRST else 2,
            _LAST.index(k) + 1 if k in _LAST else 0,
            -sizes[k],
        ),
    )
    space = sizes.sum() * gap
    placed, at = {}, 0.0
    for key in order:
        placed[key] = (at, at + sizes[key])
        at += sizes[key] + space
    return placed


def _band(ax, a, b, width, row):
    x0, x1, bend = 0.045, 0.955, 0.5
    path = Path(
        [(x0, a), (bend, a), (bend, b), (x1, b), (x1, b + width), (bend, b + width),
         (bend, a + width), (x0, a + width), (x0, a)],
        [Path.MOVETO, *[Path.CURVE4] * 3, Path.LINETO, *[Path.CURVE4] * 3, Path.CLOSEPOLY],
    )  # fmt: skip
    quiet = row.kind == "stay"
    hatch = {"hidden": "....", "off": "////"}.get(row.kind)
    ax.add_patch(PathPatch(path, facecolor=_colour(row.origin), alpha=0.28 if quiet else 0.62,
                           edgecolor="white", linewidth=0.3, hatch=hatch))  # fmt: skip


def _boxes(ax, side, x, gains):
    for key, (bottom, top) in side.items():
        ax.add_patch(Rectangle((x - 0.045, bottom), 0.09, top - bottom, facecolor=_colour(key),
                               edgecolor="white", linewidth=0.5))  # fmt: skip
        words = f"{_name(key)} {text.number(top - bottom, 1)}"
        align, at = ("right", x - 0.06) if x == 0 else ("left", x + 0.06)
        ax.text(at, (bottom + top) / 2, words, ha=align, va="center", fontsize=9)
        if gains is not None and key in gains.index:
            row = gains.loc[key]
            bounds = text.interval(row["lower_eh_s"], row["upper_eh_s"], 0)
            ax.text(1.6, (bottom + top) / 2, _("from China {bounds}").format(bounds=bounds),
                    ha="right", va="center", fontsize=8, color="#a02c23")  # fmt: skip


_MARKS = {"agrees": "o", "needs_swaps": "s", "contradicts": "X"}


@figure(
    tables=("relocation_evidence", "country_share", "machines", "index_reference"),
    alt=N_("Ranges: machines and loads stated for a place beside what the map allows."),
    size=(9.5, 6.4),
)
def evidence(fig, frame):
    """Every statement as a range of hash rate above the range of the map.

    Parameters
    ----------
    frame : pandas.DataFrame
        As ``minelib.geography.flows(...).evidence()`` gives it.
    """
    from minelib.geography import COMPARISONS

    ax = fig.subplots()
    finite = frame[["upper_eh_s", "map_upper_eh_s", "best_eh_s"]].replace(np.inf, np.nan)
    most = finite.max().max() * 1.06
    for i, row in enumerate(frame.itertuples()):
        colour = _colour(row.place if row.place != "world" else "china")
        upper = min(row.upper_eh_s, most)
        ax.plot([row.lower_eh_s, upper], [i - 0.16] * 2, color=colour, linewidth=2.4)
        if np.isinf(row.upper_eh_s):
            ax.plot(most, i - 0.16, ">", color=colour, markersize=6, clip_on=False)
        ax.plot(row.best_eh_s, i - 0.16, _MARKS[row.comparison], color=colour, markersize=7,
                markeredgecolor="white")  # fmt: skip
        ax.plot([row.map_lower_eh_s, row.map_upper_eh_s], [i + 0.2] * 2, color="#999999",
                linewidth=5, alpha=0.7, solid_capstyle="butt")  # fmt: skip
        ax.plot([row.margin_lower_eh_s, min(row.margin_upper_eh_s, most)], [i + 0.2] * 2,
                color="#bbbbbb", linewidth=1)  # fmt: skip
        ax.plot(row.map_best_eh_s, i + 0.2, "|", color="#333333", markersize=10, clip_on=False)
    ax.set_yticks(range(len(frame)), [_said(r) for r in frame.itertuples()], fontsize=8)
    ax.set_ylim(len(frame) - 0.4, -0.6)
    ax.set_xlim(0, most)
    grid_across(ax)
    ax.set_xlabel(_("Hash rate (EH/s)"))
    ax.set_title(_("What was said (above) and what the map allows (below, grey)"))
    keys = [ax.plot([], [], m, color="#555555", linestyle="none")[0] for m in _MARKS.values()]
    fig.legend(keys, [_(COMPARISONS[k]) for k in _MARKS], loc="outside upper center", ncols=3)


_KINDS = {
    "machines_leaving": N_("machines leaving China"),
    "machines_stored": N_("machines stored in China"),
    "machines_arriving": N_("machines arriving in {place}"),
    "machines_traced": N_("machines traced abroad"),
    "power_total": N_("load in {place}"),
    "power_legal": N_("legal load in {place}"),
    "power_illegal": N_("illegal load in {place}"),
    "capacity_estimate": N_("hosted machines in {place}"),
}
_BOUNDS = {"at_least": "≥ ", "at_most": "≤ ", "about": "≈ ", "stated": ""}


def _said(row):
    kind = _(_KINDS[row.kind]).format(place=place_name(row.place))
    value = text.number(row.value, 0) + (" MW" if row.unit == "MW" else "")
    return f"{row.date:%Y-%m} {kind}: {_BOUNDS[row.qualifier]}{value}"
