# SPDX-License-Identifier: MIT
"""Is the effect more than what the same method finds where nothing happened?"""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import partial

import numpy as np
import pandas as pd

from minelib import words
from minelib.checks import as_day, whole
from minelib.checks.door import Day, Lang, Number, Numbers, Whole, checked
from minelib.errors import BadParameter
from minelib.impact.counterfactual import MIN_TRAINING, effect
from minelib.impact.covariates import Covariates
from minelib.impact.result import Effect, Told, numbers
from minelib.impact.series import AnySeries
from minelib.words import gettext as _

__all__ = ["Placebo", "against_placebos", "placebo", "randomisation"]

_POWER = 0.8


@dataclass(repr=False, eq=False)
class Placebo(Told):
    """Placebo checks of one effect, as `placebo` returns them.

    Attributes
    ----------
    effect : Effect
        The effect that is checked.
    in_time : pandas.DataFrame
        One row per pseudo-intervention: ``date``, ``effect_pct``, ``lower_pct``, ``upper_pct``,
        ``score`` (effect over its standard error), ``excludes_zero`` (bool).
    variants : pandas.DataFrame
        ``check``, ``variant``, ``effect_pct``, ``lower_pct``, ``upper_pct``: the effect again
        without one covariate, with a donut, with other training windows.
    p_value : float
        Randomisation p-value, two-sided.
    minimum_detectable_pct : float
        Fall in percent (positive) found with probability 0.8 by a test against the placebos.
    false_positive_pct : float
        Share of pseudo-interventions whose interval excludes zero.
    windows : float
        How many horizons fit into the time of the placebos without overlapping: the placebos
        overlap, and this is what they are worth as independent trials.
    """

    effect: Effect
    in_time: pd.DataFrame
    variants: pd.DataFrame
    p_value: float
    minimum_detectable_pct: float
    false_positive_pct: float
    windows: float

    def summary(self) -> pd.DataFrame:
        """The checks in numbers.

        Returns
        -------
        pandas.DataFrame
            quantity, value, lower, upper, unit: ``placebo_p``, ``minimum_detectable_pct``,
            ``false_positive_pct``, ``placebo_effect_pct`` (median of the pseudo-effects with
            the range that holds the share ``level`` of them), ``independent_windows``,
            ``variants_pct`` (smallest and largest estimate among the variants around the
            estimate itself).
        """
        tail = (1 - self.effect.level) / 2
        low, mid, high = self.in_time["effect_pct"].quantile([tail, 0.5, 1 - tail])
        own, spread = self.effect.mean_pct()[0], self.variants["effect_pct"]
        alone = (np.nan, np.nan)
        return numbers(
            {
                "placebo_p": (self.p_value, *alone, "fraction"),
                "minimum_detectable_pct": (self.minimum_detectable_pct, *alone, "percent"),
                "false_positive_pct": (self.false_positive_pct, *alone, "percent"),
                "placebo_effect_pct": (mid, low, high, "percent"),
                "independent_windows": (self.windows, *alone, ""),
                "variants_pct": (own, spread.min(), spread.max(), "percent"),
            }
        )

    @checked
    def sentence(self, lang: Lang | None = None) -> str:
        """The outcome of the placebos in words.

        Parameters
        ----------
        lang : {"en", "zh"} or None

        Returns
        -------
        str
        """
        larger = np.abs(self.in_time["score"]) >= abs(self.effect.score)
        return _(
            "{share} of {n} pseudo-interventions at which nothing happened show an effect as large "
            "against its uncertainty (p = {p}; they are worth about {windows} independent trials). "
            "A fall of less than {least} would probably have been missed.",
            lang,
        ).format(
            share=words.percent(100 * np.mean(larger), 0, lang),
            n=len(self.in_time),
            p=words.number(self.p_value, 3, lang),
            windows=words.number(self.windows, 0, lang),
            least=words.percent(self.minimum_detectable_pct, 0, lang),
        )

    def __repr__(self):
        return f"<Placebo of {self.effect.intervention.date()}: {self.sentence('en')}>"


