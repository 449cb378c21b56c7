# SPDX-License-Identifier: MIT
"""What a study reads from a notebook's namespace."""

from difflib import get_close_matches
from typing import Any

from minelib.errors import BadInput, BadParameters
from minelib.words import gettext as _

__all__ = ["builtin", "parameters_in"]


def parameters_in(namespace: dict, kind: Any) -> dict[str, Any]:
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
    # a notebook written before there were versions of the data takes the packaged one
    missing = [name for name in fields if name not in namespace and name != "data"]
    if missing:
        raise BadParameters([_missing(name, namespace, fields) for name in missing])
    is_kernel = "__name__" in namespace
    return {k: builtin(v) for k, v in namespace.items() if k in fields or not is_kernel}


def _missing(name, namespace, fields):
    others = [n for n in namespace if isinstance(n, str) and n not in fields and n[:1] != "_"]
    if near := get_close_matches(name, others, n=1, cutoff=0.75):
        return _("{name} is missing; is it {near!r}?").format(name=name, near=near[0])
    return _("{name} is missing: the parameters cell must run first.").format(name=name)


def builtin(value: Any) -> Any:
    """A value as a parameters cell would have it: Python's own types, dates as ISO text.

    Examples
    --------
    >>> import numpy as np, pandas as pd
    >>> builtin(np.int64(90)), builtin(pd.Timestamp("2021-05-21")), builtin(np.array(["price"]))
    (90, '2021-05-21', ['price'])
    """
    import datetime

    import numpy as np
    import pandas as pd

    if isinstance(value, np.datetime64):
        value = pd.Timestamp(value)
    if isinstance(value, datetime.date) and value is not pd.NaT:  # also datetime and Timestamp
        iso = value.isoformat()
        return iso[:10] if iso[10:] in ("", "T00:00:00") else iso
    several = isinstance(value, (np.ndarray, pd.Series, pd.Index)) and value.ndim
    if several or isinstance(value, (list, tuple)):
        return [builtin(each) for each in value]
    return value.item() if isinstance(value, (np.generic, np.ndarray)) else value
