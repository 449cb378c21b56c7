# SPDX-License-Identifier: MIT
"""What a notebook found, as a table to read."""

import contextlib
import datetime
import re
from dataclasses import asdict, dataclass

from minelib import words
from minelib.html import render, table
from minelib.studies.findings import MIME
from minelib.words import gettext as _

__all__ = ["Findings"]


@dataclass(frozen=True)
class Findings:
    """What a notebook found; see `minelib.studies.base.Study.finish`.

    Attributes
    ----------
    study : str
        The notebook's slug.
    parameters : dict
    findings : list of dict
        ``name, value, unit, lower, upper, level, meaning``.
    data : dict
        Version and SHA-256 of each table used.
    """

    study: str
    parameters: dict
    findings: list
    data: dict

    def as_dict(self) -> dict:
        """Everything as plain data."""
        return {"format": 1, **asdict(self)}

    def rows(self) -> list[tuple[str, str, str, str]]:
        """The table as the reader sees it: four texts a finding."""
        return [
            (f["meaning"] or f["name"], _shown(f["value"]), _interval(f), _(f["unit"]))
            for f in self.findings
        ]

    def __repr__(self) -> str:
        lines = []
        for what, value, interval, unit in self.rows():
            line = _("{finding}: {value}; {interval}") if interval else _("{finding}: {value}")
            value = f"{value} {unit}".rstrip()
            lines.append(line.format(finding=what, value=value, interval=interval))
        return "\n".join([*lines, self._data_line()])

    def _data_line(self):
        listed = _(", ").join(
            _("{table} version {version}").format(table=name, version=entry.get("version"))
            for name, entry in self.data.items()
        )
        return _("Data: {tables}").format(tables=listed or "–")

    def _repr_mimebundle_(self, include=None, exclude=None):
        heads = (_("Finding"), _("Value"), _("Interval"), _("Unit"))
        styles = [f"text-align:{side}" for side in ("left", "right", "right", "left")]
        shown = table(heads, self.rows(), css="minelib-findings", styles=styles, row_heads=True)
        source = '<p class="minelib-source"><small>{{ line }}</small></p>'
        shown += "\n" + render(source, line=self._data_line())
        return {"text/plain": repr(self), "text/html": str(shown), MIME: self.as_dict()}


_LARGE = 1e6  # from here on in words: million; 万, 亿


def _shown(value):
    if value is None:
        return "–"
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, str):
        with contextlib.suppress(ValueError):
            if re.fullmatch(r"\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}:\d{2})?", value):
                moment = datetime.datetime.fromisoformat(value)
                clock = f" {moment:%H:%M}" if "T" in value else ""
                return words.date(moment.date()) + clock
        return value
    if isinstance(value, int):
        # a year or a height below 10,000 reads better without a separator
        return str(value) if abs(value) < 10_000 else words.number(value)
    return words.compact(value) if abs(value) >= _LARGE else words.figure(value)


def _interval(found):
    lower, upper = bounds = found["lower"], found["upper"]
    if bounds == (None, None):
        return ""
    if all(isinstance(each, (int, float)) and abs(each) < _LARGE for each in bounds):
        phrase = words.within(lower, upper, found["value"]) or words.figure(lower)
    else:
        phrase = _("{lower} to {upper}").format(lower=_shown(lower), upper=_shown(upper))
    if found["level"] is None:
        return phrase
    return _("{interval} ({level} interval)").format(
        interval=phrase, level=words.percent(100 * found["level"], 0)
    )
