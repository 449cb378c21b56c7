# SPDX-License-Identifier: MIT
"""A folder, a small notebook, a command that runs it for several days, and what it leaves.

A scene is of the package (`Ours`: one sweep) or of papermill (`Papermill`: its
``execute_notebook`` in a loop that goes on after a failure). A fault is a function that plays on
either; what is counted afterwards is the same for both.
"""

import contextlib
import hashlib
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

from workbench.support import House, wait_for

WORK = """import os, time
from pathlib import Path
place = Path(os.environ["MINELIB_NOTEBOOKS"])
log = os.open(place / "log", os.O_WRONLY | os.O_APPEND | os.O_CREAT)
os.write(log, f"{{study.days}} {{os.getpid()}}\\n".encode())
os.close(log)
if (place / "armed").exists() and study.days == 2:
    exec((place / "armed").read_text())
time.sleep({pause})"""
"""What the notebook does: it notes that it runs, does what a fault has laid ready for day 2, and
takes its time."""

WORKERS = 2
"""Runs at once in a sweep of the package."""

LOOP = """import sys
import papermill
limit, source, folder, *days = sys.argv[1:]
failed = 0
for day in days:
    try:
        papermill.execute_notebook(source, f"{folder}/{day}.ipynb", {"days": int(day)},
                                   progress_bar=False, execution_timeout=eval(limit))
    except Exception as error:
        print(f"{type(error).__name__}: {error}", file=sys.stderr)
        failed = 1
sys.exit(failed)
"""
FINDINGS = "application/vnd.minelib.findings+json"
_RAW = re.compile(
    r"^(Traceback|minelib: [A-Za-z_.]+(Error|Exception)\b|[A-Za-z_.]*[a-z_.](Error|Exception)\b|"
    r"KeyboardInterrupt|.*(FAILED|LOST): [A-Za-z_.]*(Error|Exception)\b)",
    re.MULTILINE,
)


