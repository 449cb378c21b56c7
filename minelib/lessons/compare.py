# SPDX-License-Identifier: MIT
"""Whether an answer is the right one in another form: order, type and container do not matter."""

import math
from datetime import timedelta
from decimal import Decimal
from numbers import Real

import numpy as np
import pandas as pd

from minelib.words import gettext as _

__all__ = ["agree", "as_date", "as_number", "as_series", "guess", "kind"]


def kind(value):
    """What a value is: ``truth``, ``number``, ``date``, ``span``, ``text``, ``series``, ``table``,
    ``set``, ``none`` or ``other``."""
    if value is None or value is Ellipsis:
        return "none"
    if isinstance(value, (bool, np.bool_)):
        return "truth"
    if isinstance(value, (Real, Decimal)):
        return "number"
    if isinstance(value, str):
        return "text"
    if isinstance(value, (timedelta, np.timedelta64)):
        return "span"
    if isinstance(value, (pd.Period, np.datetime64)) or hasattr(value, "isoformat"):
        return "date"
    if isinstance(value, pd.DataFrame):
        return "table"
    if isinstance(value, (set, frozenset)):
        return "set"
    if isinstance(value, (pd.Series, pd.Index, np.ndarray, list, tuple, dict)):
        return "series"
    return "other"


def single(value):
    """The only element of a container of one; else the value."""
    if isinstance(value, pd.DataFrame) and value.size == 1:
        return value.iloc[0, 0]
    if isinstance(value, (pd.Series, pd.Index, np.ndarray)) and value.size == 1:
        return np.asarray(value, dtype=object).ravel()[0]
    if isinstance(value, (list, tuple, set)) and len(value) == 1:
        return next(iter(value))
    return value


def as_number(value):
    """The value as a float, or None: a container of one counts, text and truth values do not."""
    value = single(value)
    return float(value) if kind(value) == "number" else None


def as_date(value):
    """The value as a Timestamp without zone, or None; text is read, a period gives its start."""
    value = single(value)
    if kind(value) not in ("date", "text"):
        return None
    try:
        stamp = value.to_timestamp() if isinstance(value, pd.Period) else pd.Timestamp(value)
    except (ValueError, TypeError):
        return None
    if stamp is pd.NaT:
        return None
    return (stamp.tz_convert(None) if stamp.tzinfo else stamp).normalize()


def as_series(value):
    """The value as a Series: a table of one column, a list, an array, a dict; else None."""
    if isinstance(value, pd.DataFrame):
        numbers = [c for c in value.columns if pd.api.types.is_numeric_dtype(value[c])]
        if value.shape[1] == 1:
            return value.iloc[:, 0]
        if value.shape[1] == 2 and len(numbers) == 1:  # a reset index beside the values
            other = next(c for c in value.columns if c != numbers[0])
            return value.set_index(other)[numbers[0]]
        return None
    if isinstance(value, pd.Series):
        return value
    if isinstance(value, (dict, list, tuple, pd.Index, np.ndarray)):
        try:
            return pd.Series(value if isinstance(value, dict) else list(value))
        except (ValueError, TypeError):
            return None
    return None


def word(value):
    """Text without the difference of letter case, spaces, hyphens and full-width marks."""
    return str(value).strip().casefold().replace(" ", "_").replace("-", "_")


def _label(value):
    date = as_date(value) if kind(value) == "date" else None
    if date is not None:
        return f"{date:%Y-%m-%d}"
    text = word(value)
    if len(text) >= 7 and text[:4].isdigit():  # a date written as text
        date = as_date(str(value))
        return f"{date:%Y-%m-%d}" if date is not None else text
    return text


def close(value, right, rel, floor):
    """Two numbers within tolerance; gaps agree with gaps."""
    if math.isnan(right) or math.isnan(value):
        return math.isnan(right) and math.isnan(value)
    return abs(value - right) <= max(abs(right) * rel, floor)


def agree(value, right, rel=0.005, floor=1e-9):
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
    what = kind(right)
    if what == "truth":
        value = single(value)
        return kind(value) == "truth" and bool(value) == bool(right)
    if what == "number":
        number = as_number(value)
        return number is not None and close(number, float(right), rel, floor)
    if what == "date":
        return as_date(value) is not None and as_date(value) == as_date(right)
    if what == "text":
        value = single(value)
        return kind(value) == "text" and word(value) == word(right)
    if what in ("set", "series") and not _numeric(right):
        return _members(value) == _members(right)
    if what == "series":
        return _series_agree(value, right, rel, floor)
    if what == "table":
        return _tables_agree(value, right, rel, floor)
    return value == right


