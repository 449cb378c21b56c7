# SPDX-License-Identifier: MIT
"""Parameters of notebook ``07-published-results``."""

from minelib.studies.energy_and_carbon import Recounted


class PublishedResults(Recounted):
    """Published results on electricity and carbon, re-computed where the data allow."""
