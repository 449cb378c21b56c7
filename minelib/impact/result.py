# SPDX-License-Identifier: MIT
"""What an effect is told as: numbers with intervals, a series by date, a sentence."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from minelib import Drawable, words
from minelib.checks import language
from minelib.checks.door import Lang, checked
from minelib.errors import UnknownName
from minelib.html import render
from minelib.impact.recovery import regained
from minelib.impact.series import Observed
from minelib.words import N_, gettext as _

__all__ = ["Effect", "Told", "numbers", "told"]


def numbers(rows: dict[str, tuple]) -> pd.DataFrame:
    """Quantities with value, lower, upper and unit as a table."""
    frame = pd.DataFrame.from_dict(rows, "index", columns=["value", "lower", "upper", "unit"])
    numeric = dict.fromkeys(("value", "lower", "upper"), float)
    return frame.rename_axis("quantity").reset_index().astype(numeric)


def told(sentence: str, lang: str | None, decimals: int = 0, **values: Any) -> str:
    """A sentence with its values: days as dates, floats as percentages with their signs."""
    for name, value in values.items():
        if value is pd.NaT or isinstance(value, pd.Timestamp):
            values[name] = "–" if value is pd.NaT else words.date(value, lang)
        elif isinstance(value, float):
            values[name] = words.percent(value, decimals, lang, signed=True)
    return sentence.format(**values)


class Told(Drawable):
    """A result with a sentence, shown in a notebook as a paragraph."""

    def sentence(self, lang: Lang | None = None) -> str:
        """The result in words."""
        raise NotImplementedError

    def _repr_html_(self):
        return render("<p>{{ told }}</p>", told=self.sentence())


@dataclass(repr=False, eq=False)
class Effect(Told):
    """The effect of an intervention, as `minelib.impact.effect` returns it.

    Attributes
    ----------
    intervention : pandas.Timestamp
    level : float
        Of all intervals.
    name, unit : str
        Of the series.
    covariates : tuple of str
        Their names; ``x`` holds their values by date.
    training : tuple of Timestamp
        First and last observation of the training window.
    log_effect : numpy.ndarray
        Draws of the mean difference over the horizon on the model's scale; `placebo` and
        `stages` compare these.
    recovery : tuple of Timestamp
        Day on which the series had regained its level from before, with its interval; NaT
        where it did not within the data (see `minelib.impact.recovery`).
    earliest : Timestamp or None
        First day at which a placebo makes sense.
    """

    intervention: pd.Timestamp
    dates: pd.DatetimeIndex
    split: int
    values: np.ndarray
    draws: np.ndarray
    scale: float
    logs: bool
    level: float
    seen: Observed
    x: pd.DataFrame
    horizon_days: int
    seed: int
    earliest: pd.Timestamp | None

    @property
    def name(self) -> str:
        return self.seen.name

    @property
    def unit(self) -> str:
        return self.seen.unit

    @property
    def covariates(self) -> tuple[str, ...]:
        return tuple(self.x.columns)

    @property
    def training(self) -> tuple[pd.Timestamp, pd.Timestamp]:
        return self.dates[0], self.dates[self.split - 1]

    @property
    def after(self) -> pd.DatetimeIndex:
        """Dates of the horizon."""
        return self.dates[self.split :]

    @property
    def observed(self) -> np.ndarray:
        """Values of the horizon, NaN where left out or missing."""
        return self.values[self.split :]

    @cached_property
    def _paths(self):
        """Counterfactual draws in the unit of the series."""
        return np.exp(self.draws) if self.logs else self.draws

    @property
    def log_effect(self) -> np.ndarray:
        y = np.log(self.observed) if self.logs else self.observed
        return np.nanmean(y - self.draws, axis=1)

    def _interval(self, draws):
        tail = (1 - self.level) / 2
        return tuple(np.quantile(draws, [0.5, tail, 1 - tail], axis=0))

    @property
    def score(self) -> float:
        """Effect in units of its own standard error."""
        draws = self.log_effect
        return float(np.median(draws) / draws.std())

    def fall_pct(self, score: float) -> float:
        """Fall in percent (positive) that stands so many standard errors below nothing."""
        return float(-100 * np.expm1(-score * self.log_effect.std()))

    def mean_pct(self) -> tuple[float, float, float]:
        """Mean effect in percent: value, lower, upper; NaN for a series that is not positive."""
        if not self.logs:
            return (np.nan,) * 3
        seen = np.isfinite(self.observed)
        expected = self._paths[:, seen].sum(axis=1)
        value, lower, upper = self._interval((self.observed[seen].sum() / expected - 1) * 100)
        return float(value), float(lower), float(upper)

    def row(self) -> dict[str, float]:
        """Mean effect in percent as columns of a table."""
        return dict(zip(("effect_pct", "lower_pct", "upper_pct"), self.mean_pct(), strict=True))

    @cached_property
    def recovery(self) -> tuple[pd.Timestamp, ...]:
        return regained(self)

    def summary(self) -> pd.DataFrame:
        """The findings in numbers.

        Returns
        -------
        pandas.DataFrame
            One row per quantity: quantity (str), value, lower, upper (float64), unit (str).
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
        seen = np.isfinite(self.observed)
        gaps = (self.observed - self._paths)[:, seen]
        total = gaps.sum(axis=1)
        shares = gaps / (self._paths[:, seen] if self.logs else self.scale)
        far = int(np.argmax(np.abs(np.median(shares, axis=0))))
        percent = shares * (100 if self.logs else np.nan)
        far_days = (self.after[seen][far] - self.intervention).days
        recovery = [(day - self.intervention).days for day in self.recovery]
        unit_days = f"{self.unit} days" if self.unit else "days"
        return numbers(
            {
                "mean_effect": (*self._interval(total / seen.sum()), self.unit),
                "mean_effect_pct": (*self.mean_pct(), "percent"),
                "max_effect": (*self._interval(gaps[:, far]), self.unit),
                "max_effect_pct": (*self._interval(percent[:, far]), "percent"),
                "max_effect_days": (far_days, np.nan, np.nan, "days"),
                "cumulative_effect": (*self._interval(total * self.seen.step_days), unit_days),
                "final_effect_pct": (*self._interval(percent[:, -1]), "percent"),
                "recovery_days": (*recovery, "days"),
            }
        )

    @checked
    def value(self, quantity: str) -> float:
        """One value of `summary`.

        Raises
        ------
        UnknownName
        """
        if quantity not in self._numbers.index:
            raise UnknownName(N_("quantity"), quantity, self._numbers.index)
        return float(self._numbers.loc[quantity, "value"])

    @cached_property
    def _numbers(self):
        return self.summary().set_index("quantity")

    def series(self) -> pd.DataFrame:
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
        phase = np.where(self.dates < self.after[0], "before", "after")
        phase = np.where(np.isfinite(self.values), phase, "left out")
        frame = pd.DataFrame({"phase": phase, "observed": self.values}, index=self.dates)
        gaps, percent = self.observed - self._paths, 100 if self.logs else np.nan
        sums = np.nancumsum(gaps, axis=1) * self.seen.step_days
        bounded = {
            ("counterfactual", "lower", "upper"): self._paths,
            ("effect_pct", "effect_lower_pct", "effect_upper_pct"): gaps / self._paths * percent,
            ("cumulative", "cumulative_lower", "cumulative_upper"): sums,
        }
        after = {
            name: values
            for names, draws in bounded.items()
            for name, values in zip(names, self._interval(draws), strict=True)
        }
        frame = frame.join(pd.DataFrame(after, index=self.after))
        frame.attrs.update(name=self.name, unit=self.unit)
        return frame

    @checked
    def sentence(self, lang: Lang | None = None) -> str:
        """The effect in one or two sentences.

        Parameters
        ----------
        lang : {"en", "zh"} or None
            None for the current language.

        Returns
        -------
        str
        """
        rows = self._numbers[["value", "lower", "upper"]]
        mean = rows.loc["mean_effect_pct" if self.logs else "mean_effect"].to_dict()
        if not self.logs:
            mean = {k: words.number(v, 2, lang, signed=True) for k, v in mean.items()}
        sentence = _(
            "In the {days} days from {date} on, mean {series} differed by {value} from what the "
            "past would have led one to expect ({level} interval: {lower} to {upper}).",
            lang,
        )
        level = words.percent(self.level * 100, 0, lang)
        about = {"series": _(self.name, lang), "date": self.intervention, "level": level}
        parts = [told(sentence, lang, 1, days=self.horizon_days, **about, **mean)]
        if self.logs:
            when = self.intervention + pd.Timedelta(days=self.value("max_effect_days"))
            deepest = _(
                "The difference was largest in the period from {date}: {value} ({lower} to "
                "{upper}).",
                lang,
            )
            most = rows.loc["max_effect_pct"].to_dict()
            parts.append(told(deepest, lang, 1, date=when, **most))
        verdict = _("The interval of the mean excludes zero.", lang)
        lower, upper = self._numbers.loc["mean_effect", ["lower", "upper"]]
        if lower <= 0 <= upper:
            verdict = _("The interval of the mean includes zero: it alone shows no effect.", lang)
        parts.append(verdict)
        return ("" if language(lang) == "zh" else " ").join(parts)

    def __repr__(self):
        return f"<Effect on {self.name} from {self.intervention.date()}: {self.sentence('en')}>"
