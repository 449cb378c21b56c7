# SPDX-License-Identifier: MIT
"""Units: the fixed list the tables use, and conversion between those of one kind.

A unit stands in the name of a column as a suffix (``hashrate_eh_s``) and in its descriptor
in full (``EH/s``). A general unit library is not used: it does not know hashes, and reads
``EH/s`` as exahenry per second.
"""

from minelib.errors import BadInput, UnknownName

__all__ = ["UNITS", "convert"]

# unit -> (kind, size in the kind's base unit); None where nothing converts
UNITS = {
    "": ("none", None),
    "EH/s": ("hash rate", 1e18),
    "PH/s": ("hash rate", 1e15),
    "TH/s": ("hash rate", 1e12),
    "W": ("power", 1.0),
    "kW": ("power", 1e3),
    "MW": ("power", 1e6),
    "GW": ("power", 1e9),
    "kWh": ("energy", 3.6e6),
    "MWh": ("energy", 3.6e9),
    "GWh": ("energy", 3.6e12),
    "TWh": ("energy", 3.6e15),
    "TWh/year": ("energy a year", None),
    "J/TH": ("efficiency", 1.0),
    "J/GH": ("efficiency", 1e3),
    "g/kWh": ("carbon intensity", 1.0),
    "Mt": ("mass", 1.0),
    "percent": ("share", 0.01),
    "fraction": ("share", 1.0),
    "percentage points": ("difference of shares", None),
    "USD": ("money", None),
    "CNY": ("money (CNY)", None),
    "BTC": ("coins", None),
    "USD/BTC": ("price", None),
    "USD/kWh": ("tariff", None),
    "CNY/kWh": ("tariff (CNY)", None),
    "USD/TH/s": ("machine price", None),
    "USD/PH/s/day": ("hash price", None),
    "USD/TH/s/day": ("revenue of a terahash", None),
    "BTC/PH/s/day": ("hash price in coins", None),
    "BTC/TH/s/day": ("revenue of a terahash in coins", None),
    "USD/kg": ("freight", None),
    "kg": ("weight", 1.0),
    "USD/day": ("revenue a day", None),
    "seconds": ("time", 1.0),
    "days": ("time", 86_400.0),
    "months": ("months", None),
    "years": ("years", None),
    "blocks": ("count", None),
    "transactions": ("count", None),
    "addresses": ("count", None),
    "machines": ("count", None),
    "persons": ("count", None),
    "pools": ("count", None),
    "claims": ("count", None),
    "rows": ("count", None),
    "characters": ("count", None),
    "machines/person": ("ratio", None),
    "CNY/USD": ("exchange rate", None),
    "difficulty": ("difficulty", None),
    "height": ("height", None),
    "year": ("calendar", None),
    "month": ("calendar", None),
    "MJ/USD": ("energy a dollar", None),
    "km3": ("volume", None),
    "km2": ("area", None),
    "hash": ("hash", None),
    "EH/s days": ("hash rate times time", None),
}


def convert(value, unit, to):
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

    Examples
    --------
    >>> convert(180.0, "EH/s", "PH/s")
    180000.0
    """
    for each in (unit, to):
        if each not in UNITS:
            raise UnknownName("unit", each, UNITS)
    (kind, size), (other_kind, other_size) = UNITS[unit], UNITS[to]
    if kind != other_kind or size is None or other_size is None:
        if unit == to:
            return value
        raise BadInput(f"{unit} ({kind}) does not convert to {to} ({other_kind}).")
    return value * (size / other_size)
