# SPDX-License-Identifier: MIT
"""What the revision of the index does to headlines that rest on it."""

import pandas as pd

from minelib import carbon, energy
from minelib.catalog import load
from minelib.checks import language
from minelib.checks.door import Lang
from minelib.published.calculations import daily_index, emitted_on

__all__ = ["by_version"]


def by_version(lang: Lang | None = None) -> pd.DataFrame:
    """Headlines that rest on the index of before its revision, on both versions.

    Parameters
    ----------
    lang : {"en", "zh"} or None
        Language of ``quantity``; None for the current one.

    Returns
    -------
    pandas.DataFrame
        One row per headline: ``id``, ``quantity`` and ``unit`` (text), ``published``, ``before``
        (version 1.3.1) and ``revised`` (version 1.4.0), all three in the unit, and
        ``change_pct``, the revised over the one before.

    Raises
    ------
    UnknownName
        Another language.

    Examples
    --------
    >>> bool((by_version()["change_pct"] < 0).all())
    True
    """
    both = pd.DataFrame({"before": _headlines("1.3.1"), "revised": _headlines("1.4.0")})
    rows = load("published_results").set_index("id").loc[both.index]
    return pd.DataFrame(
        {
            "quantity": rows[f"quantity_{language(lang)}"],
            "unit": rows["unit"],
            "published": rows["value"],
            **both,
            "change_pct": 100 * (both["revised"] / both["before"] - 1),
        }
    ).reset_index(names="id")


def _headlines(version):
    yearly = energy.totals(daily_index(version))["best_twh"]
    emissions = carbon.emissions(version=version, start="2020-01", end="2021-12")
    return {
        "ccaf_2022_energy_2021": yearly.loc["2021":"2021"].sum(),
        "unu_2023_energy": yearly.loc["2020":"2021"].sum(),
        "unu_2023_emissions": emissions["emissions_mt"].sum(),
        "ccaf_2022_emissions": emitted_on("2022-09-21", version)[0],
    }
