# SPDX-License-Identifier: MIT
"""Answers as plain data: what a submission computed crosses to the grader as JSON, never as code.

A pickle from a submission would run whatever the student put into it. Here every value becomes
a number, a text, a list; what is none of these arrives as the name of its type.
"""

import datetime
import math

__all__ = ["LARGEST", "decode", "encode", "is_about_memory"]

LARGEST = 50_000  # values in one answer
_DEPTH = 4


def is_about_memory(error):
    """Whether an error, as text, says that memory ran out.

    Examples
    --------
    >>> is_about_memory("MemoryError: "), is_about_memory("NameError: memory")
    (True, False)
    """
    return error.startswith("MemoryError") or "Unable to allocate" in error


class _TooLarge(Exception):
    pass


def encode(value):
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
    import numpy as np
    import pandas as pd

    if value is Ellipsis:
        return ["e"]
    if value is None or value is pd.NA:
        return ["0"]
    if isinstance(value, (bool, np.bool_)):
        return ["b", bool(value)]
    if isinstance(value, (int, np.integer)):
        return ["n", int(value)] if abs(int(value)) < 2**63 else ["n", _float(float(value))]
    if isinstance(value, (float, np.floating)):
        return ["n", _float(float(value))]
    if type(value).__module__ == "decimal" or type(value).__module__ == "fractions":
        return ["n", _float(float(value))]
    if isinstance(value, str):
        return ["s", str(value)[:20_000]]
    if value is pd.NaT:
        return ["0"]
    if isinstance(value, pd.Period):
        return ["t", value.to_timestamp().isoformat()]
    if isinstance(value, (datetime.timedelta, np.timedelta64)):
        return ["p", _float(float(pd.Timedelta(value).total_seconds()))]
    if isinstance(value, (datetime.date, np.datetime64)):
        return ["t", pd.Timestamp(value).isoformat()]
    if depth == 0:
        return ["x", _type_name(value)]
    if isinstance(value, pd.DataFrame):
        if value.size > LARGEST:
            raise _TooLarge
        columns = [
            [_encode(c, 1), _list(value[c] if value.columns.is_unique else value.iloc[:, n])]
            for n, c in enumerate(value.columns)
        ]
        return ["f", columns, _index(value.index)]
    if isinstance(value, pd.Series):
        return ["r", _list(value), _index(value.index)]
    if isinstance(value, pd.Index):
        return ["l", _list(value)]
    if isinstance(value, np.ndarray):
        return _encode(value.item(), 1) if value.ndim == 0 else ["l", _list(value.ravel())]
    if isinstance(value, dict):
        if len(value) > LARGEST:
            raise _TooLarge
        return ["d", [[_encode(k, 1), _encode(v, depth - 1)] for k, v in value.items()]]
    if isinstance(value, (list, tuple, set, frozenset)):
        if len(value) > LARGEST:
            raise _TooLarge
        each = [_encode(v, depth - 1) for v in value]
        return ["u" if isinstance(value, (set, frozenset)) else "l", each]
    return ["x", _type_name(value)]


def _float(value):
    return value if math.isfinite(value) else str(value)


def _list(values):
    if len(values) > LARGEST:
        raise _TooLarge
    return [_encode(v, 1) for v in values.tolist()]


def _index(index):
    if hasattr(index, "to_timestamp"):
        index = index.to_timestamp()
    names = [None if n is None else str(n) for n in index.names]
    return [names, _list(index.to_flat_index() if index.nlevels > 1 else index)]


def decode(coded):
    """The value again; `ValueError` for anything `encode` does not write.

    Examples
    --------
    >>> decode(encode([1, 2.5, "a", None]))
    [1, 2.5, 'a', None]
    """
    import pandas as pd

    from minelib.lessons.checks import Unreadable

    try:
        what, *content = coded
        if what == "e":
            return Ellipsis
        if what == "0":
            return None
        if what in ("b", "s", "n"):
            return float(content[0]) if what == "n" and isinstance(content[0], str) else content[0]
        if what == "t":
            return pd.Timestamp(content[0])
        if what == "p":
            return datetime.timedelta(seconds=float(content[0]))
        if what == "l":
            return [decode(v) for v in content[0]]
        if what == "u":
            return {_key(v) for v in content[0]}
        if what == "d":
            return {_key(k): decode(v) for k, v in content[0]}
        if what == "r":
            return pd.Series([decode(v) for v in content[0]], index=_decoded_index(content[1]))
        if what == "f":
            columns = {_key(c): [decode(v) for v in values] for c, values in content[0]}
            return pd.DataFrame(columns, index=_decoded_index(content[1]))
        if what == "x":
            return Unreadable(str(content[0])[:80])
    except (TypeError, KeyError, IndexError, RecursionError) as error:
        raise ValueError(str(error)) from None
    raise ValueError("no coded answer")


def _key(coded):
    value = decode(coded)
    return tuple(value) if isinstance(value, list) else value


def _decoded_index(coded):
    import pandas as pd

    names, values = coded
    labels = [_key(v) for v in values]
    if len(names) > 1:
        return pd.MultiIndex.from_tuples(labels, names=names)
    return pd.Index(labels, name=names[0])
