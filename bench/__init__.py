# SPDX-License-Identifier: MIT
"""Speed figures, measured and printed as ratios to what they are compared with."""
