# SPDX-License-Identifier: MIT
"""What is said while notebooks run: bars on a terminal, a line per run elsewhere, or nothing."""

import contextlib
import sys
import time
from typing import Any, TextIO

from minelib.words import gettext as _


class Quiet:
    """Says nothing."""

    def say(self, sentence):
        """A sentence outside the count."""

    def begin(self, tasks):
        """These are to be done."""

    def event(self, task, message):
        """A run has started or ended a cell."""

    def end(self, task, result):
        """A run is over."""

    def finish(self):
        """All are over, or the rest is given up."""


def line(task: Any, result: Any) -> str:
    """One run in one line."""
    states = {
        "ok": _("done in {seconds:.1f} s").format(seconds=result.seconds),
        "unchanged": _("unchanged"),
        "refreshed": _("prose refreshed"),
        "failed": _("FAILED: {message}").format(message=result.message),
        "lost": _("LOST: {message}").format(message=result.message),
    }
    text = f"{task.name}: {states[result.status]}"
    if result.status == "failed" and result.folder is not None:
        partial = result.folder / f"{result.notebook}.ipynb"
        text += "\n  " + _("partial notebook: {path}").format(path=partial)
    return text


class Lines(Quiet):
    """A line per run; of many runs, a line now and then and one for each that failed."""

    def __init__(self, stream=None, most=40):
        self.stream, self.most = stream or sys.stderr, most
        self.count = self.done = 0

    def say(self, sentence):
        with contextlib.suppress(BrokenPipeError):  # nobody reads on: no reason to stop the runs
            print(sentence, file=self.stream, flush=True)

    def begin(self, tasks):
        self.count, self.done, self.started = len(tasks), 0, time.monotonic()

    def end(self, task, result):
        self.done += 1
        if not result.good or self.count <= self.most:
            self.say(f"[{self.done}/{self.count}] {line(task, result)}")
        elif self.done % max(1, self.count // 10) == 0:
            seconds = (time.monotonic() - self.started) / self.done * (self.count - self.done)
            left = _("about {seconds:.0f} s left").format(seconds=seconds)
            self.say(f"[{self.done}/{self.count}] {left}")


class Bars(Quiet):
    """A bar with the time left, and below it what is running now. For a terminal."""

    def __init__(self, console=None):
        from rich.console import Console

        self.console = console or Console(stderr=True)
        self.bars = None
        self.rows = {}

    def say(self, sentence):
        self.console.print(sentence, highlight=False, markup=False)

    def begin(self, tasks):
        from rich import progress

        self.bars = progress.Progress(
            progress.TextColumn("{task.description}", markup=False),
            progress.BarColumn(bar_width=30),
            progress.MofNCompleteColumn(),
            progress.TimeRemainingColumn(compact=True),
            console=self.console,
            transient=True,
        )
        self.total = self.bars.add_task(_("notebooks"), total=len(tasks))
        self.bars.start()

    def event(self, task, message):
        if id(task) not in self.rows:
            cells = len(task.notebook.content["cells"])
            self.rows[id(task)] = self.bars.add_task(task.name, total=cells)
        if message["event"] == "cell":
            self.bars.update(self.rows[id(task)], completed=message["done"], total=message["of"])

    def end(self, task, result):
        row = self.rows.pop(id(task), None)
        if row is not None:
            self.bars.remove_task(row)
        self.bars.advance(self.total)
        if not result.good or self.bars.tasks[0].total <= 40:
            self.say(line(task, result))

    def finish(self):
        if self.bars is not None:
            self.bars.stop()


def for_stream(stream: TextIO | None = None) -> Quiet:
    """Bars for a terminal, lines for anything else."""
    stream = stream or sys.stderr
    return Bars() if stream.isatty() else Lines(stream)
