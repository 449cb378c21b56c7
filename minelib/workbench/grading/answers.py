# SPDX-License-Identifier: MIT
"""Answers as plain data: what a submission computed crosses to the grader as JSON, never as code.

A pickle from a submission would run whatever the student put into it. Here every value becomes
a number, a text, a list; what is none of these arrives as the name of its type.
"""

import datetime
import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd

from minelib.checks.alike import kind
from minelib.lessons.checks import Unreadable

LARGEST = 50_000  # values in one answer
_DEPTH = 4
# What is looked up by its hash: keys can be chosen that all collide, and then each costs as much
# as all before it. Whole numbers from 2**61 - 1 on collide most simply of all.
_MOST_KEYS = 5_000
_EXACT = 2**61 - 1
_TEXT = 20_000  # characters of a text


def is_about_memory(error: str) -> bool:
    """Whether an error, as text, says that memory ran out.

    Examples
    --------
    >>> is_about_memory("MemoryError: "), is_about_memory("NameError: memory")
    (True, False)
    """
    return error.startswith("MemoryError") or "Unable to allocate" in error


class _TooLarge(Exception):
    pass


def encode(value: Any) -> list:
    """A value as something `json.dumps` writes.

    Parameters
    ----------
    value : object

    Returns
    -------
    list
        Type and content.

    Examples
    --------
    >>> encode(3), encode({"a": [1.5]})
    (['n', 3], ['d', [[['s', 'a'], ['l', [['n', 1.5]]]]]])
    """
    try:
        return _encode(value, _DEPTH)
    except _TooLarge:
        return ["x", f"{type(value).__name__} (too large)"]
    except Exception:  # hostile __len__, __iter__, __repr__ ...
        return ["x", _type_name(value)]


def _type_name(value):
    return str(getattr(type(value), "__name__", "object"))[:60]


def _encode(value, depth):
    if value is Ellipsis:
        return ["e"]
    if value is None or value is pd.NA or value is pd.NaT:
        return ["0"]
    what = kind(value)
    if what == "truth":
        return ["b", bool(value)]
    if what == "number":
        exact = isinstance(value, (int, np.integer)) and abs(int(value)) < _EXACT
        return ["n", int(value) if exact else _float(float(value))]
    if what == "text":
        return ["s", str(value)[:_TEXT]]
    if what == "span":
        return ["p", _float(float(pd.Timedelta(value).total_seconds()))]
    if what == "date":
        start = value.to_timestamp() if isinstance(value, pd.Period) else pd.Timestamp(value)
        return ["t", start.isoformat()]
    if what == "other" and hasattr(value, "drawn"):  # a picture
        return ["g", _encode(value.marks, 2), _encode(value.axes, 2), value.figures]
    if depth == 0 or what == "other":
        return ["x", _type_name(value)]
    if isinstance(value, np.ndarray):
        value = value.ravel() if value.ndim else [value.item()]
    most = _MOST_KEYS if isinstance(value, (dict, set, frozenset)) else LARGEST
    if (value.size if what == "table" else len(value)) > most:
        raise _TooLarge
    if what == "table":
        columns = [_list(value.iloc[:, n]) for n in range(value.shape[1])]
        heads = [_encode(head, 1) for head in value.columns]
        return ["f", [list(pair) for pair in zip(heads, columns, strict=True)], _index(value.index)]
    if isinstance(value, dict):
        return ["d", [[_encode(k, 1), _encode(v, depth - 1)] for k, v in value.items()]]
    if isinstance(value, (list, tuple, set, frozenset)):
        return ["u" if what == "set" else "l", [_encode(v, depth - 1) for v in value]]
    if isinstance(value, pd.Series):
        return ["r", _list(value), _index(value.index)]
    return ["l", _list(value)]


def _float(value):
    return value if math.isfinite(value) else str(value)


def _list(values):
    return [_encode(v, 1) for v in values.tolist()]


def _index(index):
    if hasattr(index, "to_timestamp"):
        index = index.to_timestamp()
    names = [None if n is None else str(n) for n in index.names]
    return [names, _list(index.to_flat_index() if index.nlevels > 1 else index)]


def decode(coded: Any) -> Any:
    """The value again; `ValueError` for anything `encode` does not write.

    Examples
    --------
    >>> decode(encode([1, 2.5, "a", None]))
    [1, 2.5, 'a', None]
    """
    try:
        what, *content = coded
        return _DECODED[what](*content)
    except (TypeError, KeyError, IndexError, OverflowError, RecursionError) as error:
        raise ValueError(f"no coded answer: {error}") from None


def _few(values, most=LARGEST, kind=list):
    """The values, where they are as few, or the text as short, as `encode` would send."""
    if not isinstance(values, kind) or len(values) > most:
        raise ValueError("no coded answer: another kind, or too large")
    return values


def _decoded(values):
    return [decode(v) for v in _few(values)]


def _number(value):
    if isinstance(value, str):
        return float(_few(value, 30, str))
    if not isinstance(value, (int, float)) or (isinstance(value, int) and abs(value) >= _EXACT):
        raise ValueError("no coded answer: no such number")
    return value


def _key(coded):
    value = decode(coded)
    return tuple(value) if isinstance(value, list) else value


def _picture(marks, axes, figures):
    from minelib.display.picture import Picture

    return Picture(decode(marks), decode(axes), int(figures))


def _decoded_index(coded):
    names, values = coded
    labels = [_key(v) for v in _few(values)]
    if len(names) > 1:
        return pd.MultiIndex.from_tuples(labels, names=names)
    return pd.Index(labels, name=names[0])


_DECODED: dict[str, Callable[..., Any]] = {
    "e": lambda: Ellipsis,
    "0": lambda: None,
    "b": bool,
    "s": lambda value: _few(value, _TEXT, str),
    "n": _number,
    "t": lambda text: pd.Timestamp(_few(text, 40, str)),
    "p": lambda seconds: datetime.timedelta(seconds=float(_number(seconds))),
    "l": _decoded,
    "u": lambda values: set(map(_key, _few(values, _MOST_KEYS))),
    "d": lambda pairs: {_key(k): decode(v) for k, v in _few(pairs, _MOST_KEYS)},
    "r": lambda values, index: pd.Series(_decoded(values), index=_decoded_index(index)),
    "f": lambda columns, index: pd.DataFrame(
        {_key(c): _decoded(values) for c, values in _few(columns, 500)}, index=_decoded_index(index)
    ),
    "g": lambda *parts: _picture(*parts),
    "x": lambda name: Unreadable(str(name)[:80]),
}
