# SPDX-License-Identifier: MIT
"""``python -m minelib.impact [SIMULATIONS]``: the proof of the estimators, as a table."""

import sys

from minelib.errors import MinelibError
from minelib.impact.study import SCENARIOS, study

if __name__ == "__main__":
    try:
        n = int(sys.argv[1]) if len(sys.argv) > 1 else 200
        for name in SCENARIOS:  # one after the other, so that the first results show early
            table = study(n, (name,)).round(1)
            print(table.to_string(index=False, header=name == next(iter(SCENARIOS))), flush=True)
    except (MinelibError, ValueError) as error:
        sys.exit(str(error))
