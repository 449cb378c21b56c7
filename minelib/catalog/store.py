# SPDX-License-Identifier: MIT
"""A folder of tables with their descriptors: find, load, describe, check, stamp."""

import contextlib
import json
import re
from functools import cache, cached_property
from pathlib import Path

from minelib.catalog.describe import Description, citation
from minelib.catalog.descriptor import read_descriptor
from minelib.catalog.dictionary import COLUMNS, columns_of, read_columns
from minelib.catalog.integrity import altered_cell, sha256
from minelib.catalog.package import CHECKSUMS, COLUMNS_SHA256, DATAPACKAGE, generated
from minelib.catalog.schema import problems, read_frame
from minelib.checks import language
from minelib.errors import DamagedData, OutOfCoverage, UnknownName

__all__ = ["Catalog", "data_folder", "default"]


def data_folder():
    """Where the tables lie: beside the package in a checkout, inside it in a wheel."""
    package = Path(__file__).resolve().parents[1]
    inside = package / "_data"
    return inside if inside.is_dir() else package.parent / "data"


def _state(path):
    """What changes when a file is written to; None when it is not there."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size, found.st_ino


class Catalog:
    """The tables of one data folder.

    Parameters
    ----------
    root : path-like or None
        A folder with one folder a topic; None for the data the package ships.

    Examples
    --------
    >>> "halvings" in Catalog().names
    True
    """

    def __init__(self, root=None):
        self.root = Path(root) if root is not None else data_folder()
        self._frames = {}
        self._ready = {}

    @cached_property
    def _paths(self):
        paths = {p.stem: p for p in sorted(self.root.glob("*/*.toml"))}
        if not paths:
            raise DamagedData(str(self.root), "no descriptors were found in the data folder")
        return paths

    @cached_property
    def _descriptors(self):
        return {}

    @property
    def names(self):
        """Names of all tables, in the order of their folders."""
        return list(self._paths)

    def descriptor(self, name):
        """The descriptor of one table.

        Raises
        ------
        UnknownName
            With the nearest names.
        DamagedData
        """
        if name not in self._paths:
            raise UnknownName("table", name, self._paths)
        if name not in self._descriptors:
            self._descriptors[name] = read_descriptor(self._paths[name])
        return self._descriptors[name]

    @cached_property
    def words(self):
        """The dictionary of columns; see `minelib.catalog.columns`."""
        return read_columns(self.root / COLUMNS)

    def descriptors(self):
        """All descriptors, in the order of `names`."""
        return [self.descriptor(name) for name in self.names]

    def _content(self, d):
        try:
            return d.csv_path.read_bytes()
        except FileNotFoundError:
            raise DamagedData(d.csv_file, "the file is missing") from None

    @cached_property
    def _stored_sums(self):
        try:
            stored = json.loads((self.root / CHECKSUMS).read_text(encoding="utf-8"))
            for entry in stored.values():
                entry["columns"] = {
                    name: [int(s, 16) for s in text.split()]
                    for name, text in entry["columns"].items()
                }
            return stored
        except (OSError, ValueError, KeyError, AttributeError, TypeError):
            return {}

    def load(self, name, version=None):
        """One table as a frame; see `minelib.load`."""
        d = self.descriptor(name)
        if version is not None and version != d.version:
            raise OutOfCoverage(
                f"minelib's table {name}", f"version {version}", f"version {d.version}"
            )
        if name not in self._frames:
            self._frames[name] = self.read(name)
        return self._frames[name].copy(deep=False)  # safe: pandas copies on write

    def read(self, name):
        """One table as a frame, without counting it among the data an analysis rests on."""
        if name in self._frames:
            return self._frames[name]
        state, frame = self._ready.get(name, (None, None))
        if frame is None or state != _state(self.descriptor(name).csv_path):
            frame = self._read(name)
        return frame

    def _read(self, name):
        d = self.descriptor(name)
        content = self._content(d)
        if sha256(content) != d.sha256:
            raise altered_cell(content, d, self._stored_sums.get(name))
        frame = read_frame(content, d)
        frame.attrs["table"] = name
        frame.attrs["version"] = d.version
        return frame

    def prepare(self):
        """Read every table now, so that processes forked from this one find it read.

        No table counts as loaded by this; a file that changes afterwards is read again, and
        a damaged one is left for `load` to complain about.
        """
        with contextlib.suppress(DamagedData):
            _words = self.words
        for name in self.names:
            try:
                state = _state(self.descriptor(name).csv_path)
                self._ready[name] = (state, self._read(name))
            except (DamagedData, OSError):
                continue

    def loaded(self):
        """Versions of the tables loaded so far: name to integer version."""
        return {name: self.descriptor(name).version for name in sorted(self._frames)}

    def rows(self, name):
        """Count of rows, without parsing."""
        return max(self._content(self.descriptor(name)).count(b"\n") - 1, 0)

    def describe(self, name, lang=None):
        """See `minelib.describe`."""
        d, lang = self.descriptor(name), language(lang)
        return Description(d, self.rows(name), lang, columns_of(self.words, d))

    def cite(self, name, style="text"):
        """See `minelib.cite`."""
        return citation(self.descriptor(name), style)

    def frame(self, lang=None):
        """One row a table; see `minelib.catalog`."""
        import pandas as pd

        from minelib.words import gettext as _

        return pd.DataFrame(
            [
                {
                    "name": d.name,
                    "topic": d.topic,
                    "title": _(d.title, lang),
                    "rows": self.rows(d.name),
                    "start": d.coverage["start"],
                    "end": d.coverage["end"],
                    "licence": d.licence,
                    "commercial_use": d.commercial_use,
                    "version": d.version,
                }
                for d in self.descriptors()
            ]
        )

    def check(self):
        """Check every file of the folder against descriptors and stamps.

        Returns
        -------
        list of DamagedData
            Empty when all is well; not raised, so that all places are named at once.
        """
        found = []
        for name in self.names:
            try:
                d = self.descriptor(name)
                content = self._content(d)
            except DamagedData as e:
                found.append(e)
                continue
            if sha256(content) != d.sha256:
                broken = list(problems(content, d))
                found += broken or [altered_cell(content, d, self._stored_sums.get(name))]
            else:
                try:
                    self.load(name)
                except DamagedData as e:
                    found.append(e)
        if not found:
            found = self._check_references() + self._check_generated()
        else:
            found += self._check_descriptor_stamps() + self._check_words()
        return found

    def _check_words(self):
        try:
            stamped = json.loads((self.root / DATAPACKAGE).read_text(encoding="utf-8"))
            altered = stamped[COLUMNS_SHA256] != self._words_sha256()
        except (OSError, ValueError, KeyError, TypeError):
            return []  # a damaged or missing file is named by whoever reads it
        rule = "was altered: the SHA-256 is not the stamped one"
        return [DamagedData(COLUMNS, rule)] if altered else []

    def _words_sha256(self):
        return sha256((self.root / COLUMNS).read_bytes())

    def _generated(self):
        return generated(self.descriptors(), self.words, self._words_sha256())

    def _check_descriptor_stamps(self):
        found = []
        for name, path in self._paths.items():
            stamped = self._stored_sums.get(name, {}).get("toml_sha256")
            if stamped is not None and sha256(path.read_bytes()) != stamped:
                found.append(
                    DamagedData(
                        f"{path.parent.name}/{path.name}",
                        "was altered: the SHA-256 is not the stamped one",
                    )
                )
        return found

    def _check_references(self):
        found = []
        for d in self.descriptors():
            for c in d.columns:
                if not c.references:
                    continue
                table, column = c.references.split(".")
                if table not in self._paths:
                    found.append(DamagedData(d.toml_file, f"refers to table {table!r}, unknown"))
                    continue
                present = self.load(d.name)[c.name].dropna()
                missing = present[~present.isin(self.load(table)[column])]
                found += [
                    DamagedData(
                        d.csv_file,
                        f"is not in {c.references}",
                        line=row + 2,
                        column=c.name,
                        value=value,
                    )
                    for row, value in missing.drop_duplicates().items()
                ]
        return found

    def _check_generated(self):
        try:
            wanted = self._generated()
        except DamagedData as e:
            return [e]
        found = self._check_words()
        for file, text in wanted.items():
            path = self.root / file
            if not path.exists():
                found.append(DamagedData(file, "the file is missing"))
                continue
            old, new = path.read_bytes().split(b"\n"), text.encode().split(b"\n")
            if old != new:
                line = next(
                    (i for i, (a, b) in enumerate(zip(old, new, strict=False), 1) if a != b),
                    min(len(old), len(new)),
                )
                found.append(
                    DamagedData(
                        file,
                        "does not agree with the descriptors",
                        line=line,
                        value=new[line - 1].decode("utf-8", "replace").strip()[:120]
                        if line <= len(new)
                        else None,
                    )
                )
        if any(e.file == CHECKSUMS for e in found):
            found = self._check_descriptor_stamps() + found
        return found

    def stamp(self, names=None):
        """Write the SHA-256 of each CSV into its descriptor, after a full check of its cells.

        Raises
        ------
        DamagedData
            The first problem; nothing is written for that table.
        """
        for name in names or self.names:
            d = self.descriptor(name)
            content = self._content(d)
            for problem in problems(content, d):
                raise problem
            text = d.path.read_text(encoding="utf-8")
            stamped = re.sub(r'(?m)^sha256 = ".*"$', f'sha256 = "{sha256(content)}"', text, count=1)
            if stamped != text:
                d.path.write_text(stamped, encoding="utf-8", newline="\n")
            self._descriptors.pop(name, None)
            self._frames.pop(name, None)
            self.load(name)

    def write_generated(self):
        """Write the generated files; see `minelib.catalog.package`."""
        for file, text in self._generated().items():
            (self.root / file).write_text(text, encoding="utf-8", newline="\n")


@cache
def default():
    """The catalogue of the data that the package ships."""
    return Catalog()
