# SPDX-License-Identifier: MIT
"""The choices behind a carbon figure, each named, with what is known and admissible."""

from dataclasses import asdict, dataclass
from itertools import product

from minelib.carbon.factors import FACTOR_SETS, MIXES, check_name
from minelib.catalog import load
from minelib.errors import BadParameter
from minelib.words import N_
from minelib.words import gettext as _

__all__ = ["CHOICES", "Choices", "admissible", "takes_effect"]

CHOICES = {
    "factors": FACTOR_SETS,
    "mix": MIXES,
    "china": ("provincial", "national"),
    "provincial": ("thermal_as_coal", "official"),
    "germany_ireland": ("world", "reported", "china"),
    "other": ("world", "spread"),
    "seasonal_hydro": (False, True),
}
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
    leave_out: tuple = ()

    def __post_init__(self):
        kinds = {"factors": N_("factor set"), "mix": N_("mix")}
        for name, known in CHOICES.items():
            value = getattr(self, name)
            if name == "seasonal_hydro":
                if not isinstance(value, bool):
                    raise BadParameter(name, value, _("must be true or false"))
            else:
                check_name(value, known, kinds.get(name, name))
        swing = self.hydro_swing_pct
        if isinstance(swing, bool) or not isinstance(swing, (int, float)) or not 0 <= swing <= 60:
            raise BadParameter("hydro_swing_pct", swing, _("must be from 0 to 60"))
        object.__setattr__(self, "leave_out", _places(self.leave_out))

    def as_dict(self):
        """The choices of `CHOICES` by name."""
        return {k: v for k, v in asdict(self).items() if k in CHOICES}


def _places(names):
    """Places of the mining map as a tuple; one name stands for itself."""
    names = (names,) if isinstance(names, str) else names
    if not isinstance(names, (tuple, list, set, frozenset)):
        raise BadParameter("leave_out", names, _("must be a list of places of the mining map"))
    for place in names:
        check_name(place, load("country_share")["place"].unique(), N_("place of the mining map"))
    return tuple(names)


def admissible():
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
    out = []
    for mix, china, german, other in product(
        MULTIVERSE_MIXES, CHOICES["china"], CHOICES["germany_ireland"], CHOICES["other"]
    ):
        provinces = [("thermal_as_coal", False)]
        if china == "provincial":
            provinces = list(product(CHOICES["provincial"], CHOICES["seasonal_hydro"]))
        for provincial, seasonal in provinces:
            by_factor = mix != "owid_2025" or (china, provincial) == (
                "provincial",
                "thermal_as_coal",
            )
            for factors in FACTOR_SETS if by_factor else FACTOR_SETS[:1]:
                out.append(Choices(factors, mix, china, provincial, german, other, seasonal))
    return out


def takes_effect(table, choice):
    """Rows in which a choice changes the answer; elsewhere it differs in name only.

    Parameters
    ----------
    table : pandas.DataFrame
        A row a combination, as `minelib.carbon.multiverse` gives it.
    choice : str
        One of `CHOICES`.

    Returns
    -------
    pandas.Series
        Of bool.
    """
    provincial = table["china"] == "provincial"
    if choice in ("provincial", "seasonal_hydro"):
        return provincial
    if choice == "factors":
        by_factor = provincial & (table["provincial"] == "thermal_as_coal")
        return (table["mix"] != "owid_2025") | by_factor
    return provincial | True
