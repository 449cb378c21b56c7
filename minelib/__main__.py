# SPDX-License-Identifier: MIT
"""``python -m minelib``."""

from minelib.cli import main

main()
