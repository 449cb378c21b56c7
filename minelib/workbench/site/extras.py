# SPDX-License-Identifier: MIT
"""Figures of the package that no notebook shows, drawn for the gallery."""

from dataclasses import dataclass
from functools import cache
from html import escape

from minelib.words import gettext as _
from minelib.workbench.runs.presets import SWEEPS, figure_of

__all__ = ["Extra", "draw"]


@dataclass(frozen=True)
class Extra:
    """A figure of the gallery: its file in ``_static/figures``, and the HTML under it."""

    file: str
    alt: str
    size: tuple
    words: str
    title: str = ""


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
    drawn = []
    for sweep in SWEEPS.values():
        frame, words = _swept(sweep.name, output, lang)
        said = (escape(_(sweep.title, lang)), escape(_(sweep.meaning, lang)), words)
        file = f"sweep-{sweep.name}.png"
        chart = figure_of(sweep.name, frame, lang)
        chart.savefig(folder / file, format="png")
        inches, dpi = chart.figure.get_size_inches(), chart.figure.dpi
        size = tuple(round(each * dpi) for each in inches)
        drawn.append(Extra(file, chart.alt, size, " ".join(said).strip()))
    return drawn


@cache
def _computed(sweep):
    from minelib.workbench.site.swept import computed

    return computed(sweep)


def _swept(sweep, output, lang):
    """The frame of a sweep, and what has to be said about it."""
    from minelib.workbench.site.swept import collected

    command = f"<code>minelib sweep {sweep}</code>"
    frame = collected(sweep, output)
    if frame is not None:
        return frame, _("Collected from the runs of {command}.", lang).format(command=command)
    frame, left_out = _computed(sweep)
    if not left_out:
        return frame, ""
    words = _("{shown} of its {all} runs; {command} makes the others.", lang)
    return frame, words.format(shown=len(frame), all=len(frame) + left_out, command=command)
