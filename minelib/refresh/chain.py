# SPDX-License-Identifier: MIT
"""Newer blocks: linked to each other and to the chain there is, and held by the retarget rule."""

from collections.abc import Callable
from typing import Any

import pandas as pd

from minelib.chain.headers import EPOCH_BLOCKS, difficulty, retargeted, work
from minelib.refresh.formats import Block, refuse
from minelib.words import gettext as _

__all__ = ["in_order", "newer_blocks", "newer_epochs", "newer_months"]

_SEGMENT = "block_labels_newer_2026"


def newer_blocks(
    blocks: list[Block], read: Callable[[str], pd.DataFrame], text: pd.DataFrame, notes: list[str]
) -> pd.DataFrame:
    """Table ``blocks`` with the blocks of the files that it lacks, and labels that it lacks.

    Parameters
    ----------
    blocks : list of Block
        As `in_order` leaves them.
    read : callable
        Gives a table by its name, as it is now.
    text : pandas.DataFrame
        Table ``blocks``, each cell as text.
    notes : list of str
        Gets what a reader should be told.

    Returns
    -------
    pandas.DataFrame
        As `text`, with what is new.

    Raises
    ------
    BadInput
        With the file and the line: a block that does not follow on the one before, has another
        time or pool than in the table, or another target than the retarget rule gives.
    """
    heights = text["height"].astype(int)
    times = dict(zip(heights, text["time_s"].astype(int), strict=True))
    labels = dict(zip(heights, text["pool_2026"], strict=True))
    keys, unknown = _keys(read("pools")), set()
    for b in blocks:
        pool = keys.get(_plain(b.pool), "unknown") if b.pool else ""
        if b.pool and _plain(b.pool) not in keys:
            unknown.add(b.pool)
        if times.setdefault(b.height, b.time) != b.time:
            sentence = _("block {height} has the time {time}, and {ours} in the table here")
            refuse(b, sentence, ours=times[b.height])
        ours = labels.get(b.height) or pool
        if pool not in ("", ours):
            sentence = _("block {height} is of {pool}, and of {ours} in the table here")
            refuse(b, sentence, pool=pool, ours=ours)
        labels[b.height] = ours
    _held(blocks, times, read("difficulty_epochs").set_index("epoch"))
    if unknown:
        sentence = _("Pools that the table of pools does not know, kept as unknown: {names}")
        notes.append(sentence.format(names=", ".join(sorted(unknown))))
    made = pd.DataFrame({"time_s": times, "pool_2026": labels}).loc[heights.iloc[0] :]
    made.insert(
        1, "pool_2025", text["pool_2025"].set_axis(heights).reindex(made.index, fill_value="")
    )
    return made.rename_axis("height").reset_index().astype(str)


def in_order(found: list[Block], last: int) -> list[Block]:
    """The blocks of the files by height, each once and without a gap after the last there is.

    Raises
    ------
    BadInput
        With the file and the line: heights with a gap, a block given twice that differs.
    """
    kept: list[Block] = []
    for b in sorted(found, key=lambda b: b.height):
        before = kept[-1] if kept else None
        if before is None and b.height > last + 1:
            sentence = _("begins with height {height}, and the table here ends with {last}: a gap")
            refuse(b, sentence, last=last)
        if before and b.height == before.height:
            if (b.time, b.hash or before.hash) != (before.time, before.hash or b.hash):
                refuse(b, _("block {height} is given twice and differs"))
            whole = b if b.hash else before
            kept[-1] = whole._replace(pool=before.pool or b.pool)
            continue
        # the blocks of one pool may label what is there: there they have gaps by nature
        labels = before and b.height <= last + 1 and b.pool and before.pool
        if before and b.height != before.height + 1 and not labels:
            refuse(b, _("heights are missing before {height}"))
        kept.append(b)
    return kept


def _keys(pools):
    """Names of pools, as explorers write them, to our keys."""
    named = [pools.set_index("pool", drop=False)[c] for c in ("aliases", "name_en", "pool")]
    texts = pd.concat(named).dropna().str.split(";").explode()
    return {_plain(text): key for key, text in texts.items()}


def _plain(name):
    return "".join(c for c in name.lower() if c.isalnum())