def _numeric(value):
    series = as_series(value)
    return series is not None and pd.api.types.is_numeric_dtype(series)


def _members(value):
    if kind(value) == "text":
        return sorted(_label(v) for v in value.replace("，", ",").split(","))
    if isinstance(value, dict):
        value = list(value)
    if isinstance(value, pd.DataFrame):
        value = as_series(value)
    if kind(value) not in ("set", "series"):
        return None
    return sorted(_label(v) for v in value)


def _series_agree(value, right, rel, floor):
    value, right = as_series(value), as_series(right)
    if value is None or not pd.api.types.is_numeric_dtype(value) or len(value) != len(right):
        return False
    labels, ours = [_label(i) for i in value.index], [_label(i) for i in right.index]
    if sorted(labels) == sorted(ours) and len(set(ours)) == len(ours):
        given = dict(zip(labels, value.astype(float), strict=True))
        return all(
            close(given[label], float(r), rel, floor) for label, r in zip(ours, right, strict=True)
        )
    if labels != [str(n) for n in range(len(labels))] and not _counts(ours):
        return False  # it has labels, and they are other ones
    return all(close(float(v), float(r), rel, floor) for v, r in zip(value, right, strict=True))


def _counts(labels):
    return labels == [str(n) for n in range(len(labels))]


def _tables_agree(value, right, rel, floor):
    if not isinstance(value, pd.DataFrame):
        return False
    value, right = value.reset_index(), right.reset_index()
    names = {word(c): c for c in value.columns}
    columns = [c for c in right.columns if c != "index"]
    if len(value) != len(right) or any(word(c) not in names for c in columns):
        return False
    keys = [c for c in columns if not pd.api.types.is_float_dtype(right[c])] or columns[:1]
    frames = []
    for frame, its in ((value, {c: names[word(c)] for c in columns}), (right, None)):
        frame = pd.DataFrame({c: frame[its[c] if its else c] for c in columns})
        order = frame[keys].map(_label)
        frames.append(frame.loc[order.sort_values(keys).index].reset_index(drop=True))
    return all(
        [_label(v) for v in frames[0][c]] == [_label(v) for v in frames[1][c]]
        if c in keys and not pd.api.types.is_numeric_dtype(right[c])
        else _series_agree(frames[0][c], frames[1][c], rel, floor)
        for c in columns
    )


def guess(value, right, rel=0.005):
    """What may be wrong with an answer that is not right, in a sentence; empty when unknown."""
    what = kind(right)
    if what == "number":
        return _about_number(as_number(value), float(right))
    if what == "date" and as_date(value) is not None:
        return _("It is another day: which rows did you search, for the largest or the smallest?")
    if what in ("set", "series") and not _numeric(right):
        given, wanted = _members(value), _members(right)
        if given is None or not wanted:
            return ""
        good = {*given} & {*wanted}
        return _("{count} of the {right} are in it; {more} do not belong.").format(
            count=len(good), right=len(wanted), more=len({*given} - good)
        )
    if what == "series":
        series = as_series(value)
        ours = as_series(right)
        if series is None:
            return ""
        if len(series) != len(ours):
            return _("It has {count} values, {right} are expected.").format(
                count=len(series), right=len(ours)
            )
        try:
            ratio = float(np.nanmedian(series.to_numpy(float) / ours.to_numpy(float)))
        except (ValueError, TypeError):
            return ""
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
    if abs(ratio + 1) < 0.02:
        return _("The size is right, the sign is not: what was subtracted from what?")
    for power, sentence in (
        (2, _("It is about a hundred times too large: percent or fraction?")),
        (-2, _("It is about a hundred times too small: percent or fraction?")),
        (3, _("It is about a thousand times too large: look at the units.")),
        (-3, _("It is about a thousand times too small: look at the units.")),
        (6, _("It is about a million times too large: look at the units.")),
        (-6, _("It is about a million times too small: look at the units.")),
    ):
        if abs(ratio / 10.0**power - 1) < 0.02:
            return sentence
    if abs(ratio - 1) < 0.05:
        return _(
            "It is close: is a row or an end of the period left out or taken twice, or "
            "something rounded early?"
        )
    if abs(1 / value / right - 1) < 0.02:
        return _("Is the fraction upside down?")
    return _("It is too large.") if value > right else _("It is too small.")
