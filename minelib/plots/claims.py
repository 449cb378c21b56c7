# SPDX-License-Identifier: MIT
"""Figures of the claims: verdicts by section, and claimed against computed."""

import textwrap

import numpy as np

from minelib import text
from minelib.plots.style import figure
from minelib.text import N_
from minelib.text import gettext as _

__all__ = ["claimed_and_computed", "verdicts"]

COLOURS = {
    "supported": "#1b7837",
    "imprecise": "#e8b646",
    "contradicted": "#b2182b",
    "unverifiable": "#c9c9c9",
}
_DARK = ("supported", "contradicted")  # these carry white figures
_HATCH = {"supported": "", "imprecise": "///", "contradicted": "", "unverifiable": "..."}


@figure(
    tables=("claims",),
    alt=N_("Bars of the verdicts on the article's claims, one bar a section."),
    size=(8.0, 3.6),
)
def verdicts(fig, score):
    """Verdicts by section of the article.

    Parameters
    ----------
    score : pandas.DataFrame
        As `minelib.claims.score` gives it.

    Returns
    -------
    Chart
    """
    parts = score[score.iloc[:, 0] != "all"].iloc[::-1]
    ax = fig.subplots()
    left = np.zeros(len(parts))
    for verdict, colour in COLOURS.items():
        counts = parts[verdict].to_numpy()
        ax.barh(parts["label"], counts, left=left, color=colour, label=_(verdict),
                hatch=_HATCH[verdict], edgecolor="white", linewidth=0.8)  # fmt: skip
        for y, (count, at) in enumerate(zip(counts, left, strict=True)):
            if count:
                ax.text(at + count / 2, y, str(count), ha="center", va="center", fontsize=9,
                        color="white" if verdict in _DARK else "black",
                        bbox={"facecolor": colour, "edgecolor": "none", "pad": 1})  # fmt: skip
        left += counts
    ax.set_xlabel(_("Claims"))
    ax.set_xlim(0, left.max() * 1.02)
    ax.grid(axis="y", visible=False)
    fig.legend(loc="outside upper center", ncols=4)
    total = score[score.iloc[:, 0] == "all"].iloc[0]
    return _(
        "Of {total} claims {supported} are supported, {imprecise} imprecise, {contradicted} "
        "contradicted and {unverifiable} unverifiable."
    ).format(**{k: int(total[k]) for k in ("total", *COLOURS)})


@figure(
    tables=("claims",),
    alt=N_("Claimed values beside computed ones, as a ratio."),
    size=(8.0, 5.4),
)
def claimed_and_computed(fig, claims):
    """What was computed, as a multiple of what is claimed, with its interval.

    Parameters
    ----------
    claims : list of minelib.claims.Claim
        Those without a number on both sides are left out, and yardsticks too: the article
        did not name them.

    Returns
    -------
    Chart
    """
    rows = []
    for claim in claims:
        for reading in claim.readings:
            numeric = reading.rule in ("value", "bound") and reading.unit != "rank"
            if numeric and reading.claimed_low and reading.value > 0 and not reading.yardstick:
                rows.append((claim, reading))
    ax = fig.subplots()
    for y, (_claim, r) in enumerate(reversed(rows)):
        colour = COLOURS[r.verdict] if r.verdict != "imprecise" else "#b8860b"
        ax.plot([r.lower / r.claimed_low, r.upper / r.claimed_low], [y, y], color=colour,
                linewidth=2.5)  # fmt: skip
        marker = {"supported": "o", "imprecise": "s", "contradicted": "X"}[r.verdict]
        ax.plot(r.value / r.claimed_low, y, marker, color=colour, markersize=7)
    labels = [_label(c, r) for c, r in reversed(rows)]
    ax.set_yticks(range(len(rows)), labels, fontsize=7.5)
    ax.axvline(1, color="#444444", linewidth=1)
    ax.set_xscale("log")
    ax.set_xticks([0.1, 0.5, 1, 2, 10])
    ax.set_ylim(-0.8, len(rows) - 0.2)
    ax.xaxis.set_major_formatter(lambda v, _p: "×" + f"{v:g}")
    ax.xaxis.set_minor_formatter("")
    ax.set_xlabel(_("Computed, as a multiple of claimed"))
    for verdict, marker in (("supported", "o"), ("imprecise", "s"), ("contradicted", "X")):
        colour = COLOURS[verdict] if verdict != "imprecise" else "#b8860b"
        ax.plot([], [], marker, color=colour, label=_(verdict))
    fig.legend(loc="outside upper center", ncols=3)
    height = max(2.5, 0.8 + 0.21 * len(rows))
    fig.set_size_inches(8.0, height)
    return _(
        "{count} readings of claims with a number; the line at 1 is what the article says."
    ).format(count=text.number(len(rows)))


def _label(claim, reading):
    """The claim in short words, and how it is read."""
    if claim.lang == "zh":
        said = claim.claim_zh if len(claim.claim_zh) <= 18 else claim.claim_zh[:17] + "…"
    else:
        said = textwrap.shorten(claim.claim_en, 46, placeholder="…")
    return f"{claim.number} {said}" + (f" ({reading.label})" if reading.label else "")
