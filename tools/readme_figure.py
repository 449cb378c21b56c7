# SPDX-License-Identifier: MIT
"""Draw the figure of the README anew: ``python tools/readme_figure.py``."""

from pathlib import Path

import minelib as ml

FOLDER = Path(__file__).resolve().parents[1] / "docs"


def main():
    FOLDER.mkdir(exist_ok=True)
    effect = ml.impact.effect("2021-05-21")
    for lang, name in (("en", "crackdown.png"), ("zh", "crackdown.zh.png")):
        ml.use(lang)
        figure = ml.finish(
            effect.plot(),
            "network_daily",
            "machines",
            events=True,
            title="What was seen, and what the past alone would have led to",
        )
        figure.savefig(FOLDER / name, dpi=100)
        print(FOLDER / name)


if __name__ == "__main__":
    main()
