# SPDX-License-Identifier: MIT
"""Faults thrown at the package, and beside it at bare papermill: ``python -m tests.faults``."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))  # for the small notebooks of the other tests
