# SPDX-License-Identifier: MIT
"""What a notebook shows: `finish` for figures, `show` for tables, so that no cell carries words."""

from minelib.checks.door import door
from minelib.display.finish import MIME, Finished, finish, number_figures
from minelib.display.table import Table, show, source_line

__all__ = ["MIME", "Finished", "Table", "finish", "number_figures", "show", "source_line"]

door(globals())
