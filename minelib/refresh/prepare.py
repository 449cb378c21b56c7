# SPDX-License-Identifier: MIT
"""From files to the tables of a version: every check first, and then every byte of it."""

import datetime
import gzip
import io
import json
import re
from dataclasses import replace
from pathlib import Path

import pandas as pd

from minelib.catalog import Catalog
from minelib.catalog.files import content_of, sha256
from minelib.catalog.links import broken
from minelib.catalog.own import RECORD
from minelib.catalog.schema import read_frame
from minelib.catalog.store import packaged
from minelib.errors import BadInput, DamagedData
from minelib.refresh.chain import in_order, newer_blocks, newer_epochs, newer_months
from minelib.refresh.days import newer_days
from minelib.refresh.formats import read_files
from minelib.words import gettext as _

__all__ = ["prepare"]

_LABEL = r'(name = "pool_2026"\n(?:.+\n)*?required = )true'  # new blocks may be without a pool


def prepare(paths: list[Path], base: Catalog) -> tuple[dict[str, bytes], list[str]]:
    """Check newer files, and make the tables that follow from them.

    Parameters
    ----------
    paths : list of pathlib.Path
        Files of the formats of ``docs/refresh.md``, in any order.
    base : minelib.catalog.Catalog
        The tables that they go on from: the packaged, or the reader's newest version.

    Returns
    -------
    dict of str to bytes
        The files of the version: path in its folder, and content. Nothing is written here.
    list of str
        What a reader should be told of the files.

    Raises
    ------
    BadInput
        The first thing that is wrong, with its file and line, or that there is nothing new.
    """
    days, found = read_files(paths)
    frames: dict[str, pd.DataFrame] = {}
    contents: dict[str, bytes] = {}
    notes: list[str] = []

    def read(name):
        return frames[name] if name in frames else base.read(name)

    def take(name, make):
        """The table that a function makes of its cells as text, if anything of it is new."""
        d = base.descriptor(name)
        old = content_of(d.csv_path, d.csv_file)
        made = make(pd.read_csv(io.BytesIO(old), dtype=str, keep_default_na=False))
        content = made.to_csv(index=False, lineterminator="\n").encode()
        if content != old:
            may = (replace(c, required=c.required and c.name != "pool_2026") for c in d.columns)
            frames[name] = read_frame(content, replace(d, columns=tuple(may)))
            contents[name] = content

    try:
        if found:
            blocks = in_order(found, int(read("blocks")["height"].iloc[-1]))
            take("blocks", lambda text: newer_blocks(blocks, read, text, notes))
            take("difficulty_epochs", lambda text: newer_epochs(blocks, read, text))
            take("pool_share", lambda text: newer_months(read, text))
            if not contents:
                sentence = _("{file} ends with height {height}: nothing to add.")
                raise BadInput(sentence.format(**blocks[-1]._asdict()))
        if days is not None:
            take("network_daily", lambda text: newer_days(days, read, text, notes))
        named = re.compile(rf"\b({'|'.join(frames)})\b")
        links = [each for each in base.links if named.search(f"{each.left} {each.right}")]
        wrong = broken(links, read, lambda name: base.descriptor(name).csv_file)
    except DamagedData as error:
        wrong = [error]
    if wrong:
        raise BadInput(str(wrong[0]))
    return _files(base, contents, frames, sorted({path.name for path in paths})), notes


def _files(base, contents, frames, names):
    """The files of a version: tables that changed now, those that had before, and the record."""
    files, record = {}, {"after": base.label, "of": names, "beside": {}}
    for d in base.descriptors():
        if d.name in contents:
            content = contents[d.name]
            packed = gzip.compress(content, 6, mtime=0) if d.csv_file.endswith("gz") else content
            described = _described(d, sha256(content), frames[d.name], names)
            files |= {d.csv_file: packed, d.toml_file: described.encode()}
        elif base.origin(d.name) != packaged().label:
            files |= {d.csv_file: d.csv_path.read_bytes(), d.toml_file: d.path.read_bytes()}
        if d.toml_file in files:
            record["beside"][d.name] = packaged().descriptor(d.name).sha256
    return files | {RECORD: json.dumps(record, ensure_ascii=False, indent=1).encode()}


def _described(d, stamp, frame, names):
    """The descriptor of a table with newer rows."""
    last = frame[d.coverage["column"]].max()
    end = pd.Timestamp(last, unit="s") if "time_s" in frame else last
    told, today = json.dumps(", ".join(names), ensure_ascii=False), datetime.date.today()
    text = d.path.read_text(encoding="utf-8").rstrip("\n")
    for old, new in {
        r'(?m)^sha256 = ".*"$': f'sha256 = "{stamp}"',
        r'(?m)^end = ".+"$': f'end = "{end:%Y-%m-%d}"',
        _LABEL: r"\1false",
        r"changes_made = \[\n": '\\g<0>    "Newer rows from files of the reader\'s own",\n',
    }.items():
        text = re.sub(old, new, text, count=1)
    return (
        f'{text}\n\n[[sources]]\npublisher = "minelib"\ntitle = {told}\n'
        f'address = "docs/refresh.md"\naccessed = {today}\nnote = "files of the reader\'s own"\n'
    )
