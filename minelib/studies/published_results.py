# SPDX-License-Identifier: MIT
"""Parameters of notebook ``07-published-results``."""

from minelib.studies.base import finding
from minelib.studies.energy_and_carbon import Recounted
from minelib.words import N_


class PublishedResults(Recounted):
    """Published results on electricity and carbon, re-computed where the data allow."""

    finds = {
        "supported": finding(N_("Published figures with the verdict: supported")),
        "imprecise": finding(N_("Published figures with the verdict: imprecise")),
        "contradicted": finding(N_("Published figures with the verdict: contradicted")),
        "unverifiable": finding(N_("Published figures with the verdict: unverifiable")),
        "results_recomputed": finding(
            N_("Published results of which at least one figure is re-computed")
        ),
        "energy_figures_in_band_pct": finding(
            N_("Published totals of electricity whose range meets the ensemble's band"),
            unit="percent",
        ),
        "revised_{id}": finding("{quantity}", "revised", "{unit}"),
    }
