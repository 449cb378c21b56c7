# SPDX-License-Identifier: MIT
"""``python -m minelib.chain``: steps of the hash rate in a window, and the proof of the search.

python -m minelib.chain steps 2021-03-01 2021-07-31 [--lang zh] [--times median]
                                                    [--pools antpool,f2pool] [--labels 2026]
python -m minelib.chain prove [CHAINS] [--workers 2]
"""

import argparse
import sys
from typing import Any

import pandas as pd

from minelib import words
from minelib.catalog.columns import label
from minelib.chain.proof import prove
from minelib.chain.steps import THRESHOLD, steps
from minelib.chain.times import LABELS, TIMES
from minelib.checks import language
from minelib.errors import MinelibError
from minelib.words import gettext as _


def _parser():
    parser = argparse.ArgumentParser(prog="python -m minelib.chain")
    verbs = parser.add_subparsers(dest="verb", required=True)
    window = verbs.add_parser("steps", help=_("steps of the hash rate in a window"))
    window.add_argument("start")
    window.add_argument("end")
    window.add_argument("--lang", default=None)
    window.add_argument("--times", choices=TIMES, default=TIMES[0])
    window.add_argument("--labels", choices=LABELS, default=LABELS[0])
    window.add_argument("--pools", default=None, type=lambda text: text.split(","))
    window.add_argument("--threshold", type=float, default=THRESHOLD)
    proof = verbs.add_parser("prove", help=_("how often steps are found, invented and held"))
    proof.add_argument("chains", nargs="?", type=int, default=400)
    proof.add_argument("--workers", type=int, default=1)
    return parser


def _shown(frame: pd.DataFrame, lang: Any) -> str:
    """A frame as text, heads and digits from the dictionary of columns."""
    shown = pd.DataFrame(
        {
            label(str(name), lang): [_cell(value, lang) for value in column]
            for name, column in frame.items()
        }
    )
    return shown.to_string(index=False)


def _cell(value, lang):
    if pd.isna(value):
        return ""
    if isinstance(value, pd.Timestamp):
        return f"{value:%Y-%m-%d %H:%M}"
    return words.number(float(value), 0 if float(value).is_integer() else 1, lang)


def main(arguments: list[str] | None = None) -> int:
    """Run the command; 0 where it is done, 2 where the request was wrong."""
    asked = _parser().parse_args(arguments)
    try:
        if asked.verb == "prove":
            print(_shown(prove(asked.chains, workers=asked.workers), "en"))
            return 0
        lang = language(asked.lang)
        found = steps(
            asked.start,
            asked.end,
            times=asked.times,
            labels=asked.labels,
            pools=asked.pools,
            threshold=asked.threshold,
        )
    except MinelibError as error:
        print(error, file=sys.stderr)
        return 2
    if found.empty:
        print(_("No step of the hash rate stands out in this window.", lang))
    else:
        print(_shown(found, lang))
    return 0


if __name__ == "__main__":
    sys.exit(main())