class Scene:
    """What both have in common."""

    name: str
    undisturbed: dict = {}  # seconds that an undisturbed command takes, by name of the scene
    templates: dict = {}  # a finished folder, by name of the scene

    def __init__(self, root, count=4, pause=0.1):
        self.root, self.count = Path(root), count
        self.house = House(self.root)
        self.pause = pause
        self.notebook = self.house.add("small", work=WORK.format(pause=pause))
        self.output = self.house.output
        self.temporary = self.root / "tmp"
        self.temporary.mkdir()
        self.before: dict = {}
        self.process = None
        self.code, self.said, self.heard = None, "", ""
        self.damaged: dict = {}  # what a fault damaged: its digest then, or None, by its day
        self.killed = None  # the code of a command that was killed on purpose
        self.wrong: list = []
        self.twice = 0  # days that were run twice

    # ---------------------------------------------------------------- the command
    def command(self, limit=None):
        """Its words; ``limit`` are the seconds that a run (of papermill, a cell) may take."""
        raise NotImplementedError

    def start(self, wrap=(), env=None, limit=None, **how):
        """The command, in a session of its own."""
        environment = {**self.house.environment, "TMPDIR": str(self.temporary)}
        how = {"stdin": subprocess.DEVNULL, "cwd": self.root, **how}
        self.began = time.monotonic()
        told = (self.root / "told").open("ab")
        self.process = subprocess.Popen(
            [*wrap, *self.command(limit)],
            **{"stdout": told, "stderr": told, **how},
            env={**environment, **(env or {})},
            start_new_session=True,
        )
        told.close()
        return self.process

    def arm(self, code):
        """What the cell shall do for day 2, as long as it is armed."""
        (self.house.root / "armed").write_text(code)

    def reach(self, at):
        """Wait for a moment: the first quarter of them lie in the start, the others in the runs."""
        if at < 0.25:
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.process.wait(at * self.undisturbed[self.name])
            return
        begun, late = divmod((at - 0.25) / 0.75 * self.count, 1)
        wait_for(lambda: self.process.poll() is not None or len(self.starts()) > begun, 900)
        time.sleep(late * 2 * self.pause)

    def starts(self):
        """Day and process of each time the notebook began its work."""
        with contextlib.suppress(OSError):
            lines = (self.house.root / "log").read_text().splitlines()
            return [tuple(map(int, line.split())) for line in lines]
        return []

    def kernel(self, at=0.0):
        """The process of a kernel at work, when a share of the days has begun."""
        wanted = 1 + int(at * (self.count - 1))

        def found():
            ended = self.process.poll() is not None
            alive = [p for _day, p in self.starts()[wanted - 1 :] if Path(f"/proc/{p}").exists()]
            return alive[-1:] or (ended and [None])

        return wait_for(found, 900)[0]

    def end(self, seconds=900):
        """Wait for the end of the command, and keep what it said."""
        try:
            self.code = self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            self.code = "hangs"
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
            for pid in self.house.processes():
                with contextlib.suppress(OSError):
                    os.kill(pid, signal.SIGKILL)
        heard = (self.root / "told").read_bytes().decode(errors="replace")
        self.heard, self.said = heard, said(heard)
        return self.code

    def raw(self):
        """Whether a raw error of Python was shown."""
        return bool(_RAW.search(self.heard))

    def check_times(self):
        """See that no run lasted less than nothing."""

    def kill(self, pid, number=signal.SIGKILL):
        """A signal to a process that may be gone."""
        if pid:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, number)

    def strike(self):
        """Remember what is finished: the fault comes now."""
        self.before = self.results()

    def again(self):
        """The same command without a fault; its exit code."""
        with contextlib.suppress(OSError):
            (self.house.root / "armed").unlink()
        (self.root / "told").unlink(missing_ok=True)
        self.start()
        return self.end()

    def finished(self):
        """Lay a finished folder in place, as an undisturbed command leaves it."""
        shutil.copytree(self.templates[self.name], self.output)
        self.before = self.results()

    @classmethod
    def prepare(cls, root, count=4):
        """Measure the undisturbed command and keep what it leaves."""
        scene = cls(Path(root), count)
        began = time.monotonic()
        scene.start()
        if scene.end() != 0 or len(scene.results()) != count:
            raise RuntimeError(f"{cls.name} undisturbed: {scene.heard}")
        cls.undisturbed[cls.name] = time.monotonic() - began
        cls.templates[cls.name] = scene.output

    # ---------------------------------------------------------------- what is left
    def results(self):
        """The digest of each whole result by its day."""
        return {day: mark for day, mark in map(self.whole, self.places()) if day is not None}

    def half(self):
        """How many stand under the name of a result and are not whole."""
        return sum(self.whole(place)[0] is None for place in self.places())

    def places(self):
        raise NotImplementedError

    def whole(self, place):
        """Day and digest of a result; (None, None) where it is not whole."""
        try:
            return self.judged(place)
        except (OSError, ValueError, KeyError, IndexError, TypeError, AttributeError):
            return None, None

    def judged(self, place):
        raise NotImplementedError

    def left(self, files=True):
        """Processes that live on, and scratch files."""
        found = [f"process {pid}" for pid in self.house.wait_until_alone(100)]
        if files:
            scratch = [*self.output.glob("**/.unfinished*"), *self.temporary.glob("*")]
            found += [f"file {path.name}" for path in scratch]
        return found

    def close(self):
        """End what lives on, and remove the folder."""
        for pid in self.house.processes():
            with contextlib.suppress(OSError):
                os.kill(pid, signal.SIGKILL)
        subprocess.run(["chmod", "-R", "u+rwX", str(self.root)], check=False)
        shutil.rmtree(self.root, ignore_errors=True)


def executed(node, day):
    """See that a notebook is executed to its end and shows its own day's findings."""
    cells = [cell for cell in node["cells"] if cell["cell_type"] == "code"]
    shown = [output for cell in cells for output in cell["outputs"]]
    values = [o["data"][FINDINGS] for o in shown if FINDINGS in o.get("data", {})][-1]
    twice = {one["name"]: one["value"] for one in values["findings"]}["twice"]
    if twice != 2 * day or not all(cell["execution_count"] for cell in cells if cell["source"]):
        raise ValueError(day)


