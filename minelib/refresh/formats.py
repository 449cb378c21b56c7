# SPDX-License-Identifier: MIT
"""The files that are taken: days of Coin Metrics, headers of a node, blocks of mempool.

What each holds is told in ``docs/refresh.md``. A file that is none of them, or not whole, is
refused with its first bad line.
"""

import csv
import io
import json
import re
import struct
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple, NoReturn

import numpy as np
import pandas as pd

from minelib.chain.headers import block_hash, target
from minelib.errors import BadInput
from minelib.words import gettext as _

__all__ = ["DAYS", "Block", "files_in", "read_files", "refuse"]

_SUFFIXES = (".csv", ".json", ".jsonl", ".ndjson")
DAYS = {
    **{"PriceUSD": "price_usd", "HashRate": "hashrate_eh_s", "FeeTotNtv": "fees_btc"},
    **{"TxCnt": "transactions", "AdrActCnt": "active_addresses"},
}
"""What a file of days must have, and the columns of table ``network_daily``."""
_COUNTS = {"BlkCnt": "block_count", "IssTotNtv": "issuance_btc", "IssTotUSD": "issuance_usd"}
_HEADER = ("id", "version", "previousblockhash", "merkle_root", "bits", "nonce")
_NODE = {"hash": "id", "merkleroot": "merkle_root", "time": "timestamp"}
_POOL = ("extras.pool.slug", "pool_slug", "extras.pool.name", "pool_name", "pool")


class _At(NamedTuple):
    file: str
    line: int


class Block(NamedTuple):
    """A block as a file has it; what the file does not say is None.

    ``header`` are its 80 bytes; ``pool`` is the slug or the name.
    """

    height: int
    time: int
    pool: str | None
    file: str
    line: int
    bits: int | None = None
    hash: str | None = None
    previous: str | None = None
    header: bytes | None = None


def refuse(at: Any, sentence: str, **words: Any) -> NoReturn:
    """Raise BadInput for a row: it has ``file`` and ``line``, and its fields may be in words."""
    words = {**at._asdict(), **words}
    words["sentence"] = sentence.format(**words)
    raise BadInput(_("{file}, line {line}: {sentence}").format(**words))


def files_in(place: Path) -> list[Path]:
    """The file, or those of a folder that may be of one of the formats, by name."""
    if place.is_file():
        return [place]
    found = sorted(p for p in place.glob("*") if p.suffix.lower() in _SUFFIXES and p.is_file())
    if not found:
        sentence = _("{place} is no file, and no folder with files of these kinds: {kinds}.")
        raise BadInput(sentence.format(place=place, kinds=", ".join(_SUFFIXES)))
    return found


def read_files(paths: list[Path]) -> tuple[pd.DataFrame | None, list[Block]]:
    """What the files hold.

    Returns
    -------
    pandas.DataFrame or None
        Days: ``date``, ``day`` (as text), columns under our names and in our units, ``file``,
        ``line``; in the order of the files. None where no file has days.
    list of Block
        Every block, its proof of work checked where the fields of the header are given.

    Raises
    ------
    BadInput
        The first line that is not as it must be.
    """
    days: list[pd.DataFrame] = []
    blocks: list[Block] = []
    for path in paths:
        try:
            with path.open(encoding="utf-8-sig", newline="") as file:
                as_json = file.readline().lstrip()[:1] in ("{", "[")
                file.seek(0)
                if as_json:
                    blocks += (_block(o, _At(path.name, n)) for o, n in _objects(file, path.name))
                else:
                    _rows(file.read(), path.name, days, blocks)
        except UnicodeDecodeError:
            _unknown(path.name)
    return (pd.concat(days, ignore_index=True) if days else None), blocks


def _unknown(file):
    known = _("days of Coin Metrics, headers of a node, blocks of mempool")
    refuse(_At(file, 1), _("is none of the formats that are taken: {known}"), known=known)


def _objects(file, name):
    """Each JSON object with its line: one a line, an array a line, or one array as a whole."""
    try:
        json.loads(file.readline())
        file.seek(0)
        parts: Iterator[tuple[int, str]] = enumerate(file, 1)
    except ValueError:
        file.seek(0)
        parts = iter([(1, file.read())])
    for line, text in parts:
        try:
            found = json.loads(text) if text.strip() else []
        except ValueError as error:
            at = line - 1 + getattr(error, "lineno", 1)
            refuse(_At(name, at), _("is cut off, or is not JSON"))
        for each in found if isinstance(found, list) else [found]:
            yield each, line


