# SPDX-License-Identifier: MIT
"""A run made by hand whose page has every living figure, over real tables and kept sweeps."""

import base64
import json
from functools import cache

import matplotlib.pyplot as plt
from pages import _cell, picture, run_by_hand

import minelib as ml
from minelib.figures.living import FIGURES
from minelib.workbench import site
from minelib.workbench.site import reference

PAGE = "03-relocation"


@cache
def figure(name, lang):
    """A living figure; the still one under it is as small as can be."""
    ml.use(lang)
    try:
        _figure, ax = plt.subplots()
        ax.plot([1, 2])
        data = ml.load("halvings")
        still = ml.finish(ax, "halvings", data=data, title=FIGURES[name]["title"])
        return ml.figures.live(name, still)
    finally:
        ml.use("en")


def output(name, lang):
    ml.words.use(lang)
    data, metadata = figure(name, lang)._repr_mimebundle_()
    ml.words.use("en")
    data["image/png"] = base64.b64encode(picture()).decode()
    return {"output_type": "display_data", "data": data, "metadata": metadata}


def run(folder, langs=("en", "zh")):
    """A folder as `minelib run` leaves it, with one page more; pages for programmers stand."""
    run_by_hand(folder, langs)
    api = folder / "site" / "api"
    api.mkdir(parents=True)
    (api / site._MADE_FROM).write_text(f"{reference.digest()} {[*langs]}")
    for lang in langs:
        cells = [_cell("living", 1, "# Ask the figures\n\nA page.")]
        for number, name in enumerate(FIGURES, start=2):
            cells.append(_cell("living", number, f"live_{name}()", [output(name, lang)]))
        place = (folder if lang == "en" else folder / lang) / PAGE
        place.mkdir(parents=True)
        about = {"language_info": {"name": "python"}}
        whole = {"cells": cells, "nbformat": 4, "nbformat_minor": 5, "metadata": about}
        (place / f"{PAGE}.ipynb").write_text(json.dumps(whole), encoding="utf-8")
    return folder