def _held(blocks, times, epochs):
    """Refuse a block that the chain does not hold: by its link, its target or its time."""
    bits = {epoch: int(text, 16) for epoch, text in epochs["bits_hex"].items()}
    starts, before_start = (epochs[c].dropna() for c in ("block_hash", "previous_hash"))
    anchors = dict(zip(starts.index * EPOCH_BLOCKS, starts, strict=True))
    anchors |= dict(zip(before_start.index * EPOCH_BLOCKS - 1, before_start, strict=True))
    before = None
    for b in blocks:
        epoch = b.height // EPOCH_BLOCKS
        if b.hash and anchors.get(b.height, b.hash) != b.hash:
            refuse(b, _("block {height} is not the one of the table of epochs"))
        linked = before and b.height == before.height + 1 and b.hash and before.hash
        if linked and b.previous != before.hash:
            refuse(b, _("block {height} does not follow on the block before"))
        if b.bits is None and epoch not in epochs.index:
            refuse(b, _("block {height} lies beyond the known epochs: headers are needed, too"))
        begins = times.get(b.height - EPOCH_BLOCKS)
        if b.height % EPOCH_BLOCKS == 0 and begins and epoch - 1 in bits:
            asked = retargeted(bits[epoch - 1], times[b.height - 1] - begins)
            if bits.setdefault(epoch, b.bits) != asked:
                refuse(b, _("the times before block {height} do not give its target"))
        if b.bits not in (None, bits.setdefault(epoch, b.bits)):
            refuse(b, _("block {height} has another target than its epoch"))
        before = b


def newer_epochs(
    blocks: list[Block], read: Callable[[str], pd.DataFrame], text: pd.DataFrame
) -> pd.DataFrame:
    """Table ``difficulty_epochs`` with the epochs whose first header is among the blocks.

    Rows without a header get theirs, rows after the last are added; the others stay.
    """
    bare = read("difficulty_epochs")["header_hex"].isna()
    rows: list[Any] = text.to_dict("records")
    for b in blocks:
        e, place = divmod(b.height, EPOCH_BLOCKS)
        if place or not b.header or not bare.get(e, True):
            continue
        bits, when = f"{b.bits:08x}", pd.Timestamp(b.time, unit="s")
        old: Any = rows[e - 1]
        if e == len(rows):
            done = int(old["chainwork_hex"], 16) + (EPOCH_BLOCKS - 1) * work(old["bits_hex"])
            change = (difficulty(bits) / difficulty(old["bits_hex"]) - 1) * 100
            rows.append(dict.fromkeys(text, "") | {"epoch": e, "start_height": b.height})
            rows[e] |= {"chainwork_hex": f"{done + work(bits):064x}", "bits_hex": bits}
            rows[e] |= {"difficulty": f"{difficulty(bits):.6f}", "change_pct": round(change, 4)}
        rows[e] |= {
            "start_time": f"{when:%Y-%m-%dT%H:%M:%SZ}",
            "start_date": f"{when:%Y-%m-%d}",
            **{"previous_hash": b.previous, "block_hash": b.hash, "header_hex": b.header.hex()},
            **{"time_basis": "block_header", "verification": "header_pow_checked"},
        }
        for here, after in zip(rows[e - 1 : e + 1], rows[e : e + 2], strict=False):
            span = pd.Timestamp(after["start_time"]) - pd.Timestamp(here["start_time"])
            guess = "estimated" in (here["time_basis"], after["time_basis"])
            here["duration_s"] = int(span.total_seconds())
            here["duration_basis"] = "estimated" if guess else "block_header"
    return pd.DataFrame(rows, columns=text.columns).astype(str)


def newer_months(read: Callable[[str], pd.DataFrame], text: pd.DataFrame) -> pd.DataFrame:
    """Table ``pool_share`` with the months that table ``blocks`` has whole and labelled.

    The last month of the table counts as unfinished and is counted anew.
    """
    blocks, last = read("blocks"), text["month"].max()
    month = pd.to_datetime(blocks["time_s"], unit="s").dt.strftime("%Y-%m-01")
    labels = blocks["pool_2026"].groupby(month[(month >= last) & (month < month.max())])
    rows = []
    for first, pools in labels:
        if pools.isna().any():
            break
        for pool, count in pools.value_counts().items():
            share = round(count / len(pools) * 100, 3)
            rows.append([first, pool, count, len(pools), share, _SEGMENT, "false"])
    new = pd.DataFrame(rows, columns=text.columns).astype(str)
    return pd.concat([text[~text["month"].isin(new["month"])], new])
