# SPDX-License-Identifier: MIT
"""Figures of the package that no notebook shows, drawn for the gallery."""

from html import escape

__all__ = ["EXTRAS", "draw"]


def _hash_price(lang):
    from minelib import economics
    from minelib.catalog import load
    from minelib.plots.economics import hash_price

    halvings = load("halvings")["time"].iloc[1:]
    return hash_price(economics.hash_price("W", start="2013-01-01"), halvings, lang=lang)


def _homes(lang):
    from minelib import pools
    from minelib.plots.pools import homes

    return homes(pools.share("home"), lang=lang)


EXTRAS = {"economics.hash_price": _hash_price, "pools.homes": _homes}


def draw(lang, folder):
    """Draw them into a folder.

    Parameters
    ----------
    lang : str
    folder : pathlib.Path
        ``_static/figures`` of the site.

    Returns
    -------
    list of (str, str)
        File name and alternative text of each.
    """
    drawn = []
    for name, function in EXTRAS.items():
        chart = function(lang)
        file = f"{escape(name)}.png"
        chart.savefig(folder / file, format="png")
        drawn.append((file, chart.alt))
    return drawn
