# SPDX-License-Identifier: MIT
"""What an effect is told as: numbers with intervals, a series by date, a sentence."""

from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from minelib import Drawable, words
from minelib.checks import language
from minelib.errors import UnknownName
from minelib.impact.recovery import regained
from minelib.words import N_
from minelib.words import gettext as _

__all__ = ["Effect"]


@dataclass(repr=False)
class Effect(Drawable):
    """The effect of an intervention, as `minelib.impact.effect` returns it.

    Attributes
    ----------
    intervention : pandas.Timestamp
    level : float
        Of all intervals.
    name, unit : str
        Of the series.
    covariates : tuple of str
    training : tuple of Timestamp
        First and last observation of the training window.
    log_effect : numpy.ndarray
        Draws of the mean difference over the horizon on the model's scale; `placebo` and
        `stages` compare these.
    recovery : tuple of Timestamp
        Day on which the series had regained its level from before, with its interval; NaT
        where it did not within the data (see `minelib.impact.recovery`).
    any_day : bool
        Whether the periods of the series can be counted from any day (own days and weeks).
    earliest : Timestamp or None
        First day at which a placebo makes sense.
    """

    intervention: pd.Timestamp
    dates: pd.DatetimeIndex
    split: int
    values: np.ndarray
    draws: np.ndarray
    logs: bool
    level: float
    step_days: float
    name: str
    unit: str
    full: pd.Series
    noise: np.ndarray | None
    covariates: tuple
    horizon_days: int
    fit: object
    seed: int
    any_day: bool = False
    earliest: pd.Timestamp | None = None
    _cache: dict = field(default_factory=dict)

    @property
    def training(self):
        return self.dates[0], self.dates[self.split - 1]

    @property
    def after(self):
        """Dates of the horizon."""
        return self.dates[self.split :]

    @property
    def observed(self):
        """Values of the horizon, NaN where left out or missing."""
        return self.values[self.split :]

    @property
    def _paths(self):
        """Counterfactual draws in the unit of the series, periods left out as NaN."""
        if "paths" not in self._cache:
            paths = np.exp(self.draws) if self.logs else self.draws.copy()
            paths[:, ~np.isfinite(self.observed)] = np.nan
            self._cache["paths"] = paths
        return self._cache["paths"]

    @property
    def log_effect(self):
        y = np.log(self.observed) if self.logs else self.observed
        return np.nanmean(y - self.draws, axis=1)

    def _interval(self, draws):
        tail = (1 - self.level) / 2
        value, lower, upper = np.quantile(draws, [0.5, tail, 1 - tail])
        return float(value), float(lower), float(upper)

    @property
    def score(self):
        """Effect in units of its own standard error."""
        draws = self.log_effect
        return float(np.median(draws) / draws.std())

    def mean_pct(self):
        """Mean effect in percent: value, lower, upper; NaN for a series that is not positive."""
        if not self.logs:
            return (np.nan,) * 3
        seen = np.isfinite(self.observed)
        paths = self._paths[:, seen].sum(axis=1)
        return self._interval((self.observed[seen].sum() / paths - 1) * 100)

    @property
    def recovery(self):
        if "recovery" not in self._cache:
            self._cache["recovery"] = regained(self)
        return self._cache["recovery"]

    def summary(self):
        """The findings in numbers.

        Returns
        -------
        pandas.DataFrame
            One row a quantity: quantity (str), value, lower, upper (float64), unit (str).
            Quantities: ``mean_effect`` (mean of observed minus counterfactual over the
            horizon), ``mean_effect_pct`` (the same in percent of the counterfactual),
            ``max_effect`` and ``max_effect_pct`` (at the period where the estimate is farthest
            from zero; chosen after looking, so read it as a size, not as a test),
            ``max_effect_days`` (days from the intervention to that period, no interval),
            ``cumulative_effect`` (sum over days of observed minus counterfactual),
            ``final_effect_pct`` (the last period) and ``recovery_days`` (days until the level
            from before was regained; NaN where it was not within the data). Percent are NaN
            for a series that is not positive.

        Examples
        --------
        >>> from minelib.impact import effect
        >>> effect("2021-05-21", covariates=()).summary().columns.tolist()
        ['quantity', 'value', 'lower', 'upper', 'unit']
        """
        observed, paths = self.observed, self._paths
        seen = np.isfinite(observed)
        observed, paths = observed[seen], paths[:, seen]
        differences = observed - paths
        total = differences.sum(axis=1)
        far = int(np.argmax(np.abs(np.median(self._relative(observed, paths), axis=0))))
        percent = self._relative(observed, paths) * 100
        nothing = np.full(len(paths), np.nan)
        far_days = float((self.after[seen][far] - self.intervention).days)
        unit_days = f"{self.unit} days" if self.unit else "days"
        rows = [
            ("mean_effect", *self._interval(total / seen.sum()), self.unit),
            ("mean_effect_pct", *self.mean_pct(), "percent"),
            ("max_effect", *self._interval(differences[:, far]), self.unit),
            (
                "max_effect_pct",
                *self._interval(percent[:, far] if self.logs else nothing),
                "percent",
            ),
            ("max_effect_days", far_days, np.nan, np.nan, "days"),
            ("cumulative_effect", *self._interval(total * self.step_days), unit_days),
            (
                "final_effect_pct",
                *self._interval(percent[:, -1] if self.logs else nothing),
                "percent",
            ),
            (
                "recovery_days",
                *(
                    (d - self.intervention).days if d is not pd.NaT else np.nan
                    for d in self.recovery
                ),
                "days",
            ),
        ]
        frame = pd.DataFrame(rows, columns=["quantity", "value", "lower", "upper", "unit"])
        return frame.astype(dict.fromkeys(("value", "lower", "upper"), float))

    def _relative(self, observed, paths):
        return (observed - paths) / (paths if self.logs else self.fit.scale)

    def value(self, quantity):
        """One value of `summary`.

        Raises
        ------
        UnknownName
        """
        return self._row(quantity)[0]

    def _row(self, quantity):
        if "summary" not in self._cache:
            self._cache["summary"] = self.summary().set_index("quantity")
        frame = self._cache["summary"]
        if quantity not in frame.index:
            raise UnknownName(N_("quantity"), quantity, frame.index)
        return tuple(frame.loc[quantity, ["value", "lower", "upper"]])

    def series(self):
        """Observed and counterfactual by date.

        Returns
        -------
        pandas.DataFrame
            Indexed by first day of the period, training window and horizon: ``phase``
            ("before", "left out", "after"), ``observed``; for the horizon also
            ``counterfactual``, ``lower``, ``upper`` (unit of the series), ``effect_pct``,
            ``effect_lower_pct``, ``effect_upper_pct`` (percent of the counterfactual, NaN for a
            series that is not positive), and ``cumulative``, ``cumulative_lower``,
            ``cumulative_upper`` (unit times days since the intervention). ``attrs`` hold
            ``name`` and ``unit`` of the series.
        """
        frame = pd.DataFrame({"phase": "before", "observed": self.values}, index=self.dates)
        frame.loc[self.dates[self.split :], "phase"] = "after"
        frame.loc[~np.isfinite(self.values), "phase"] = "left out"
        index, paths = self.after, self._paths
        whole = np.exp(self.draws) if self.logs else self.draws
        sums = np.nancumsum(self.observed - paths, axis=1) * self.step_days
        nothing = np.full_like(whole, np.nan)
        percent = (self.observed / whole - 1) * 100 if self.logs else nothing
        tail = (1 - self.level) / 2
        for names, draws in (
            (("counterfactual", "lower", "upper"), whole),
            (("effect_pct", "effect_lower_pct", "effect_upper_pct"), percent),
            (("cumulative", "cumulative_lower", "cumulative_upper"), sums),
        ):
            for name, q in zip(names, (0.5, tail, 1 - tail), strict=True):
                frame.loc[index, name] = np.quantile(draws, q, axis=0)
        frame.attrs.update(name=self.name, unit=self.unit)
        return frame

    def sentence(self, lang=None):
        """The effect in one or two sentences.

        Parameters
        ----------
        lang : {"en", "zh"} or None
            None for the current language.

        Returns
        -------
        str
        """
        phrase = {
            "series": _(self.name, lang),
            "date": words.date(self.intervention, lang),
            "days": self.horizon_days,
            "level": words.percent(self.level * 100, 0, lang),
        }
        if self.logs:
            value, lower, upper = self._row("mean_effect_pct")
            phrase["size"] = words.percent(abs(value), 1, lang)
            phrase["lower"] = words.percent(lower, 1, lang, signed=True)
            phrase["upper"] = words.percent(upper, 1, lang, signed=True)
        else:
            value, lower, upper = self._row("mean_effect")
            phrase["size"] = words.number(abs(value), 2, lang)
            phrase["lower"] = words.number(lower, 2, lang, signed=True)
            phrase["upper"] = words.number(upper, 2, lang, signed=True)
        if value < 0:
            told = _(
                "In the {days} days from {date} on, mean {series} lay {size} below "
                "what the past would have led one to expect ({level} interval: {lower} to "
                "{upper}).",
                lang,
            )
        else:
            told = _(
                "In the {days} days from {date} on, mean {series} lay {size} above "
                "what the past would have led one to expect ({level} interval: {lower} to "
                "{upper}).",
                lang,
            )
        if lower <= 0 <= upper:
            verdict = _("The interval of the mean includes zero: it alone shows no effect.", lang)
        else:
            verdict = _("The interval of the mean excludes zero.", lang)
        parts = [told.format(**phrase), verdict]
        if self.logs:
            parts.insert(1, self._told_deepest(lang))
        return ("" if language(lang) == "zh" else " ").join(parts)

    def _told_deepest(self, lang):
        """The period with the largest effect, as a sentence."""
        value, lower, upper = self._row("max_effect_pct")
        when = self.intervention + pd.Timedelta(days=self._row("max_effect_days")[0])
        return _(
            "The difference was largest in the period from {date}: {size} ({lower} to {upper}).",
            lang,
        ).format(
            date=words.date(when, lang),
            size=words.percent(value, 1, lang, signed=True),
            lower=words.percent(lower, 1, lang, signed=True),
            upper=words.percent(upper, 1, lang, signed=True),
        )

    def __repr__(self):
        return f"<Effect on {self.name} from {self.intervention.date()}: {self.sentence('en')}>"

    def _repr_html_(self):
        from html import escape

        return f"<p>{escape(self.sentence())}</p>"
