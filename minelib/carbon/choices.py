# SPDX-License-Identifier: MIT
"""The choices behind a carbon figure, each named, with what is known and admissible."""

from collections.abc import Collection
from dataclasses import dataclass
from itertools import product
from typing import Any

from minelib.carbon.factors import FACTOR_SETS, MIXES
from minelib.catalog import load
from minelib.checks import between, name_in
from minelib.errors import BadParameter
from minelib.words import N_, gettext as _

__all__ = ["CHOICES", "Choices", "admissible", "takes_effect"]

CHOICES: dict[str, tuple] = {
    "factors": FACTOR_SETS,
    "mix": MIXES,
    "china": ("provincial", "national"),
    "provincial": ("thermal_as_coal", "official"),
    "germany_ireland": ("world", "reported", "china"),
    "other": ("world", "spread"),
    "seasonal_hydro": (False, True),
}
_KINDS = {"factors": N_("factor set"), "mix": N_("mix"), "leave_out": N_("place of the mining map")}
MULTIVERSE_MIXES = ("generation", "owid_2022", "owid_2025")  # the others lack 2019 and 2020


@dataclass(frozen=True)
class Choices:
    """One way to count. The defaults are those of the Cambridge index.

    Parameters
    ----------
    factors : str
        Life-cycle factor set, one of `minelib.carbon.FACTOR_SETS`.
    mix : {"generation", "owid_2022", "owid_2023", "owid_2024", "owid_2025"}
        Country electricity: generation by source times the factors, or an edition of
        published grid intensities.
    china : {"provincial", "national"}
    provincial : {"thermal_as_coal", "official"}
        Provinces: own mix, thermal power as coal, times the factors; or the official direct
        factors (2021 on; that of 2021 stands for 2019 and 2020).
    germany_ireland : {"world", "reported", "china"}
        Their shares are suspected redirected traffic.
    other : {"world", "spread"}
        The map's Other: the world's electricity, or spread over the named countries.
    seasonal_hydro : bool
        More hydropower in the wet months of Sichuan and Yunnan, the year's mean kept.
    hydro_swing_pct : float
        Difference of the hydropower share between wet and dry months, percentage points,
        0 to 60.
    leave_out : tuple of str
        Places whose share counts as nothing, without making up for it (the slip of June 2020).
    """

    factors: str = "ccaf_current"
    mix: str = "generation"
    china: str = "provincial"
    provincial: str = "thermal_as_coal"
    germany_ireland: str = "world"
    other: str = "world"
    seasonal_hydro: bool = False
    hydro_swing_pct: float = 20.0
    leave_out: Collection[str] = ()

    def __post_init__(self) -> None:
        for name, known in CHOICES.items():
            value = getattr(self, name)
            if name != "seasonal_hydro":
                name_in(_KINDS.get(name, name), value, known)
            elif not isinstance(value, bool):
                raise BadParameter(name, value, _("must be true or false"))
        between("hydro_swing_pct", self.hydro_swing_pct, 0, 60)
        left = (self.leave_out,) if isinstance(self.leave_out, str) else self.leave_out
        if not isinstance(left, Collection):
            raise BadParameter("leave_out", left, _("must be a list of places of the mining map"))
        for place in left:
            name_in(_KINDS["leave_out"], place, load("country_share")["place"].unique())
        object.__setattr__(self, "leave_out", tuple(left))

    def as_dict(self) -> dict[str, str | bool]:
        """The choices of `CHOICES` by name."""
        return {name: getattr(self, name) for name in CHOICES}


def admissible() -> list[Choices]:
    """All combinations that differ in more than name.

    Returns
    -------
    list of Choices
        The provincial method and the seasons only where China counts by province; one factor
        set only where no factor enters.

    Examples
    --------
    >>> len(admissible())
    378
    """
    order = ("china", "germany_ireland", "other", "provincial", "seasonal_hydro", "factors")
    found = []
    for values in product(MULTIVERSE_MIXES, *(CHOICES[choice] for choice in order)):
        way = dict(zip(("mix", *order), values, strict=True))
        named = {c for c in order if not takes_effect(way, c)}  # differ in name only
        if all(way[choice] == CHOICES[choice][0] for choice in named):
            found.append(Choices(**way))
    return found


def takes_effect(table: Any, choice: str) -> Any:
    """Rows in which a choice changes the answer; elsewhere it differs in name only.

    Parameters
    ----------
    table : pandas.DataFrame or dict
        A row per combination, as `minelib.carbon.multiverse` gives it; or one combination.
    choice : str
        One of `CHOICES`.

    Returns
    -------
    pandas.Series or bool
    """
    provincial = table["china"] == "provincial"
    if choice in ("provincial", "seasonal_hydro"):
        return provincial
    if choice == "factors":
        by_factor = provincial & (table["provincial"] == "thermal_as_coal")
        return (table["mix"] != "owid_2025") | by_factor
    return provincial | True
