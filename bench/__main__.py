# SPDX-License-Identifier: MIT
"""``make bench [ARGS="house energy"]``: run the benchmarks and print one table.

Each ``bench/bench_<subject>.py`` has ``measure()``, which yields tuples (what, value, limit,
unit): the limit is the figure the package promises, or None. Machines differ and are noisy, so
seconds are shown beside the time this machine needs for a fixed reference loop.
"""

import importlib
import sys
import time
from pathlib import Path


def reference():
    """Seconds for a fixed piece of pure Python on this machine, best of five."""
    best = float("inf")
    for _ in range(5):
        begin = time.perf_counter()
        sum(i * i % 7 for i in range(1_000_000))
        best = min(best, time.perf_counter() - begin)
    return best


def main(subjects):
    known = sorted(p.stem.removeprefix("bench_") for p in Path(__file__).parent.glob("bench_*.py"))
    unknown = set(subjects) - set(known)
    if unknown:
        print(f"unknown: {', '.join(sorted(unknown))}; known: {', '.join(known)}", file=sys.stderr)
        return 2
    unit = reference()
    print(f"reference loop: {unit * 1000:.0f} ms; 'x ref' is the time as a multiple of it\n")
    print(f"{'what':<66} {'value':>10} {'unit':<6} {'limit':>8} {'x ref':>8}")
    late = 0
    for subject in subjects or known:
        for what, value, limit, of in importlib.import_module(f"bench.bench_{subject}").measure():
            over = limit is not None and value > limit
            late += over
            ratio = f"{value / unit:8.1f}" if of == "s" else " " * 8
            shown = "" if limit is None else f"{limit:g}"
            print(f"{what:<66} {value:>10.3f} {of:<6} {shown:>8} {ratio}{'  OVER' if over else ''}")
            sys.stdout.flush()
    print(f"\n{late} over their limit" if late else "\nall within their limits")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
