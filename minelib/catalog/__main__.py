# SPDX-License-Identifier: MIT
"""For whoever adds or corrects a table: ``python -m minelib.catalog [NAME ...] [--write]``.

Checks every cell of the named tables (all by default), stamps their SHA-256 into the
descriptors, and with ``--write`` writes the generated files of the data folder and checks the
whole folder once more, keys that refer to another table included.
"""

import argparse
import sys

from minelib import words
from minelib.catalog import Catalog
from minelib.catalog.origins import in_words
from minelib.errors import DamagedData, MinelibError


def tell_readmes(catalog: Catalog) -> None:
    """Write the sentence on the sources into the READMEs, between their comments."""
    for lang, name in (("en", "README.md"), ("zh", "README.zh.md")):
        path = catalog.root.parent / name
        if not path.exists():
            continue
        words.use(lang)
        before, rest = path.read_text(encoding="utf-8").split("<!-- sources -->")
        after = rest.split("<!-- / -->")[1]
        told = f"{before}<!-- sources -->{in_words(catalog)}<!-- / -->{after}"
        path.write_text(told, encoding="utf-8", newline="\n")
    words.use("en")


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m minelib.catalog", description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("names", metavar="NAME", nargs="*", help="a table; all without one")
    parser.add_argument("--write", action="store_true", help="write the generated files, too")
    asked = parser.parse_args(arguments)
    names, catalog = asked.names, Catalog()
    found: list[MinelibError] = []
    try:
        catalog.stamp(names)
        if asked.write:
            catalog.write_generated()
            tell_readmes(catalog)
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
