# SPDX-License-Identifier: MIT
"""Figures of the package that no notebook shows, drawn for the gallery."""

from dataclasses import dataclass
from functools import cache
from html import escape

from minelib.runs.shipped import SWEEPS, figure_of
from minelib.text import gettext as _

__all__ = ["EXTRAS", "Extra", "draw"]


@dataclass(frozen=True)
class Extra:
    """A figure of the gallery: its file in ``_static/figures``, and the HTML under it."""

    file: str
    alt: str
    size: tuple
    words: str


def _hash_price(lang):
    from minelib import economics
    from minelib.catalog import load
    from minelib.plots.economics import hash_price

    halvings = load("halvings")["time"].iloc[1:]
    return hash_price(economics.hash_price("W", start="2013-01-01"), halvings, lang=lang)


def _homes(lang):
    from minelib import pools
    from minelib.plots.pools import homes

    return homes(pools.share("home"), lang=lang)


EXTRAS = {"economics.hash_price": _hash_price, "pools.homes": _homes}


def draw(lang, folder, output):
    """Draw them into a folder.

    Parameters
    ----------
    lang : str
    folder : pathlib.Path
        ``_static/figures`` of the site.
    output : pathlib.Path
        The folder of the run; sweeps that lie there are shown as they are.

    Returns
    -------
    list of Extra
    """
    drawn = [_saved(function(lang), folder) for function in EXTRAS.values()]
    for sweep in SWEEPS.values():
        frame, words = _swept(sweep.name, output, lang)
        said = (escape(_(sweep.title, lang)), escape(_(sweep.meaning, lang)), words)
        drawn.append(_saved(figure_of(sweep.name, frame, lang), folder, " ".join(said).strip()))
    return drawn


def _saved(chart, folder, words=""):
    file = f"{chart.name}.png"
    chart.savefig(folder / file, format="png")
    width, height = (round(inches * chart.dpi) for inches in chart.get_size_inches())
    return Extra(file, chart.alt, (width, height), words or escape(chart.alt))


@cache
def _computed(sweep):
    from minelib.runs.site.swept import computed

    return computed(sweep)


def _swept(sweep, output, lang):
    """The frame of a sweep, and what has to be said about it."""
    from minelib.runs.site.swept import collected

    command = f"<code>minelib sweep {sweep}</code>"
    frame = collected(sweep, output)
    if frame is not None:
        return frame, _("Collected from the runs of {command}.", lang).format(command=command)
    frame, left_out = _computed(sweep)
    if not left_out:
        return frame, ""
    words = _("{shown} of its {all} runs; {command} makes the others.", lang)
    return frame, words.format(shown=len(frame), all=len(frame) + left_out, command=command)
