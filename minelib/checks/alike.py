# SPDX-License-Identifier: MIT
"""Whether an answer is the right one in another form: order, type and container do not matter."""

import contextlib
import math
from datetime import date, timedelta
from decimal import Decimal
from numbers import Real
from typing import Any

import numpy as np
import pandas as pd

from minelib.words import N_, gettext as _

_KINDS: dict[str, type | tuple[type, ...]] = {
    "truth": (bool, np.bool_),
    "span": (timedelta, np.timedelta64),  # numpy's is a number too
    "number": (Real, Decimal),
    "text": str,
    "date": (date, pd.Period, np.datetime64),
    "table": pd.DataFrame,
    "set": (set, frozenset),
    "series": (pd.Series, pd.Index, np.ndarray, list, tuple, dict),
}


def kind(value: object) -> str:
    """What a value is: ``truth``, ``number``, ``date``, ``span``, ``text``, ``series``, ``table``,
    ``set``, ``none`` or ``other``."""
    if value is None or value is Ellipsis:
        return "none"
    return next((what for what, types in _KINDS.items() if isinstance(value, types)), "other")


def single(value: Any) -> Any:
    """The only element of a container of one; else the value."""
    if isinstance(value, (pd.DataFrame, pd.Series, pd.Index, np.ndarray)) and value.size == 1:
        return np.asarray(value, dtype=object).item()
    if isinstance(value, (list, tuple, set)) and len(value) == 1:
        return next(iter(value))
    return value


def as_number(value: Any) -> float | None:
    """The value as a float, or None: a container of one counts, text and truth values do not."""
    value = single(value)
    return float(value) if kind(value) == "number" else None


def as_date(value: Any) -> pd.Timestamp | None:
    """The value as a Timestamp without zone, or None; text is read, a period gives its start."""
    value = single(value)
    if kind(value) not in ("date", "text"):
        return None
    try:
        stamp: Any = value.to_timestamp() if isinstance(value, pd.Period) else pd.Timestamp(value)
    except (ValueError, TypeError):
        return None
    if stamp is pd.NaT:
        return None
    return (stamp.tz_convert(None) if stamp.tzinfo else stamp).normalize()


def as_series(value: object) -> pd.Series | None:
    """The value as a Series: a table of one column, a list, an array, a dict; else None."""
    if isinstance(value, pd.DataFrame):
        numbers = [c for c in value.columns if pd.api.types.is_numeric_dtype(value[c])]
        if value.shape[1] == 1:
            return value.iloc[:, 0]
        if value.shape[1] == 2 and len(numbers) == 1:  # a reset index beside the values
            return value.set_index(*(c for c in value.columns if c != numbers[0]))[numbers[0]]
        return None
    if kind(value) != "series":
        return None
    try:
        return pd.Series(value if isinstance(value, (pd.Series, dict)) else list(value))  # type: ignore[call-overload]
    except (ValueError, TypeError):
        return None


def is_numeric(value: object) -> bool:
    """Whether it is a row of numbers."""
    series = as_series(value)
    return series is not None and pd.api.types.is_numeric_dtype(series)


def word(value: object) -> str:
    """Text without the difference of letter case, spaces, hyphens and full-width marks."""
    return str(value).strip().casefold().replace(" ", "_").replace("-", "_")


def _label(value):
    text = word(value)
    dated = kind(value) == "date" or (len(text) >= 7 and text[:4].isdigit())  # or text that is
    date = as_date(value if kind(value) == "date" else str(value)) if dated else None
    return text if date is None else f"{date:%Y-%m-%d}"


def _close(value, right, rel, floor):
    """Two numbers within tolerance; gaps agree with gaps."""
    if math.isnan(right) or math.isnan(value):
        return math.isnan(right) and math.isnan(value)
    return abs(value - right) <= max(abs(right) * rel, floor)


def agree(value: Any, right: Any, rel: float = 0.005, floor: float = 1e-9) -> bool:
    """Whether a value is the right answer in any form.

    Parameters
    ----------
    value, right : object
    rel, floor : float
        Tolerance of numbers: part of the right one, and an absolute one beneath.

    Returns
    -------
    bool

    Examples
    --------
    >>> agree([3.0], 3), agree("2021-06-01", pd.Period("2021-06", "M")), agree("3", 3)
    (True, True, False)
    >>> agree(pd.Series({"b": 2, "a": 1}), {"a": 1.0, "b": 2.0})
    True
    """
    what, one = kind(right), single(value)
    if what in ("truth", "text"):
        return kind(one) == what and word(one) == word(right)
    if what == "number":
        number = as_number(value)
        return number is not None and _close(number, float(right), rel, floor)
    if what == "date":
        return as_date(value) is not None and as_date(value) == as_date(right)
    if what in ("set", "series") and not is_numeric(right):
        return members(value) == members(right)
    if what == "series":
        return _series_agree(value, right, rel, floor)
    if what == "table":
        return _tables_agree(value, right, rel, floor)
    if hasattr(right, "differs"):  # a picture
        return isinstance(value, type(right)) and not value.differs(right, rel, floor)
    return value == right


