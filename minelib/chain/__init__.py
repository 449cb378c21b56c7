# SPDX-License-Identifier: MIT
"""The chain: headers that prove themselves, difficulty, and the hash rate they imply."""

from minelib.chain.headers import (
    EPOCH_BLOCKS,
    Header,
    block_hash,
    check_blocks,
    check_epochs,
    difficulty,
    parse_header,
    target,
    work,
)
from minelib.chain.path import rate_path
from minelib.chain.rate import FREQUENCIES, growth, hash_rate, poisson_interval, retargets
from minelib.chain.steps import step, steps
from minelib.chain.times import LABELS, TIMES, block_times
from minelib.chain.verify import Report, verify
from minelib.checks.door import door

__all__ = [
    "EPOCH_BLOCKS",
    "FREQUENCIES",
    "LABELS",
    "TIMES",
    "Header",
    "Report",
    "block_hash",
    "block_times",
    "check_blocks",
    "check_epochs",
    "difficulty",
    "growth",
    "hash_rate",
    "parse_header",
    "poisson_interval",
    "rate_path",
    "retargets",
    "step",
    "steps",
    "target",
    "verify",
    "work",
]

door(globals())
