# SPDX-License-Identifier: MIT
"""Is the effect more than what the same method finds where nothing happened?"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from minelib import Drawable, words
from minelib.checks import whole
from minelib.errors import BadParameter
from minelib.impact.counterfactual import MIN_TRAINING, effect
from minelib.impact.observed import day
from minelib.impact.variants import variants
from minelib.words import gettext as _

__all__ = ["Placebo", "placebo", "pseudo_dates", "randomisation"]

_POWER = 0.8


@dataclass(repr=False)
class Placebo(Drawable):
    """Placebo checks of one effect, as `placebo` returns them.

    Attributes
    ----------
    effect : Effect
        The effect that is checked.
    in_time : pandas.DataFrame
        One row a pseudo-intervention: ``date``, ``effect_pct``, ``lower_pct``, ``upper_pct``,
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

    effect: object
    in_time: pd.DataFrame
    variants: pd.DataFrame
    p_value: float
    minimum_detectable_pct: float
    false_positive_pct: float
    windows: float

    def summary(self):
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
        own = self.effect.mean_pct()[0]
        spread = self.variants["effect_pct"]
        nan = np.nan
        rows = [
            ("placebo_p", self.p_value, nan, nan, "fraction"),
            ("minimum_detectable_pct", self.minimum_detectable_pct, nan, nan, "percent"),
            ("false_positive_pct", self.false_positive_pct, nan, nan, "percent"),
            ("placebo_effect_pct", mid, low, high, "percent"),
            ("independent_windows", self.windows, nan, nan, ""),
            ("variants_pct", own, spread.min(), spread.max(), "percent"),
        ]
        frame = pd.DataFrame(rows, columns=["quantity", "value", "lower", "upper", "unit"])
        return frame.astype(dict.fromkeys(("value", "lower", "upper"), float))

    def sentence(self, lang=None):
        """The outcome of the placebos in words.

        Parameters
        ----------
        lang : {"en", "zh"} or None

        Returns
        -------
        str
        """
        return _(
            "{share} of {n} pseudo-interventions at which nothing happened show an effect as large "
            "against its uncertainty (p = {p}; they are worth about {windows} independent trials). "
            "A fall of less than {least} would probably have been missed.",
            lang,
        ).format(
            share=words.percent(
                100 * np.mean(np.abs(self.in_time["score"]) >= abs(self.effect.score)), 0, lang
            ),
            n=len(self.in_time),
            p=words.number(self.p_value, 3, lang),
            windows=words.number(self.windows, 0, lang),
            least=words.percent(self.minimum_detectable_pct, 0, lang),
        )

    def _repr_html_(self):
        from html import escape

        return f"<p>{escape(self.sentence())}</p>"

    def __repr__(self):
        return f"<Placebo of {self.effect.intervention.date()}: {self.sentence('en')}>"


def placebo(
    intervention="2021-05-21",
    series=None,
    covariates=None,
    horizon_days=180,
    level=0.9,
    *,
    n=300,
    freq="W",
    train_days=1092,
    before="2021-01-01",
    donuts=(14, 28),
    training=(728, 1456),
    seed=0,
):
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
    before = day(before, "before")
    chosen = {
        "covariates": covariates,
        "horizon_days": horizon_days,
        "level": level,
        "freq": freq,
        "train_days": train_days,
        "draws": 500,
    }
    found = effect(intervention, series, **{**chosen, "draws": 4000}, seed=seed)
    pseudo = pseudo_dates(found, n, min(before, found.intervention), seed)
    rows = []
    for k, when in enumerate(pseudo):
        one = effect(when, series, **chosen, seed=seed + k)
        value, low, high = one.mean_pct()
        rows.append((when, value, low, high, one.score, not low <= 0 <= high))
    in_time = pd.DataFrame(
        rows, columns=["date", "effect_pct", "lower_pct", "upper_pct", "score", "excludes_zero"]
    )
    p, detectable = randomisation(found.score, in_time["score"].to_numpy(), level)
    span = (in_time["date"].max() - in_time["date"].min()).days + horizon_days
    return Placebo(
        effect=found,
        in_time=in_time,
        variants=variants(found, series, chosen, donuts, training),
        p_value=p,
        minimum_detectable_pct=float(100 * -np.expm1(-detectable * found.log_effect.std())),
        false_positive_pct=float(100 * in_time["excludes_zero"].mean()),
        windows=span / horizon_days,
    )


def pseudo_dates(found, n, before, seed, room=None):
    """Days at which the same estimate could be made and nothing happened.

    Parameters
    ----------
    found : Effect
        The estimate to imitate: its training window and horizon must fit.
    n : int
    before : Timestamp
        End of the last pseudo-horizon (exclusive).
    seed : int
    room : Timedelta, optional
        Extra past needed.

    Returns
    -------
    list of Timestamp
        Ascending; on dates of the series unless its weeks can be counted from any day.

    Raises
    ------
    BadParameter
        Fewer than 19 fit.
    """
    valued = found.full.dropna().index
    trained = found.intervention - found.training[0]
    first = valued[0] + trained + (pd.Timedelta(0) if room is None else room)
    if found.earliest is not None:
        first = max(first, found.earliest)
    last = before - pd.Timedelta(days=found.horizon_days)
    if found.any_day:
        days = pd.date_range(first.normalize(), last, freq="D")
    else:
        days = valued[(valued >= first) & (valued <= last)]
    if len(days) < 19:
        raise BadParameter(
            "n",
            n,
            _("only {n} pseudo-interventions fit before {day}; 19 are needed").format(
                n=len(days), day=before.date()
            ),
        )
    rng = np.random.default_rng(seed)
    return sorted(days[rng.choice(len(days), min(n, len(days)), replace=False)])


def randomisation(own, scores, level):
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
