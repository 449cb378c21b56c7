# SPDX-License-Identifier: MIT
"""``python -m minelib.cli``."""

from minelib.cli import main

main()
