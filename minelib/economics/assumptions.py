# SPDX-License-Identifier: MIT
"""What no table holds: each assumption with its range and its reason."""

from dataclasses import dataclass
from functools import cache

import pandas as pd

from minelib import catalog
from minelib.errors import BadParameter, UnknownName
from minelib.words import N_
from minelib.words import gettext as _

__all__ = ["ASSUMPTIONS", "Assumption", "assumed", "assumptions", "triple"]


@dataclass(frozen=True)
class Assumption:
    """One quantity without data.

    Attributes
    ----------
    name : str
        Name of the argument that changes it.
    lower, upper : float
    best : float or str
        A string names the row of table `relocation_terms` that quotes it.
    unit : str
        Of `minelib.catalog.units.UNITS`.
    meaning, reason : str
        English, marked for translation.
    """

    name: str
    lower: float
    best: float | str
    upper: float
    unit: str
    meaning: str
    reason: str


_LIST = (
    Assumption(
        "nameplate_tolerance_pct",
        0,
        5,
        10,
        "percent",
        N_("Deviation of a machine from its nameplate"),
        N_("Makers and sellers claim hash rate and power at tolerances of 5 to 10 percent."),
    ),
    Assumption(
        "uptime_pct",
        90,
        95,
        99,
        "percent",
        N_("Part of the time a machine runs"),
        N_("Repairs, heat and outages; no table measures it."),
    ),
    Assumption(
        "pool_fee_pct",
        0,
        2,
        4,
        "percent",
        N_("Fee of the pool"),
        N_("What large pools ask of their miners differs; no table holds it."),
    ),
    Assumption(
        "overhead_pct",
        1,
        10,
        20,
        "percent",
        N_("Power for cooling and losses, on top of the machine"),
        N_("The Cambridge index assumes a PUE of 1.01, 1.10 and 1.20."),
    ),
    Assumption(
        "quote_error_pct",
        10,
        25,
        50,
        "percent",
        N_("Uncertainty of a single quoted machine price"),
        N_(
            "Where two kinds of price are quoted for one month they differ by up to a half: "
            "small lots ask more than large ones."
        ),
    ),
    Assumption(
        "china_discount_pct",
        30,
        60,
        80,
        "percent",
        N_("How far below the world price a machine sells in China after the shutdown"),
        N_(
            "In June 2021 a quotation in China stood at about a quarter of the index price of "
            "May; used where no price in China is quoted."
        ),
    ),
    Assumption(
        "freight_usd_kg",
        3,
        "freight_air_maryland",
        15,
        "USD/kg",
        N_("Freight from Sichuan to the new site"),
        N_(
            "Best: the one quotation there is, by air from Guangzhou to Maryland. Land freight is "
            "cheaper, scarce space in June dearer."
        ),
    ),
    Assumption(
        "weight_kg",
        12,
        "weight_s19_pro",
        20,
        "kg",
        N_("Weight of a packed machine"),
        N_("Best: what is stated for an S19 Pro; packing adds, older machines weigh less."),
    ),
    Assumption(
        "packing_usd",
        5,
        15,
        40,
        "USD",
        N_("Taking down, testing, cleaning and packing a machine"),
        N_("Some hours of a technician for a rack of machines; no figure was found."),
    ),
    Assumption(
        "setup_usd",
        20,
        60,
        200,
        "USD",
        N_("Place in a new site: racks, cabling, deposit, for each machine"),
        N_("A guess at fitting and a deposit when space was short; no figure was found."),
    ),
    Assumption(
        "loss_pct",
        1,
        4,
        15,
        "percent",
        N_("Machines broken or lost on the way"),
        N_("Old boards and long roads; breakage in transit is recorded nowhere."),
    ),
    Assumption(
        "storage_usd_month",
        0.5,
        2,
        6,
        "USD",
        N_("Keeping a machine in a warehouse, a month"),
        N_("Floor space of a carton at ordinary warehouse rents; no figure was found."),
    ),
    Assumption(
        "kazakhstan_uptime_pct",
        50,
        80,
        95,
        "percent",
        N_("Part of the time a machine runs in Kazakhstan"),
        N_("Power was rationed from October 2021 and miners were cut off in late January 2022."),
    ),
    Assumption(
        "kazakhstan_delay_days",
        10,
        60,
        150,
        "days",
        N_("Days until a machine runs in Kazakhstan"),
        N_("A firm with a site of its own needed a week; others competed for scarce space."),
    ),
    Assumption(
        "russia_delay_days",
        41,
        90,
        210,
        "days",
        N_("Days until a machine runs in Russia"),
        N_(
            "Nobody was expected to run before August; hosts reported demand of many times "
            "their capacity."
        ),
    ),
    Assumption(
        "texas_delay_days",
        102,
        210,
        365,
        "days",
        N_("Days until a machine runs in Texas"),
        N_("Quotations run from three months to a year of waiting for a hosted place."),
    ),
    Assumption(
        "kazakhstan_duty_pct",
        0,
        12,
        12,
        "percent",
        N_("Tax on import into Kazakhstan, on the value of the machine"),
        N_("Value-added tax of 12 percent, often relieved; no source was read."),
    ),
)

