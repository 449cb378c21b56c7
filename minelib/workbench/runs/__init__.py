# SPDX-License-Identifier: MIT
"""Run notebooks with papermill: strictly checked, several at once, only what has changed."""
