# SPDX-License-Identifier: MIT
"""What a study reads from a notebook: parameters in its namespace, findings in its frames."""

import re

from minelib.errors import BadInput, BadParameters, UnknownName
from minelib.words import gettext as _

__all__ = ["family_of", "parameters_in", "plain", "rows_of"]


def parameters_in(namespace, kind):
    """The parameters of a study, found by their names.

    Parameters
    ----------
    namespace : dict
        ``globals()`` of a notebook, or a plain dict of parameters.
    kind : type
        A subclass of `minelib.studies.base.Study`.

    Returns
    -------
    dict
        Scalars of numpy and pandas as Python's own. Of a plain dict everything, so that the
        study refuses unknown names.

    Raises
    ------
    BadInput
        Not a dict.
    BadParameters
        Parameters that are missing, each with a name nearby if there is one.
    """
    if not isinstance(namespace, dict):
        raise BadInput(_("study takes globals() or a dict of parameters."))
    fields = kind.model_fields
    missing = [name for name in fields if name not in namespace]
    if missing:
        raise BadParameters([_missing(name, namespace, fields) for name in missing])
    is_kernel = "__name__" in namespace
    return {k: plain(v) for k, v in namespace.items() if k in fields or not is_kernel}


def _missing(name, namespace, fields):
    others = [n for n in namespace if isinstance(n, str) and n not in fields]
    near = [n for n in others if not n.startswith("_") and _letters_apart(n, name) <= 2]
    if near:
        return _("{name} is missing; is it {near!r}?").format(name=name, near=near[0])
    return _("{name} is missing: the parameters cell must run first.").format(name=name)


def _letters_apart(a, b):
    """How many letters must be added, left out or changed to make one word the other."""
    before = list(range(len(b) + 1))
    for i, x in enumerate(a, 1):
        now = [i]
        for j, y in enumerate(b, 1):
            now.append(min(before[j] + 1, now[-1] + 1, before[j - 1] + (x != y)))
        before = now
    return before[-1]


def plain(value):
    """A value as a parameters cell would have it.

    Examples
    --------
    >>> import numpy as np, pandas as pd
    >>> plain(np.int64(90)), plain(pd.Timestamp("2021-05-21")), plain(np.array(["price"]))
    (90, '2021-05-21', ['price'])
    """
    import datetime

    import numpy as np
    import pandas as pd

    if isinstance(value, np.datetime64):
        value = pd.Timestamp(value)
    if isinstance(value, datetime.date):  # also datetime and Timestamp
        iso = value.isoformat()
        return iso[:10] if iso[10:] in ("", "T00:00:00") else iso
    if isinstance(value, (np.ndarray, pd.Series, pd.Index, tuple)) and np.ndim(value):
        return [plain(each) for each in value]
    if isinstance(value, np.generic):
        return value.item()
    if isinstance(value, list):
        return [plain(each) for each in value]
    return value


def family_of(name, declared):
    """The declared pattern that a name belongs to.

    Examples
    --------
    >>> family_of("index_2021", ["emissions", "index_{year}"])
    'index_{year}'
    """
    for pattern in declared:
        if "{" in pattern and re.fullmatch(_as_regex(pattern), str(name)):
            return pattern
    raise UnknownName("finding", name, declared)


def _as_regex(pattern):
    parts = re.split(r"{(\w+)}", pattern)
    return "".join(
        f"(?P<{part}>[a-z0-9_]+)" if i % 2 else re.escape(part) for i, part in enumerate(parts)
    )


def rows_of(name, pattern, value):
    """Name, parts of the name and row of each finding in what is kept.

    Raises
    ------
    BadInput
        A frame for a single finding, or without a column that the names need.
    """
    import pandas as pd

    if not isinstance(value, pd.DataFrame):
        if name == pattern and "{" in pattern:
            raise BadInput(
                _("{name} is a family: keep a frame, or one finding by its own name.").format(
                    name=name
                )
            )
        found = re.fullmatch(_as_regex(pattern), name)
        return [(name, found.groupdict(), value)]
    if "{" not in pattern:
        raise BadInput(_("{name} is one finding: keep a row of the frame.").format(name=name))
    keys = re.findall(r"{(\w+)}", pattern)
    rows = []
    for n, (_at, row) in enumerate(_flat(value, keys).iterrows(), 1):
        parts = {}
        for key in keys:
            if key not in row and key != "n":
                sentence = _("{name}: the frame has no column {column!r}; it has: {known}.")
                listed = ", ".join(map(str, value.columns))
                raise BadInput(sentence.format(name=name, column=key, known=listed))
            parts[key] = n if key == "n" else plain(row[key])
        rows.append((pattern.format(**parts), parts, row))
    return rows


def _flat(frame, keys):
    """The frame with its named index, and the year of dates, as columns."""
    import pandas as pd

    dated = isinstance(frame.index, pd.DatetimeIndex)
    names = [n for n in frame.index.names if n is not None and n not in frame.columns]
    flat = frame.reset_index(level=names) if names else frame
    if "year" in keys and "year" not in flat and dated:
        flat = flat.assign(year=frame.index.year)
    return flat.astype(object)
