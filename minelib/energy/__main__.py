# SPDX-License-Identifier: MIT
"""Print the accuracy table: ``python -m minelib.energy [DAILY.csv]``.

Without an argument the index is held against the figures the package carries. With a CSV of
the published daily series (``date``, ``best_twh``, ``lower_twh``, ``upper_twh``,
``best_at_010_twh``; any of them) it is held against every day of it.
"""

import sys

import pandas as pd

from minelib.energy.check import accuracy
from minelib.errors import MinelibError


def main(arguments: list[str]) -> int:
    try:
        table = accuracy(pd.read_csv(arguments[0]) if arguments else None)
    except (MinelibError, OSError) as e:
        print(e, file=sys.stderr)
        return 2
    formats = {"mean_error_pct": "{:.5f}".format, "largest_error_pct": "{:.4f}".format}
    print(table.to_string(index=False, na_rep="", formatters=formats))
    return int((table["met"] == False).any())  # noqa: E712 - missing counts as no verdict


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
