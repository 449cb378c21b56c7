# SPDX-License-Identifier: MIT
"""Draw the figure of the README anew: ``python tools/readme_figure.py``."""

from pathlib import Path

import minelib as ml

FOLDER = Path(__file__).resolve().parents[1] / "docs"


def main():
    FOLDER.mkdir(exist_ok=True)
    effect = ml.impact.effect("2021-05-21")
    for lang, name in (("en", "crackdown.png"), ("zh", "crackdown.zh.png")):
        chart = ml.plots.impact.counterfactual(effect.series(), effect.intervention, lang=lang)
        chart.savefig(FOLDER / name, dpi=100)
        print(FOLDER / name)


if __name__ == "__main__":
    main()
