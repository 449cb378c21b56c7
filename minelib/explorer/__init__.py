# SPDX-License-Identifier: MIT
"""One place, a period and a few assumptions: everything the tables say about it at once.

`view` is the plain function behind every control of the notebook ``explore``; `panel` puts
the controls around it. Without ipywidgets the panel shows the figure alone.
"""

from minelib.explorer.controls import Panel, panel
from minelib.explorer.views import FREQUENCIES, View, places, view

__all__ = ["FREQUENCIES", "Panel", "View", "panel", "places", "view"]
