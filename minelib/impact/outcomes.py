# SPDX-License-Identifier: MIT
"""The same intervention on several series."""

import pandas as pd

from minelib.impact.counterfactual import effect
from minelib.impact.observed import QUANTITIES
from minelib.words import gettext as _

__all__ = ["outcomes"]


def outcomes(
    intervention,
    extra=None,
    horizon_days=180,
    level=0.9,
    *,
    freq="W",
    quantities=("hashrate", "block_interval", "hash_price", "fees"),
    covariates=None,
    seed=0,
):
    """The effect of one intervention on several quantities, side by side.

    **Identification.** As for `effect`, for each series by itself. The series hang together:
    blocks come slower because hash rate is missing, and the hash price rises for the machines
    that stay. So these are several views of one effect, not several proofs of it.

    Parameters
    ----------
    intervention : date-like
    extra : dict of str to Series, optional
        Further dated series under the name they shall be shown by.
    horizon_days, level, freq, seed
        As for `effect`.
    quantities : sequence of str
        Of `minelib.impact.QUANTITIES`.
    covariates
        As for `effect`, for the hash rate; the other series keep their defaults.

    Returns
    -------
    pandas.DataFrame
        One row a series: ``series`` (name in the current language), ``mean_effect_pct``,
        ``lower_pct``, ``upper_pct`` (float64, mean over the horizon).

    Raises
    ------
    As `effect`.

    Examples
    --------
    >>> outcomes("2021-06-18", horizon_days=35, quantities=("block_interval",)).shape
    (1, 4)
    """
    quantities = [quantities] if isinstance(quantities, str) else quantities
    asked = {_(QUANTITIES[q][1]) if q in QUANTITIES else q: (q, q) for q in quantities}
    asked |= {name: (None, series) for name, series in (extra or {}).items()}
    rows = [
        (
            name,
            *effect(
                intervention,
                series,
                covariates if key == "hashrate" else None,
                horizon_days,
                level,
                freq=freq,
                seed=seed,
            ).mean_pct(),
        )
        for name, (key, series) in asked.items()
    ]
    return pd.DataFrame(rows, columns=["series", "mean_effect_pct", "lower_pct", "upper_pct"])
