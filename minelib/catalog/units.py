# SPDX-License-Identifier: MIT
"""Units: the fixed list the tables use, and conversion between those of one kind.

A unit stands in the name of a column as a suffix (``hashrate_eh_s``) and in its descriptor
in full (``EH/s``). A general unit library is not used: it does not know hashes, and reads
``EH/s`` as exahenry per second. The list is ``data/units.toml``.
"""

from typing import Any

from minelib.catalog.files import data_folder, read_toml
from minelib.errors import BadInput, BadParameter, UnknownName
from minelib.words import gettext as _

__all__ = ["UNITS", "UNITS_FILE", "convert"]

UNITS_FILE = "units.toml"
UNITS: dict[str, tuple[str, float | None]] = {
    unit: (entry["kind"], entry.get("size"))
    for unit, entry in read_toml(data_folder() / UNITS_FILE).items()
}
"""Unit to its kind and its size in the kind's base unit; None where nothing converts."""


def convert(value: Any, unit: str, to: str) -> Any:
    """Convert between two units of one kind.

    Parameters
    ----------
    value : float, array or Series
    unit, to : str
        Units from `UNITS`.

    Returns
    -------
    same type as ``value``

    Raises
    ------
    UnknownName
        A unit not in `UNITS`.
    BadInput
        Units of different kinds, or of a kind that does not convert.
    BadParameter
        A value that is no number.

    Examples
    --------
    >>> convert(180.0, "EH/s", "PH/s")
    180000.0
    """
    for each in (unit, to):
        if not isinstance(each, str) or each not in UNITS:  # type: ignore[redundant-expr]
            raise UnknownName("unit", each, UNITS)
    (kind, size), (other_kind, other_size) = UNITS[unit], UNITS[to]
    if unit == to:
        return value
    if kind != other_kind or size is None or other_size is None:
        raise BadInput(f"{unit} ({kind}) does not convert to {to} ({other_kind}).")
    try:
        return value * (size / other_size)
    except TypeError:
        raise BadParameter("value", value, _("must be a number")) from None