ASSUMPTIONS = {a.name: a for a in _LIST}


@cache
def _best(assumption):
    if not isinstance(assumption.best, str):
        return float(assumption.best)
    terms = catalog.load("relocation_terms").set_index("term_id")
    row = terms.loc[assumption.best]
    return float((row["low"] + row["high"]) / 2)


def triple(name, value, minimum=0.0, maximum=None):
    """A number, or a range, as (lower, best, upper).

    Parameters
    ----------
    name : str
        For the error.
    value : float, (lower, upper) or (lower, best, upper)
    minimum, maximum : float or None
        Both inclusive.

    Raises
    ------
    BadParameter
        Not one, two or three numbers in rising order within the bounds.

    Examples
    --------
    >>> triple("tariff_usd_kwh", 0.05)
    (0.05, 0.05, 0.05)
    >>> triple("tariff_usd_kwh", (0.04, 0.06))
    (0.04, 0.05, 0.06)
    """
    try:
        numbers = [float(v) for v in (value if isinstance(value, (tuple, list)) else [value])]
    except (TypeError, ValueError):
        numbers = []
    if len(numbers) == 2:
        numbers.insert(1, (numbers[0] + numbers[1]) / 2)
    if len(numbers) == 1:
        numbers *= 3
    fits = len(numbers) == 3 and all(v - v == 0 for v in numbers)
    if not fits or not numbers[0] <= numbers[1] <= numbers[2]:
        rule = _("must be a number, or lower and upper, or lower, best and upper in rising order")
        raise BadParameter(name, value, rule)
    if numbers[0] < minimum:
        raise BadParameter(name, value, _("must be at least {bound}").format(bound=minimum))
    if maximum is not None and numbers[2] > maximum:
        raise BadParameter(name, value, _("must be at most {bound}").format(bound=maximum))
    return tuple(numbers)


def assumed(**changed):
    """All assumptions as (lower, best, upper), some of them changed.

    Parameters
    ----------
    **changed : float or tuple
        By name; a number makes it certain.

    Returns
    -------
    dict of str to tuple of float

    Raises
    ------
    UnknownName
        No such assumption; the nearest are named.
    BadParameter
        Not a rising range, negative, or a percentage above 100.

    Examples
    --------
    >>> assumed(uptime_pct=98)["uptime_pct"]
    (98.0, 98.0, 98.0)
    """
    values = {a.name: (float(a.lower), _best(a), float(a.upper)) for a in _LIST}
    for name, value in changed.items():
        if name not in ASSUMPTIONS:
            raise UnknownName("assumption", name, ASSUMPTIONS)
        most = 100.0 if ASSUMPTIONS[name].unit == "percent" else None
        values[name] = triple(name, value, maximum=most)
    return values


def assumptions(lang=None, **changed):
    """The assumptions as a table for the reader.

    Parameters
    ----------
    lang : {"en", "zh"} or None
    **changed : float or tuple
        As in `assumed`.

    Returns
    -------
    pandas.DataFrame
        ``name``, ``meaning``, ``lower``, ``best``, ``upper``, ``unit``, ``reason``.

    Examples
    --------
    >>> float(assumptions(uptime_pct=98).set_index("name").loc["uptime_pct", "best"])
    98.0
    """
    values = assumed(**changed)
    rows = [(a.name, _(a.meaning, lang), *values[a.name], a.unit, _(a.reason, lang)) for a in _LIST]
    columns = ["name", "meaning", "lower", "best", "upper", "unit", "reason"]
    return pd.DataFrame(rows, columns=columns)
