# SPDX-License-Identifier: MIT
"""Parameters of notebook ``07-published-results``."""

from minelib.studies.energy_and_carbon import Recounted
from minelib.studies.findings import finding
from minelib.words import N_

__all__ = ["PublishedResults"]


class PublishedResults(Recounted):
    """Published results on electricity and carbon, re-computed where the data allow."""

    finds = {
        "supported": finding(meaning=N_("Published figures with the verdict: supported")),
        "imprecise": finding(meaning=N_("Published figures with the verdict: imprecise")),
        "contradicted": finding(meaning=N_("Published figures with the verdict: contradicted")),
        "unverifiable": finding(meaning=N_("Published figures with the verdict: unverifiable")),
        "results_recomputed": finding(
            meaning=N_("Published results of which at least one figure is re-computed")
        ),
        "energy_figures_in_band_pct": finding(
            unit="percent",
            meaning=N_("Published totals of electricity whose range meets the ensemble's band"),
        ),
        "revised_{id}": finding("revised", unit="{unit}", meaning="{quantity}"),
    }