def digest(*paths):
    """Of the contents of files."""
    return hashlib.sha256(b"\0".join(path.read_bytes() for path in paths)).hexdigest()


def said(heard):
    """The sentence that matters, of all that was said."""
    lines = [line.strip() for line in heard.splitlines() if line.strip()]
    ours = [line for line in lines if line.startswith("minelib: ")]
    bad = [line for line in lines if re.search("FAILED|LOST|runs again:", line)]
    errors = [line for line in lines if _RAW.match(line)]
    return re.sub(r"^(minelib: |\[\d+/\d+\] )", "", (ours or bad or errors or lines or [""])[-1])


LIGHT = """import sys
if "minelib.workbench.runs.kernel" in sys.orig_argv:
    sys.argv.append("few")
    import pandas, minelib.studies.base, minelib.studies.findings
"""
"""Said to the fork server of the kernels: import what the small notebook uses, and no more, as the
package has it where there are few kernels. It is most of what a sweep costs the processor."""


class Ours(Scene):
    """A sweep of the package."""

    name = "minelib"
    light = True

    def start(self, wrap=(), env=None, limit=None, **how):
        if self.light:
            (self.root / "sitecustomize.py").write_text(LIGHT)
            path = [str(self.root), *filter(None, [os.environ.get("PYTHONPATH")])]
            env = {**(env or {}), "PYTHONPATH": os.pathsep.join(path)}
        return super().start(wrap, env, limit, **how)

    def command(self, limit=None):
        days = f"days=1:{self.count}:1"
        command = [sys.executable, "-m", "minelib.cli", "sweep", "small", "-g", days]
        command += ["-o", str(self.output), "--workers", str(WORKERS)]
        return command if limit is None else [*command, "--timeout", str(limit)]

    def places(self):
        return sorted(self.output.glob("runs/[0-9]*"))

    def judged(self, place):
        record = json.loads((place / "run.json").read_text(encoding="utf-8"))
        found = json.loads((place / "findings.json").read_text(encoding="utf-8"))
        day = record["parameters"]["days"]
        values = {one["name"]: one["value"] for one in found["findings"]}
        executed(json.loads((place / "01-small.ipynb").read_text(encoding="utf-8")), day)
        if record["status"] != "ok" or values["twice"] != 2 * day:
            raise ValueError(place)
        return day, digest(*sorted(place.iterdir()))

    def check_times(self):
        for place in self.places():
            seconds = json.loads((place / "run.json").read_text(encoding="utf-8"))["seconds"]
            if not 0 <= seconds < 3600:
                self.wrong.append(f"a run of {seconds} s")

    def worker(self):
        """The process of a run: the child of the fork server of jobs."""
        return self._children(b"minelib.workbench.runs.job")

    def server(self, kind=b"minelib.workbench.runs.job"):
        """A fork server."""
        return next((p for p, owner in self._named(kind) if owner == self.process.pid), None)

    def _named(self, kind):
        for pid in self.house.processes():
            with contextlib.suppress(OSError):
                if kind in Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0"):
                    stat = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
                    yield pid, int(stat[1])

    def _children(self, kind):
        named = dict(self._named(kind))
        return next((pid for pid, owner in named.items() if owner in named), None)


class Laden(Ours):
    """The same with kernels that are forked from a process with all libraries, as usual."""

    light = False


class Papermill(Scene):
    """papermill's ``execute_notebook`` in a loop."""

    name = "papermill"

    def command(self, limit=None):
        self.output.mkdir(parents=True, exist_ok=True)
        days = map(str, range(1, self.count + 1))
        return [sys.executable, "-c", LOOP, str(limit), str(self.notebook), str(self.output), *days]

    def places(self):
        return sorted(self.output.glob("*.ipynb"))

    def judged(self, place):
        day = int(place.stem)
        executed(json.loads(place.read_text(encoding="utf-8")), day)
        return day, digest(place)

    def worker(self):
        return self.process.pid
