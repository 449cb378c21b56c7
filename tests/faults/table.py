# SPDX-License-Identifier: MIT
"""The frame of a row: a fault, played on a scene at some moments, and what is counted."""

import random
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field

from .scene import Ours

__all__ = ["FAULTS", "Absent", "Fault", "Outcome", "fault", "needs", "play"]

FAULTS: list = []


class Absent(Exception):
    """This machine cannot do the fault; the sentence says why."""


@dataclass(frozen=True)
class Fault:
    """A row of the table.

    Attributes
    ----------
    title : str
        What happens.
    play : callable
        Given (scene, at), ``at`` a number from 0 to 1; ends with the command ended.
    papermill : bool
        Whether papermill has the job at all.
    moments : bool
        Whether the moment matters: then several are tried.
    codes : tuple of int
        Exit codes that are right for ours.
    goes_on : bool
        Whether the command is given again afterwards and must then finish the rest.
    count : int
        Days to be run.
    kind : type
        Of the package's scene.
    """

    title: str
    play: Callable
    papermill: bool = True
    moments: bool = False
    codes: tuple = (0,)
    goes_on: bool = True
    count: int = 4
    kind: type = Ours

    @property
    def name(self) -> str:
        """As it is asked for on the command line."""
        return self.play.__name__.replace("_", "-")


def fault(title, **how):
    """Put a function into the table."""

    def put(play):
        FAULTS.append(Fault(title, play, **how))
        return play

    return put


def needs(*programs):
    """See that programs are there, and may do what they are for."""
    for name in programs:
        if shutil.which(name) is None:
            raise Absent(f"{name} is not installed")
    namespaces = ["unshare", "-rmn", "true"]
    if "unshare" in programs and subprocess.run(namespaces, capture_output=True).returncode:
        raise Absent("no namespaces for users here")


@dataclass
class Outcome:
    """What a fault did, summed over the moments."""

    tries: int = 0
    finished: int = 0  # results that stood before the fault
    lost: int = 0  # of those, afterwards not whole
    half: int = 0  # stand under the name of a result and are not whole
    redone: int = 0  # whole ones that were done again
    missing: int = 0  # still not there after the command was given again
    raw: int = 0  # times that a raw Python error was shown
    hung: int = 0  # times that it did not end by itself
    left: list = field(default_factory=list)  # processes and scratch files that stay
    wrong: list = field(default_factory=list)  # what else is not as it should be
    said: str = ""
    absent: str = ""

    @property
    def survived(self) -> bool:
        """Whether nothing went wrong."""
        return self.words() == "survived"

    def words(self) -> str:
        """What went wrong, counted."""
        if self.absent:
            return f"not tried: {self.absent}"
        counted = {
            "lost": self.lost,
            "half-written": self.half,
            "done again": self.redone,
            "missing at the end": self.missing,
            "hung": self.hung,
            "left behind": len(self.left),
            "raw error" if self.raw == 1 else "raw errors": self.raw,
        }
        told = [f"{count} {name}" for name, count in counted.items() if count]
        return ", ".join([*told, *dict.fromkeys(self.wrong)]) or "survived"


def play(fault, kind=Ours, moments=1, seed=0, count=None):
    """Play a fault on scenes of a kind, each at a moment of its own.

    Returns
    -------
    Outcome
    """
    kind = fault.kind if kind is Ours else kind
    outcome = Outcome()
    lot = random.Random(f"{seed}-{fault.name}")
    for _ in range(moments if fault.moments else 1):
        scene = kind(tempfile.mkdtemp(prefix="faults-"), count or fault.count)
        try:
            fault.play(scene, lot.random())
            _count(fault, scene, outcome)
        except Absent as reason:
            outcome.absent = str(reason)
            break
        finally:
            scene.close()
    return outcome


def _count(fault, scene, outcome):
    damaged = scene.damaged
    after = scene.results()
    outcome.tries += 1
    outcome.finished += len(scene.before)
    outcome.lost += len(scene.before.keys() - after.keys() - damaged.keys())
    outcome.half += 0 if damaged else scene.half()
    outcome.raw += scene.raw()
    outcome.hung += scene.code == "hangs"
    outcome.said = scene.said or outcome.said
    if scene.name == "minelib" and scene.code not in (*fault.codes, scene.killed, "hangs"):
        outcome.wrong.append(f"exit code {scene.code}")
    outcome.wrong += scene.wrong
    outcome.redone += scene.twice
    # who is killed cannot clear away its scratch files: that is for the command given again
    left = scene.left(files=not (fault.goes_on and scene.code == -signal.SIGKILL))
    if fault.goes_on:
        code = scene.again()
        final = scene.results()
        outcome.missing += scene.count - len(final)
        outcome.redone += sum(
            final.get(day, mark) != mark
            for day, mark in scene.before.items()
            if day in after and day not in damaged
        )
        outcome.raw += scene.raw()
        outcome.hung += code == "hangs"
        if scene.name == "minelib" and code:
            outcome.wrong.append(f"exit code {code} when given again")
        if stale := [day for day, mark in damaged.items() if final.get(day) in (mark, None)]:
            outcome.wrong.append(f"{len(stale)} damaged results stay")
        left += scene.left()
    outcome.left += dict.fromkeys(left)
