# SPDX-License-Identifier: MIT
"""The same effect under other choices of the method."""

import pandas as pd

from minelib.errors import BadParameter
from minelib.impact.counterfactual import effect

__all__ = ["variants"]


def variants(found, series, chosen, donuts=(14, 28), training=(728, 1456)):
    """Leave one covariate out, leave days out, train on other windows.

    **Identification.** As for `effect`, under each choice. An effect that hangs on one choice
    is not carried by the data; agreement does not prove the choices right.

    Parameters
    ----------
    found : Effect
        The estimate to vary.
    series : pandas.Series, str or None
        As given to `effect`.
    chosen : dict
        The other arguments of `effect`.
    donuts, training : sequence of int
        Days; a training window for which the series is too short is left out.

    Returns
    -------
    pandas.DataFrame
        ``check`` ("as estimated", "covariate left out", "donut", "training window"),
        ``variant``, ``effect_pct``, ``lower_pct``, ``upper_pct``.
    """
    asked = [("as estimated", "", {})]
    for name in found.covariates:
        asked.append(("covariate left out", name, {"covariates": _without(chosen, name, found)}))
    if len(found.covariates) > 1:
        asked.append(("covariate left out", "all", {"covariates": ()}))
    asked += [("donut", f"{d} days", {"donut_days": d}) for d in donuts]
    asked += [("training window", f"{d} days", {"train_days": d}) for d in training]
    rows = []
    for check, variant, other in asked:
        if other.get("donut_days", 0) >= found.horizon_days:
            continue
        start = found.intervention - pd.Timedelta(days=other.get("train_days", 0))
        if start < found.full.dropna().index[0]:
            continue
        try:
            one = effect(
                found.intervention, series, **{**chosen, "draws": 4000, **other}, seed=found.seed
            )
        except BadParameter:  # too few observations are left: no such variant
            continue
        rows.append((check, variant, *one.mean_pct()))
    return pd.DataFrame(rows, columns=["check", "variant", "effect_pct", "lower_pct", "upper_pct"])


def _without(chosen, name, found):
    given = chosen["covariates"]
    if isinstance(given, pd.DataFrame):
        return given.drop(columns=[c for c in given.columns if str(c) == name])
    if isinstance(given, dict):
        return {k: v for k, v in given.items() if str(k) != name}
    if isinstance(given, pd.Series):
        return ()
    return tuple(c for c in found.covariates if c != name)