def members(value: Any) -> list[str] | None:
    """Names in a list, a set, a table of one column, or a text with commas; sorted, or None."""
    if kind(value) == "text":
        value = value.replace("，", ",").split(",")
    if kind(value) == "table":
        value = as_series(value)
    return sorted(map(_label, value)) if kind(value) in ("set", "series") else None


def _series_agree(value, right, rel, floor):
    value, right = as_series(value), as_series(right)
    if not is_numeric(value) or len(value) != len(right):
        return False
    labels, ours = [_label(i) for i in value.index], [_label(i) for i in right.index]
    counted = [str(n) for n in range(len(labels))]
    if sorted(labels) == sorted(ours) and len(set(ours)) == len(ours):
        value = value.astype(float).set_axis(labels)[ours]
    elif counted not in (labels, ours):
        return False  # it has labels, and they are other ones
    return all(_close(float(v), float(r), rel, floor) for v, r in zip(value, right, strict=True))


def _tables_agree(value, right, rel, floor):
    if not isinstance(value, pd.DataFrame):
        return False
    value, right = (frame.reset_index().rename(columns=word) for frame in (value, right))
    columns = [c for c in right.columns if c != "index"]
    if len(value) != len(right) or not {*columns} <= {*value.columns}:
        return False
    keys = [c for c in columns if not pd.api.types.is_float_dtype(right[c])] or columns[:1]
    order = {"by": keys, "key": lambda c: c.map(_label)}
    value, right = (frame[columns].sort_values(**order) for frame in (value, right))
    return all(
        value[c].map(_label).tolist() == right[c].map(_label).tolist()
        if c in keys and not pd.api.types.is_numeric_dtype(right[c])
        else _series_agree(value[c].tolist(), right[c].tolist(), rel, floor)
        for c in columns
    )


# what a wrong number is of the right one
_RATIOS = {
    -1: N_("The size is right, the sign is not: what was subtracted from what?"),
    100: N_("It is about a hundred times too large: percent or fraction?"),
    0.01: N_("It is about a hundred times too small: percent or fraction?"),
    1_000: N_("It is about a thousand times too large: look at the units."),
    0.001: N_("It is about a thousand times too small: look at the units."),
    1_000_000: N_("It is about a million times too large: look at the units."),
    0.000_001: N_("It is about a million times too small: look at the units."),
}


def guess(value: Any, right: Any, rel: float = 0.005) -> str:
    """What may be wrong with an answer that is not right, in a sentence; empty when unknown."""
    what = kind(right)
    if hasattr(right, "differs"):
        return value.differs(right, rel)
    if what == "number":
        return _about_number(as_number(value), float(right))
    if what == "date" and as_date(value) is not None:
        return _("It is another day: which rows did you search, for the largest or the smallest?")
    if what in ("set", "series") and not is_numeric(right):
        given, wanted = members(value), members(right)
        if given is None or not wanted:
            return ""
        good = {*given} & {*wanted}
        sentence = _("{count} of the {right} are in it; {more} do not belong.")
        return sentence.format(count=len(good), right=len(wanted), more=len({*given} - good))
    series, ours = as_series(value), as_series(right)
    if what != "series" or series is None or ours is None:
        return ""
    if len(series) != len(ours):
        sentence = _("It has {count} values, {right} are expected.")
        return sentence.format(count=len(series), right=len(ours))
    with np.errstate(all="ignore"), contextlib.suppress(ValueError, TypeError):
        ratio = float(np.nanmedian(series.to_numpy(float) / ours.to_numpy(float)))
        return _about_number(ratio, 1.0) if abs(ratio - 1) > rel else ""
    return ""


def _about_number(value, right):
    if value is None:
        return ""
    if math.isnan(value):
        return _("It is not a number (NaN): a gap went in. Leave missing values out.")
    if right == 0 or value == 0:
        return ""
    ratio = value / right
    for factor, sentence in _RATIOS.items():
        if abs(ratio / factor - 1) < 0.02:
            return _(sentence)
    if abs(ratio - 1) < 0.05:
        return _(
            "It is close: is a row or an end of the period left out or taken twice, or "
            "something rounded early?"
        )
    if abs(1 / value / right - 1) < 0.02:
        return _("Is the fraction upside down?")
    return _("It is too large.") if value > right else _("It is too small.")
