# SPDX-License-Identifier: MIT
"""The fault table.

python -m tests.faults                       # every fault, ten moments where the moment matters
python -m tests.faults --moments 1 --only minelib
python -m tests.faults kernel-killed disk-full --moments 30 --seed 7
python -m tests.faults --write               # and renew these rows of docs/faults.md
"""

import argparse
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor

from . import cluster, files, machine, page, processes  # noqa: F401 - they put rows into the table
from .scene import Ours, Papermill
from .table import FAULTS, play

KINDS = {kind.name: kind for kind in (Ours, Papermill)}


def main(arguments=None):
    """Print the table; the exit code is 1 where one of the package's rows did not survive."""
    parser = argparse.ArgumentParser(prog="python -m tests.faults")
    parser.add_argument("rows", nargs="*", help="names of rows; all without one")
    parser.add_argument("--moments", type=int, default=10)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--only", choices=KINDS, help="one of the two")
    parser.add_argument("--at-once", type=int, default=2, help="rows at the same time")
    parser.add_argument("--write", action="store_true", help="renew docs/faults.md")
    asked = parser.parse_args(arguments)
    rows = [row for row in FAULTS if not asked.rows or row.name in asked.rows]
    kinds = [KINDS[asked.only]] if asked.only else [*KINDS.values()]
    for kind in kinds:
        kind.prepare(tempfile.mkdtemp(prefix="faults-"))

    def played(row):
        began = time.monotonic()
        found = {
            kind.name: play(row, kind, asked.moments, asked.seed)
            for kind in kinds
            if kind is Ours or row.papermill
        }
        return row, found, time.monotonic() - began

    survived = tried = 0
    with ThreadPoolExecutor(asked.at_once) as pool:
        for row, found, seconds in pool.map(played, rows):
            for name, outcome in found.items():
                told = f"{name:9} {seconds:4.0f} s {outcome.tries:3} {outcome.words()}"
                print(f"{row.name:34} {told}")
                print(f"{'':34} said: {outcome.said[:150]}", flush=True)
                if outcome.left:
                    print(f"{'':34} left: {outcome.left[:6]}", flush=True)
            ours = found.get("minelib")
            if ours is not None and not ours.absent:
                tried, survived = tried + 1, survived + ours.survived
            if asked.write:
                page.write([(row, found)])
    print(f"{survived} of {tried} faults survived")
    return int(survived < tried)


if __name__ == "__main__":
    sys.exit(main())
