# SPDX-License-Identifier: MIT
"""Block headers that prove themselves: hashing, targets, work, and the rules between epochs."""

import hashlib
import struct
from typing import NamedTuple

import numpy as np
import pandas as pd

from minelib.catalog import load
from minelib.checks.door import Whole
from minelib.errors import BadInput, BadParameter
from minelib.words import gettext as _

__all__ = [
    "EPOCH_BLOCKS",
    "Header",
    "block_hash",
    "check_blocks",
    "check_epochs",
    "difficulty",
    "parse_header",
    "retargeted",
    "target",
    "work",
]

EPOCH_BLOCKS = 2016
_EPOCH_SECONDS = 14 * 24 * 3600
_LIMIT = 0xFFFF << 208  # the easiest target there is: difficulty 1

# A header's time may lie up to two hours ahead of the network's clock, and a gap of four hours
# between two blocks has a probability of e^-24: outside these bounds a time is not believed.
_LAST_BLOCK_BOUNDS_S = (-7200, 14400)


class Header(NamedTuple):
    """The six fields of a header. Hashes are in the byte order in which they are printed."""

    version: int
    previous_hash: str
    merkle_root: str
    time: int
    bits: int
    nonce: int


def parse_header(header_hex: str) -> Header:
    """Split the 80 bytes of a block header.

    Parameters
    ----------
    header_hex : str
        160 hexadecimal digits.

    Returns
    -------
    Header
        ``time`` in seconds since 1970 (UTC).

    Raises
    ------
    BadParameter
        Not hexadecimal, or not 80 bytes.

    Examples
    --------
    >>> import minelib as ml
    >>> genesis = ml.load("difficulty_epochs")["header_hex"][0]
    >>> parse_header(genesis).nonce
    2083236893
    """
    raw = _bytes(header_hex)
    version, previous, root, time, bits, nonce = struct.unpack("<i32s32sIII", raw)
    return Header(version, previous[::-1].hex(), root[::-1].hex(), time, bits, nonce)


def _bytes(header_hex):
    try:
        raw = bytes.fromhex(header_hex)
    except ValueError:
        raw = b""
    if len(raw) != 80:
        rule = _("must be the 80 bytes of a header, 160 hexadecimal digits")
        raise BadParameter("header_hex", header_hex, rule)
    return raw


def block_hash(header_hex: str) -> str:
    """Double SHA-256 of a header, in the order in which block hashes are printed.

    Raises
    ------
    BadParameter
        Not hexadecimal, or not 80 bytes.

    Examples
    --------
    >>> import minelib as ml
    >>> block_hash(ml.load("difficulty_epochs")["header_hex"][0])[:20]
    '000000000019d6689c08'
    """
    once = hashlib.sha256(_bytes(header_hex)).digest()
    return hashlib.sha256(once).digest()[::-1].hex()


def target(bits: Whole | str) -> int:
    """The target that a compact value (nBits) stands for; a hash must not exceed it.

    Parameters
    ----------
    bits : int or str
        As an integer, or as the eight hexadecimal digits of table ``difficulty_epochs``.

    Returns
    -------
    int

    Raises
    ------
    BadParameter
        Not 32 bits.

    Examples
    --------
    >>> target("1d00ffff") == 0xFFFF << 208
    True
    """
    try:
        value = int(bits, 16) if isinstance(bits, str) else int(bits)
    except ValueError:
        value = -1
    if not 0 <= value < 2**32:
        rule = _("must be a number of 32 bits, or its eight hexadecimal digits")
        raise BadParameter("bits", bits, rule)
    exponent, mantissa = value >> 24, value & 0x7FFFFF
    return mantissa << 8 * (exponent - 3) if exponent >= 3 else mantissa >> 8 * (3 - exponent)


def difficulty(bits: Whole | str) -> float:
    """Difficulty: the target of difficulty 1 divided by the target.

    Raises
    ------
    BadParameter
        Not 32 bits, or a target of zero.

    Examples
    --------
    >>> difficulty("1d00ffff")
    1.0
    """
    goal = target(bits)
    if not goal:
        raise BadParameter("bits", bits, _("is no target"))
    return _LIMIT / goal


def work(bits: Whole | str) -> int:
    """Expected number of hashes for a block of this target: ``2**256 / (target + 1)``.

    Examples
    --------
    >>> work("1d00ffff")
    4295032833
    """
    return 2**256 // (target(bits) + 1)


def check_epochs(frame: pd.DataFrame) -> list[tuple[int, str, str]]:
    """Check every epoch against the rules of the chain.

    For each row: the header hashes to the stated block hash, at or below the target of its own
    bits; bits, time and previous hash agree with the header; difficulty and its change follow
    from the bits; the chain work grows by 2,015 blocks at the old and one at the new target;
    the previous hash meets the old target; and the new target is the one that the retarget
    rule gives for a last block that lies where the times allow.

    Parameters
    ----------
    frame : pandas.DataFrame
        Table ``difficulty_epochs``.

    Returns
    -------
    list of (int, str, str)
        Row number from 0, column, and what is broken; empty when all is well.

    Raises
    ------
    BadInput
        A column of the table is missing.

    Examples
    --------
    >>> check_epochs(load("difficulty_epochs").head(3))
    []
    """
    for name in load("difficulty_epochs").columns.difference(frame.columns):
        raise BadInput(_("The table lacks the column {name!r}.").format(name=name))
    rows = list(frame.itertuples(index=False))
    found = []
    for i, row in enumerate(rows):
        steps = _check_step(rows[i - 1], row) if i else ()
        found += [(i, column, rule) for column, rule in [*_check_row(row), *steps]]
    return found


