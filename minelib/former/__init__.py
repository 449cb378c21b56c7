# SPDX-License-Identifier: MIT
"""Names of version 0.1 that have a successor: they work until 0.3, with a warning."""
