# SPDX-License-Identifier: MIT
"""Two thousand runs in one sweep: memory, open files and the cost of a run stay flat.

python -m tests.faults.soak                  # 2,000 runs of 08-explore, about a quarter of an hour
python -m tests.faults.soak --runs 200
"""

import argparse
import os
import sys
import tempfile
import threading
import time
from pathlib import Path

import numpy as np

import minelib as ml
from minelib.workbench import sweep
from minelib.workbench.runs.progress import Quiet

WARM = 200
"""Runs after which all must be flat."""
PLACES = "world,china,usa,kazakhstan,russia,canada,sichuan,xinjiang,yunnan,inner_mongolia"


def _servers():
    """The fork servers of this process."""
    path = f"/proc/{os.getpid()}/task/{os.getpid()}/children"
    return [int(pid) for pid in Path(path).read_text().split()]


def _memory(pid):
    """Memory in use by a process, in MB."""
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


class Watch(Quiet):
    """Notes memory and open files of parent and servers while runs end."""

    def __init__(self):
        self.rows, self.ended = [], 0

    def begin(self, tasks):
        self.began = time.monotonic()
        self.count = len(tasks)

    def end(self, task, result):
        self.ended += 1
        if self.ended % 20 == 0 and self.ended < self.count:
            servers = sorted(_servers())
            files = [len(os.listdir(f"/proc/{pid}/fd")) for pid in (os.getpid(), *servers)]
            memory = [_memory(pid) for pid in (os.getpid(), *servers)]
            own = [_ticks(pid) for pid in servers]
            self.rows.append((self.ended, *memory, *files, threading.active_count(), sum(own)))
        if self.ended % 100 == 0:
            spent = time.monotonic() - self.began
            shown = " ".join(f"{value:.1f}" for value in self.rows[-1][1:]) if self.rows else ""
            print(f"{self.ended} runs, {spent:.0f} s: {shown}", flush=True)


def _ticks(pid):
    """Processor seconds of a process and of its children that have ended."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return sum(map(int, fields[11:15])) / os.sysconf("SC_CLK_TCK")


def _slope(ended, values):
    """Growth over all runs after the first, as a share of the level."""
    ended, values = np.asarray(ended, float), np.asarray(values, float)
    slope = np.polyfit(ended, values, 1)[0]
    return slope * (ended[-1] - ended[0]) / values.mean()


def main(arguments=None):
    """Run it and print the figures; the exit code is 1 where one is not flat."""
    parser = argparse.ArgumentParser(prog="python -m tests.faults.soak")
    parser.add_argument("--runs", type=int, default=2000)
    parser.add_argument("--workers", type=int, default=2)
    asked = parser.parse_args(arguments)
    prices = [round(0.01 + 0.0005 * i, 4) for i in range(-(-asked.runs // 10))]
    watch = Watch()
    with tempfile.TemporaryDirectory(prefix="soak-") as folder:
        grid = {"place": PLACES.split(",")[: min(10, asked.runs)], "price_usd_kwh": prices}
        began = time.monotonic()
        _folder, results = sweep(
            "explore", grid, output=folder, workers=asked.workers, progress=watch
        )
        seconds = time.monotonic() - began
        began = time.monotonic()
        frame = ml.collect(folder)
        collected = time.monotonic() - began
        good = sum(result.good for result in results)
    rows = np.array([row for row in watch.rows if row[0] > min(WARM, asked.runs // 4)])
    names = ["memory of the parent", "memory of a server", "memory of the other server"]
    names += [
        "open files of the parent",
        "open files of a server",
        "open files of the other server",
    ]
    names += ["threads of the parent"]
    print(f"{good} of {len(results)} runs stand, {seconds:.0f} s, {len(frame)} collected")
    wrong = good < len(results)
    for column, name in enumerate(names, 1):
        grown = _slope(rows[:, 0], rows[:, column])
        unit = "MB" if name.startswith("memory") else ""
        first, last = rows[:3, column].mean(), rows[-3:, column].mean()
        print(f"{name:32} {first:8.1f} -> {last:8.1f} {unit:2} slope {grown:+.1%} over all")
        wrong |= grown > 0.05
    costs = np.diff(rows[:, -1]) / np.diff(rows[:, 0])
    third = max(1, len(costs) // 3)
    change = np.median(costs[-third:]) / np.median(costs[:third]) - 1
    print(f"cost of a run, processor: {np.median(costs):.3f} s, last third to first {change:+.1%}")
    print(f"collect of {len(frame)} runs: {collected:.1f} s")
    return int(wrong or change > 0.1 or collected > 20)


if __name__ == "__main__":
    sys.exit(main())