def _block(o, at):
    """A block, as a node or mempool tells it; with all of a header, its hash meets its target."""
    if not isinstance(o, dict) or not ({"height"} < {*o} and {"time", "timestamp"} & {*o}):
        _unknown(at.file)
    o = {_NODE.get(name, name): value for name, value in o.items()}
    pool = (o.get("extras") or {}).get("pool") or {}
    told = [pool.get("slug"), pool.get("name"), *(o.get(name) for name in _POOL)]
    pool = next((str(name) for name in told if name), None)
    height, time = (_whole(o[name], name, at) for name in ("height", "timestamp"))
    if not {*o} & {*_HEADER[:4]}:
        return Block(height, time, pool, *at)
    if lacking := [name for name in _HEADER if name not in o]:
        refuse(at, _("lacks the field {name!r}"), name=lacking[0])
    bits, nonce, version = (_whole(o[name], name, at) for name in ("bits", "nonce", "version"))
    hashes = [o[name] for name in ("id", "previousblockhash", "merkle_root")]
    if not all(isinstance(each, str) and re.fullmatch("[0-9a-f]{64}", each) for each in hashes):
        refuse(at, _("a hash is not 64 hexadecimal digits"))
    inner = b"".join(bytes.fromhex(each)[::-1] for each in hashes[1:])
    header = struct.pack("<I", version % 2**32) + inner + struct.pack("<III", time, bits, nonce)
    if block_hash(header.hex()) != hashes[0]:
        refuse(at, _("the fields of block {height} do not give its hash"), height=height)
    if not _meets(hashes[0], bits):
        refuse(at, _("the hash of block {height} does not meet its target"), height=height)
    return Block(height, time, pool, *at, bits, hashes[0], hashes[1], header)


def _whole(value, name, at):
    """A whole number of 32 bits, which may be text; bits may be hexadecimal digits."""
    if isinstance(value, str):
        base = 16 if name == "bits" and re.fullmatch("[0-9a-f]{8}", value) else 10
        value = int(value, base) if base == 16 or re.fullmatch("-?[0-9]{1,10}", value) else None
    low = -(2**31) if name == "version" else 0
    if type(value) is not int or not low <= value < 2**32:
        refuse(at, _("{name} is not a whole number that it can be"), name=name)
    return value


def _meets(block_hash, bits):
    """Whether a hash proves the work that its target asks for."""
    return int(block_hash, 16) <= target(bits)


def _rows(text, name, days, blocks):
    """The rows of a CSV, as days or as blocks."""
    heads, *rows = list(csv.reader(io.StringIO(text))) or [[]]
    of_days = {"time", *DAYS} <= {*heads} and {*_COUNTS} & {*heads}
    if not of_days and not ({"height"} < {*heads} and {*_POOL} & {*heads}):
        _unknown(name)
    for at, row in enumerate(rows, 2):
        if len(row) != len(heads):
            sentence = _("has {count} cells, not {all}")
            refuse(_At(name, at), sentence, count=len(row), all=len(heads))
    if not text.endswith(("\n", "\r")):
        refuse(_At(name, len(rows) + 1), _("has no line end: the file may be cut off"))
    if of_days:
        days.append(_days(pd.DataFrame(rows, columns=heads), name))
    else:
        told = (dict(zip(heads, row, strict=True)) for row in rows)
        blocks += (_block(o, _At(name, at)) for at, o in enumerate(told, 2))


def _days(table, name):
    """The days of Coin Metrics, numbers as numbers."""
    names = {k: v for k, v in ({"time": "date"} | DAYS | _COUNTS).items() if k in table}
    cells = table[list(names)].rename(columns=names)
    form = cells["date"].str.fullmatch(r"\d{4}-\d\d-\d\d(T00:00:00(\.0+)?Z?)?")
    day = cells["date"].str[:10].where(form)
    found = cells.iloc[:, 1:].apply(pd.to_numeric, errors="coerce")
    found = found.where((found >= 0) & np.isfinite(found))
    found.insert(0, "date", pd.to_datetime(day, format="%Y-%m-%d", errors="coerce"))
    bad = found.isna() & ((cells != "") | (cells.columns == "date"))
    for line, column in zip(*np.nonzero(bad.to_numpy()), strict=True):
        words = {"column": cells.columns[column], "value": cells.iat[line, column]}
        refuse(_At(name, int(line) + 2), _("{column} is {value!r}"), **words)
    found["hashrate_eh_s"] /= 1e6  # the file has TH/s
    return found.assign(day=day, file=name, line=found.index + 2)