def placebo(
    intervention: Day = "2021-05-21",
    series: AnySeries = None,
    covariates: Covariates | None = None,
    horizon_days: Whole = 180,
    level: Number = 0.9,
    *,
    n: Whole = 300,
    freq: str = "W",
    train_days: Whole = 1092,
    before: Day = "2021-01-01",
    donuts: Numbers = (14, 28),
    training: Numbers = (728, 1456),
    seed: Whole = 0,
) -> Placebo:
    """Check an effect against pseudo-interventions and other choices of the method.

    In time: the same estimator with the same horizon at ``n`` random days before 2021; in
    method: without each covariate in turn, with days around the date left out, with shorter and
    longer training windows.

    **Identification.** The p-value is exact if the day of the intervention could as well have
    been any of the pseudo-days: the series moved by the same laws before 2021 as around the
    intervention. To lean less on equal variance, effects are compared in units of their own
    standard errors. What would break it: a network that has become calmer or wilder in a way
    the standard errors do not see. Pseudo-horizons overlap, so that 300 of them are worth no more
    than about ten independent trials: a p-value below 0.1 must not be read to the second digit.

    Parameters
    ----------
    intervention, series, covariates, horizon_days, level, freq, train_days
        As for `effect`.
    n : int
        Pseudo-interventions, at least 19. As many as there are days if there are fewer.
    before : date-like
        Every pseudo-horizon ends before this day (exclusive).
    donuts : sequence of int
        Days left out on both sides.
    training : sequence of int
        Other lengths of the training window, in days; those for which the series is too short
        are left out.
    seed : int

    Returns
    -------
    Placebo

    Raises
    ------
    BadParameter
        Fewer than 19 pseudo-interventions fit; and as for `effect`.

    Examples
    --------
    >>> checked = placebo("2021-05-21", covariates=(), horizon_days=60, n=19)
    >>> len(checked.in_time), 0 < checked.p_value <= 1
    (19, True)
    """
    n, seed = whole("n", n, 19), whole("seed", seed)
    donuts = [whole("donuts", d, 1) for d in donuts]
    training = [whole("training", d, MIN_TRAINING) for d in training]
    end = as_day("before", before)
    estimate = partial(
        effect,
        series=series,
        covariates=covariates,
        horizon_days=horizon_days,
        level=level,
        freq=freq,
        train_days=train_days,
    )
    found = estimate(intervention, seed=seed)
    in_time, p_value, detectable = against_placebos(
        found,
        lambda when, k: estimate(when, draws=500, seed=seed + k),
        n,
        min(end, found.intervention),
    )
    span = (in_time["date"].max() - in_time["date"].min()).days + found.horizon_days
    return Placebo(
        effect=found,
        in_time=in_time,
        variants=_variants(found, estimate, donuts, training),
        p_value=p_value,
        minimum_detectable_pct=detectable,
        false_positive_pct=float(100 * in_time["excludes_zero"].mean()),
        windows=span / found.horizon_days,
    )


def _variants(found, estimate, donuts, training):
    """The estimate without one covariate, without some days, and from other training windows."""
    left_out = {name: found.x.drop(columns=name) for name in found.x}
    if len(left_out) > 1:
        left_out["all"] = ()
    history = (found.intervention - found.seen.values.dropna().index[0]).days
    asked = [
        ("as estimated", "", {}),
        *(("covariate left out", name, {"covariates": rest}) for name, rest in left_out.items()),
        *(("donut", f"{d} days", {"donut_days": d}) for d in donuts if d < found.horizon_days),
        *(("training window", f"{d} days", {"train_days": d}) for d in training if d <= history),
    ]
    rows = []
    for check, variant, other in asked:
        with suppress(BadParameter):  # too few observations are left: no such variant
            one = estimate(found.intervention, **other, seed=found.seed)
            rows.append({"check": check, "variant": variant, **one.row()})
    return pd.DataFrame(rows)


def against_placebos(
    found: Effect,
    estimate: Callable[[pd.Timestamp, int], Effect],
    n: int,
    before: pd.Timestamp,
    room: pd.Timedelta | None = None,
) -> tuple[pd.DataFrame, float, float]:
    """An effect among those of days at which it could be estimated and nothing happened.

    Parameters
    ----------
    found : Effect
        The estimate to imitate: its training window and horizon must fit.
    estimate : callable
        The same estimate at another day; the number of the day is given for its seed.
    n : int
        Days, drawn from those of the series, or from any where its weeks can be counted so.
    before : Timestamp
        End of the last pseudo-horizon (exclusive).
    room : Timedelta, optional
        Extra past needed.

    Returns
    -------
    (DataFrame, float, float)
        `Placebo.in_time`, p-value and minimum detectable fall in percent.

    Raises
    ------
    BadParameter
        Fewer than 19 fit.
    """
    valued = found.seen.values.dropna().index
    first = valued[0] + (found.intervention - found.training[0]) + (room or pd.Timedelta(0))
    if found.earliest is not None:
        first = max(first, found.earliest)
    last = before - pd.Timedelta(days=found.horizon_days)
    days = valued[(valued >= first) & (valued <= last)]
    if found.seen.any_day:
        days = pd.date_range(first.normalize(), last, freq="D")
    if len(days) < 19:
        rule = _("only {n} pseudo-interventions fit before {day}; 19 are needed")
        raise BadParameter("n", n, rule.format(n=len(days), day=before.date()))
    drawn = np.random.default_rng(found.seed).choice(len(days), min(n, len(days)), replace=False)
    rows = []
    for k, when in enumerate(sorted(days[drawn])):
        one = estimate(when, k)
        rows.append({"date": when, **one.row(), "score": one.score})
    table = pd.DataFrame(rows)
    table["excludes_zero"] = ~((table["lower_pct"] <= 0) & (table["upper_pct"] >= 0))
    p_value, detectable = randomisation(found.score, table["score"].to_numpy(), found.level)
    return table, p_value, found.fall_pct(detectable)


def randomisation(own: float, scores: np.ndarray, level: float) -> tuple[float, float]:
    """P-value of one score among placebo scores, and the score a test finds with power 0.8.

    Parameters
    ----------
    own : float
    scores : numpy.ndarray
    level : float
        One minus the size of the test.

    Returns
    -------
    (float, float)
        The p-value counts the effect itself as one of the draws, so it is never zero.

    Examples
    --------
    >>> randomisation(5.0, np.linspace(-2, 2, 99), 0.9)[0]
    0.01
    """
    p = (1 + np.sum(np.abs(scores) >= abs(own))) / (1 + len(scores))
    critical = np.quantile(np.abs(scores), level)
    # a true fall of this size pushes the score below minus the critical value in 8 of 10 cases
    return float(p), float(critical + np.quantile(scores, _POWER))
