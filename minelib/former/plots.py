# SPDX-License-Identifier: MIT
"""Figures of version 0.1 that have moved or gone: one table, and what becomes of a call.

A name with a successor works for one minor version more, with a `DeprecationWarning`. A
figure that is a cell of a notebook now says where.
"""

import warnings
from importlib import import_module
from inspect import signature

from minelib.words import gettext as _

# old name -> ("cell", notebook, cell) or ("figure", new name, tables named underneath)
NAMES = {
    "boom.earnings": ("cell", "01-boom", "boom-17a"),
    "boom.price_and_hash_rate": ("cell", "01-boom", "boom-05a"),
    "carbon.decomposition": ("cell", "04-energy-and-carbon", "energy-and-carbon-25a"),
    "carbon.emissions": ("cell", "04-energy-and-carbon", "energy-and-carbon-27a"),
    "carbon.intensity": ("cell", "04-energy-and-carbon", "energy-and-carbon-18a"),
    "carbon.specification_curve": (
        "figure",
        "specification_curve",
        ("country_share", "carbon_intensity", "province_factors", "wet_season_months"),
    ),
    "claims.claimed_and_computed": ("cell", "06-claims", "claims-13"),
    "claims.verdicts": ("cell", "06-claims", "claims-05"),
    "economics.break_even": ("cell", "05-miners-choice", "miners-choice-05d"),
    "economics.choice": (
        "figure",
        "choice",
        ("network_daily", "machine_prices", "power_prices", "relocation_terms"),
    ),
    "economics.delay_tariff": ("cell", "05-miners-choice", "miners-choice-21b"),
    "economics.frontier": ("cell", "01-boom", "boom-09c"),
    "economics.hash_price": ("cell", "01-boom", "boom-16c"),
    "economics.machine_prices": ("cell", "05-miners-choice", "miners-choice-07"),
    "economics.paths": ("cell", "05-miners-choice", "miners-choice-19a"),
    "economics.payback": ("cell", "05-miners-choice", "miners-choice-26a"),
    "employment.drivers": ("cell", "06-claims", "claims-23"),
    "employment.needed": ("cell", "06-claims", "claims-25"),
    "employment.stages": ("cell", "06-claims", "claims-21"),
    "energy.by_country": ("cell", "04-energy-and-carbon", "energy-and-carbon-15a"),
    "energy.by_price": ("cell", "04-energy-and-carbon", "energy-and-carbon-10a"),
    "energy.drivers": ("cell", "04-energy-and-carbon", "energy-and-carbon-13a"),
    "energy.index": ("cell", "04-energy-and-carbon", "energy-and-carbon-05a"),
    "energy.seasons": ("cell", "04-energy-and-carbon", "energy-and-carbon-16c"),
    "explore.measures": (
        "figure",
        "measures",
        ("network_daily", "country_share", "province_share", "index_machines", "events"),
    ),
    "geography.before_after": (
        "figure",
        "before_after",
        ("country_share", "pool_share", "map_releases"),
    ),
    "geography.concentration": ("cell", "03-relocation", "relocation-30b"),
    "geography.countries": ("cell", "03-relocation", "relocation-06a"),
    "geography.evidence": (
        "figure",
        "evidence",
        ("relocation_evidence", "country_share", "machines", "index_reference"),
    ),
    "geography.moves": ("figure", "moves", ("country_share",)),
    "geography.province_tiles": ("figure", "province_tiles", ("province_share",)),
    "geography.seasons": ("cell", "03-relocation", "relocation-16"),
    "geography.stories": ("cell", "03-relocation", "relocation-11"),
    "impact.breaks": ("cell", "02-crackdown", "crackdown-08a"),
    "impact.counterfactual": ("figure", "counterfactual", ("network_daily", "machines", "events")),
    "impact.cumulative": ("cell", "02-crackdown", "crackdown-14"),
    "impact.placebos": ("cell", "02-crackdown", "crackdown-22a"),
    "impact.retargets": ("cell", "02-crackdown", "crackdown-05a"),
    "impact.stages": ("figure", "stages", ("network_daily", "machines")),
    "impact.variants": ("cell", "02-crackdown", "crackdown-25"),
    "moves.evidence": (
        "figure",
        "evidence",
        ("relocation_evidence", "country_share", "machines", "index_reference"),
    ),
    "moves.moves": ("figure", "moves", ("country_share",)),
    "pools.contrast": ("cell", "01-boom", "boom-15"),
    "pools.homes": ("cell", "01-boom", "boom-14d"),
    "pools.shares": ("cell", "01-boom", "boom-14a"),
    "provinces.province_tiles": ("figure", "province_tiles", ("province_share",)),
    "provinces.seasons": ("cell", "03-relocation", "relocation-16"),
    "published.comparison": ("cell", "07-published-results", "published-results-07"),
    "published.timeline": ("cell", "07-published-results", "published-results-11"),
    "sweeps.break_window": (
        "figure",
        "sweeps.break_window",
        ("difficulty_epochs", "network_daily", "events"),
    ),
    "sweeps.carbon_factors": (
        "figure",
        "sweeps.carbon_factors",
        ("country_share", "lifecycle_factors"),
    ),
    "sweeps.index_tariffs": ("figure", "sweeps.index_tariffs", ("index_machines", "network_daily")),
    "sweeps.relocation_stories": ("figure", "sweeps.relocation_stories", ("country_share",)),
    "timeline.lanes": ("cell", "06-claims", "claims-28"),
    "timeline.listing": ("cell", "06-claims", "claims-30"),
}


__all__ = sorted({name.split(".")[0] for name in NAMES})


def attribute(room, name):
    """What an old name of a room stands for.

    Raises
    ------
    AttributeError
        No old name, or one whose figure is a cell now; the sentence says which.
    """
    old = f"{room}.{name}"
    if old in NAMES:
        kind, *where = NAMES[old]
        if kind == "cell":
            sentence = _("{old} is a cell now: see {cell} of notebook {notebook}.")
            raise AttributeError(
                sentence.format(old=f"ml.plots.{old}", notebook=where[0], cell=where[1])
            )
        return _figure(old, *where)
    raise AttributeError(f"module 'minelib.plots' has no attribute {old!r}")


def _figure(old, new, tables):
    def drawn(*args, lang=None, **kwargs):
        from minelib.display import finish
        from minelib.style import style

        sentence = _("{old} is now {new}, and goes with version {version}.")
        said = sentence.format(old=f"ml.plots.{old}", new=f"ml.figures.{new}", version="0.3")
        warnings.warn(said, DeprecationWarning, stacklevel=2)
        module, _dot, name = f"minelib.figures.{new}".rpartition(".")
        function = getattr(import_module(module), name)
        # what only the old figure took is left out: dates and words come from the result now
        known = [p for p in signature(function).parameters if p not in ("ax", "figure")]
        given = dict(zip(known, args, strict=False)) | {k: kwargs[k] for k in known if k in kwargs}
        with style(lang):
            return finish(function(**given), *tables, events=True)

    return drawn


class _Room:
    def __init__(self, name):
        self._name = name

    def __getattr__(self, name):
        return attribute(self._name, name)


def __getattr__(name):
    if name in __all__:
        return _Room(name)
    raise AttributeError(f"module 'minelib.plots' has no attribute {name!r}")