def check_blocks(
    blocks: pd.DataFrame, epochs: pd.DataFrame
) -> tuple[list[tuple[int, str, str]], float]:
    """Prove block times by the difficulty that followed them.

    The times of the first and of the last block of an epoch decide, by the retarget rule, the
    target of the next epoch to the last of its bits. The 2,014 times between them are not proved.

    Parameters
    ----------
    blocks : pandas.DataFrame
        Table ``blocks``.
    epochs : pandas.DataFrame
        Table ``difficulty_epochs``.

    Returns
    -------
    list of (int, str, str)
        Row number of ``blocks`` from 0, column, and what is broken; empty when all is well.
    float
        Seconds by which a proved time might be off at most: what the last bit of a target
        means, at its coarsest.

    Examples
    --------
    >>> broken, within_s = check_blocks(load("blocks").tail(4100), load("difficulty_epochs"))
    >>> broken, within_s < 60
    ([], True)
    """
    heights = blocks["height"].to_numpy()
    gaps = np.flatnonzero(np.diff(heights) != 1)
    if len(gaps):
        return [(int(gaps[0]) + 1, "height", "does not follow on the block before")], 0.0
    seconds, found, within = blocks["time_s"].to_numpy(), [], 0.0
    bits = dict(zip(epochs["epoch"], epochs["bits_hex"], strict=True))
    first = -int(heights[0]) % EPOCH_BLOCKS
    for at in range(first, len(heights) - EPOCH_BLOCKS + 1, EPOCH_BLOCKS):
        epoch, last = int(heights[at]) // EPOCH_BLOCKS, at + EPOCH_BLOCKS - 1
        span = int(seconds[last] - seconds[at])
        if epoch + 1 not in bits:
            continue
        within = max(within, span / int(bits[epoch + 1][2:], 16))
        if retargeted(bits[epoch], span) != int(bits[epoch + 1], 16):
            rule = "with the first time of the epoch does not give the difficulty that followed"
            found.append((last, "time_s", rule))
    return found, within


def retargeted(bits: Whole | str, seconds: Whole) -> int:
    """The bits of an epoch by the retarget rule.

    Parameters
    ----------
    bits : int or str
        Of the epoch before, as in `target`.
    seconds : int
        From the time of its first block to that of its last.

    Returns
    -------
    int
        The new target is the old one times the seconds over those of 14 days, at most by a
        factor of four, and kept as three digits to the base 256, the first below 128.

    Examples
    --------
    >>> f"{retargeted('1d00ffff', 604_800):08x}"  # twice as fast
    '1c7fff80'
    """
    span = min(max(seconds, _EPOCH_SECONDS // 4), _EPOCH_SECONDS * 4)
    value = min(target(bits) * span // _EPOCH_SECONDS, _LIMIT)
    size = (value.bit_length() + 7) // 8
    size += value >> 8 * (size - 3) >= 0x800000
    return size << 24 | value >> 8 * (size - 3)


def _check_row(row):
    if row.start_height != row.epoch * EPOCH_BLOCKS:
        yield "start_height", "is not epoch x 2,016"
    if not target(row.bits_hex):
        yield "bits_hex", "is no target"
        return
    if abs(row.difficulty / difficulty(row.bits_hex) - 1) > 1e-6:
        yield "difficulty", "does not follow from the bits"
    if not isinstance(row.header_hex, str):
        return
    header = parse_header(row.header_hex)
    found = block_hash(row.header_hex)
    if int(found, 16) > target(header.bits):
        yield "header_hex", "has no proof of work: its hash is above the target of its own bits"
    if found != row.block_hash:
        yield "block_hash", "is not the hash of the header"
    if f"{header.bits:08x}" != row.bits_hex:
        yield "bits_hex", "is not the bits of the header"
    if header.previous_hash != row.previous_hash:
        yield "previous_hash", "is not the previous hash of the header"
    if header.time != int(row.start_time.timestamp()):
        yield "start_time", "is not the time of the header"


def _check_step(before, row):
    old, new = target(before.bits_hex), target(row.bits_hex)
    if row.epoch != before.epoch + 1:
        yield "epoch", "does not follow the epoch before"
    if not old or not new:
        return
    if int(row.previous_hash, 16) > old:
        yield "previous_hash", "has no proof of work at the target of its epoch"
    grown = int(row.chainwork_hex, 16) - int(before.chainwork_hex, 16)
    if grown != (EPOCH_BLOCKS - 1) * work(before.bits_hex) + work(row.bits_hex):
        yield "chainwork_hex", "does not grow by the work of the epoch"
    change = (old / new - 1) * 100
    if row.change_pct == row.change_pct and abs(row.change_pct - change) > 0.001:
        yield "change_pct", "does not follow from the bits"
    seconds = round((row.start_time - before.start_time).total_seconds())
    if before.duration_s == before.duration_s and abs(before.duration_s - seconds) > 1:
        yield "duration_s", "is not the time to the next epoch"
    if not 0.249 < new / old < 4.001:
        yield "bits_hex", "changes by more than a factor of four"
    elif new != _LIMIT and 0.2501 < new / old < 3.999 and row.time_basis != "estimated":
        # Compact targets are rounded down, so the implied time is a little early
        span = row.start_time.timestamp() - before.start_time.timestamp()
        lower, upper = _LAST_BLOCK_BOUNDS_S
        if not lower <= span - new / old * _EPOCH_SECONDS <= upper:
            yield "bits_hex", "is not what the retarget rule gives for the times"
