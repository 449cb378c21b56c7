# SPDX-License-Identifier: MIT
"""Figures of the package that no notebook shows, drawn for the gallery."""

import io
from pathlib import Path

from minelib import html
from minelib.words import gettext as _
from minelib.workbench.runs.presets import SWEEPS, figure_of
from minelib.workbench.site.outputs import Extra, webp

__all__ = ["draw"]


def draw(folder: Path, output: Path) -> list[Extra]:
    """Draw them into a folder, in the current language.

    Parameters
    ----------
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
        frame, words = _swept(sweep.name, output)
        said = (_(sweep.title), _(sweep.meaning), words)
        file, drawing = f"sweep-{sweep.name}.webp", io.BytesIO()
        chart = figure_of(sweep.name, frame)
        chart.savefig(drawing, format="png")
        (folder / file).write_bytes(webp(drawing.getvalue()))
        inches, dpi = chart.figure.get_size_inches(), chart.figure.dpi
        size = (round(inches[0] * dpi), round(inches[1] * dpi))
        drawn.append(
            Extra(
                file, chart.alt, size, html.render("{{ said|join(' ') }}", said=filter(None, said))
            )
        )
    return drawn


def _swept(sweep, output):
    """The frame of a sweep, and what has to be said about it."""
    from minelib.workbench.site.swept import collected, computed

    command = html.render("<code>minelib sweep {{ sweep }}</code>", sweep=sweep)
    frame = collected(sweep, output)
    if frame is not None:
        said = html.markup(_("Collected from the runs of {command}."))
        return frame, said.format(command=command)
    frame, left_out = computed(sweep)
    if not left_out:
        return frame, ""
    said = html.markup(_("{shown} of its {all} runs; {command} makes the others."))
    return frame, said.format(shown=len(frame), all=len(frame) + left_out, command=command)
