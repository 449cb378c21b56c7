# SPDX-License-Identifier: MIT
"""Who found the blocks: shares of pools and of their homes, 2016 to 2026."""

from minelib.checks.door import door
from minelib.pools.counts import LABELS
from minelib.pools.shares import NO_PLACE, contrast, group_name, interval, share, turnover

__all__ = ["LABELS", "NO_PLACE", "contrast", "group_name", "interval", "share", "turnover"]

door(globals())
