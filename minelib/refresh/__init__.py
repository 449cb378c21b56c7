# SPDX-License-Identifier: MIT
"""Newer files that a reader has fetched herself, checked and made into tables of her own.

Nothing here asks the network for anything or writes anything: ``minelib refresh`` writes what
`prepare` gives, as a new version in the reader's data folder.
"""

from minelib.refresh.formats import files_in
from minelib.refresh.prepare import prepare

__all__ = ["files_in", "prepare"]
