# SPDX-License-Identifier: MIT
"""``python -m minelib.impact [SIMULATIONS [ESTIMATOR ...]]``: their proof, as a table."""

import sys

from minelib.errors import MinelibError
from minelib.impact.proof import SCENARIOS, simulation_study

if __name__ == "__main__":
    try:
        n = int(sys.argv[1]) if len(sys.argv) > 1 else 200
        for i, name in enumerate(sys.argv[2:] or SCENARIOS):  # the first results show early
            table = simulation_study(n, (name,)).round(1)
            print(table.to_string(index=False, header=i == 0), flush=True)
    except (MinelibError, ValueError) as error:
        sys.exit(str(error))
