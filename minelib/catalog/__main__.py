# SPDX-License-Identifier: MIT
"""For whoever adds or corrects a table: ``python -m minelib.catalog [NAME ...] [--write]``.

Checks every cell of the named tables (all by default), stamps their SHA-256 into the
descriptors, and with ``--write`` writes the generated files of the data folder and checks the
whole folder once more, keys that refer to another table included.
"""

import sys

from minelib.catalog import Catalog
from minelib.errors import DamagedData, MinelibError


def main(arguments: list[str]) -> int:
    names = [a for a in arguments if not a.startswith("-")]
    catalog = Catalog()
    found: list[MinelibError] = []
    try:
        catalog.stamp(names)
        if "--write" in arguments:
            catalog.write_generated()
            found += catalog.check()
    except DamagedData as e:  # the first problem: what else is wrong with the file is said too
        found += [p for p in catalog.check() if p.file == e.file] or [e]
    except MinelibError as e:
        found.append(e)
    if found:
        print(*found, sep="\n", file=sys.stderr)
        return 1
    stamped = names or catalog.names
    print(f"{len(stamped)} tables checked and stamped")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
