# SPDX-License-Identifier: MIT
"""A folder of tables with their descriptors: find, load, describe, check, stamp."""

import contextlib
import json
import re
from functools import cache, cached_property
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING

from minelib.catalog.describe import Description, citation
from minelib.catalog.descriptor import WARNINGS_FILE, Descriptor, read_descriptor
from minelib.catalog.dictionary import COLUMNS, Word, columns_of, read_columns
from minelib.catalog.files import LINKS, content_of, data_folder, sha256
from minelib.catalog.package import DATAPACKAGE, STAMPS, generated
from minelib.catalog.schema import problems, read_frame
from minelib.catalog.units import UNITS_FILE
from minelib.checks import language
from minelib.errors import DamagedData, UnknownName
from minelib.words import gettext as _

if TYPE_CHECKING:
    import pandas as pd

    from minelib.catalog.links import Link

__all__ = ["Catalog", "packaged"]

_ALTERED = "was altered: the SHA-256 is not the stamped one"


def _wrong(content, d):
    """What is wrong with a CSV that is not the stamped one; a spreadsheet's habits come first."""
    whole = content.removeprefix(b"\xef\xbb\xbf")
    for bare in (content, whole):
        for lines in (bare, bare.replace(b"\r\n", b"\n"), bare.replace(b"\r", b"\n")):
            if sha256(lines) == d.sha256:
                parts = [("line ends", lines != bare), ("a byte order mark", bare != content)]
                changed = " and ".join(part for part, differs in parts if differs)
                rule = f"was saved anew and differs only in {changed}; take the shipped file"
                return [DamagedData(d.csv_file, rule)]
    return problems(content, d) or [DamagedData(d.csv_file, _ALTERED)]


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
        A folder with one folder per topic; None for the data the package ships.
    over : path-like or None
        A folder of the same form, whose tables take the place of those of the same name.
    label : str
        What the tables of ``over`` are called: ``"mine-1"``.

    Examples
    --------
    >>> "halvings" in Catalog().names
    True
    """

    def __init__(
        self,
        root: str | PathLike | None = None,
        over: str | PathLike | None = None,
        label: str = "packaged",
    ) -> None:
        self.root = Path(root) if root is not None else data_folder()
        self.over, self.label = (None if over is None else Path(over)), label
        self._descriptors: dict[str, Descriptor] = {}
        self._frames: dict[str, tuple] = {}  # name to frame and the state of its file
        self._loaded: dict[str, int] = {}

    @cached_property
    def _paths(self):
        paths = {p.stem: p for p in sorted(self.root.glob("*/*.toml"))}
        if not paths:
            raise DamagedData(str(self.root), "no descriptors were found in the data folder")
        return (
            paths | {p.stem: p for p in sorted(self.over.glob("*/*.toml"))} if self.over else paths
        )

    def files(self, name: str) -> tuple[Path, Path]:
        """The files of a table, its CSV and its descriptor, without reading them."""
        path = self._paths[name]
        packed = path.with_suffix(".csv.gz")
        return (packed if packed.exists() else path.with_suffix(".csv")), path

    def origin(self, name: str) -> str:
        """Where a table comes from: ``"packaged"``, or the label of the reader's own version."""
        return self.label if self.over in self.descriptor(name).path.parents else "packaged"

    @property
    def names(self) -> list[str]:
        """Names of all tables, in the order of their folders."""
        return list(self._paths)

    def descriptor(self, name: str) -> Descriptor:
        """The descriptor of one table.

        Raises
        ------
        UnknownName
            With the nearest names.
        DamagedData
        """
        if not isinstance(name, str) or name not in self._paths:  # type: ignore[redundant-expr]
            raise UnknownName("table", name, self._paths)
        if name not in self._descriptors:
            self._descriptors[name] = read_descriptor(self._paths[name])
        return self._descriptors[name]

    @cached_property
    def words(self) -> dict[str, dict[str, Word]]:
        """The dictionary of columns; see `minelib.catalog.columns`."""
        return read_columns(self.root / COLUMNS)

    def descriptors(self) -> list[Descriptor]:
        """All descriptors, in the order of `names`."""
        return [self.descriptor(name) for name in self.names]

    def load(self, name: str) -> "pd.DataFrame":
        """One table as a frame; see `minelib.load`."""
        frame = self.read(name)
        self._loaded[name] = self.descriptor(name).version
        return frame.copy(deep=False)  # safe: pandas copies on write

    def read(self, name: str) -> "pd.DataFrame":
        """One table as a frame, without counting it among the data an analysis rests on."""
        if name in self._loaded:
            return self._frames[name][0]
        d = self.descriptor(name)
        frame, state = self._frames.get(name, (None, None))
        if frame is None or state != _state(d.csv_path):
            state, content = _state(d.csv_path), content_of(d.csv_path, d.csv_file)
            if sha256(content) != d.sha256:
                raise _wrong(content, d)[0]
            frame = self._kept(d, content, state)
        return frame

    def _kept(self, d, content, state):
        """The table in the bytes of its file, kept for whoever asks next."""
        self._frames[d.name] = read_frame(content, d), state
        return self._frames[d.name][0]

    def unstamped(self, name: str) -> "pd.DataFrame":
        """One table as its file is now, altered or not, so long as it keeps its schema."""
        d = self.descriptor(name)
        return read_frame(content_of(d.csv_path, d.csv_file), d)

    def prepare(self) -> None:
        """Read every table now, so that processes forked from this one find it read.

        No table counts as loaded by this; a file that changes afterwards is read again, and
        a damaged one is left for `load` to complain about.
        """
        with contextlib.suppress(DamagedData):
            _words = self.words
        for name in self.names:
            with contextlib.suppress(DamagedData, OSError):
                self.read(name)

    def loaded(self) -> dict[str, int]:
        """Versions of the tables loaded so far: name to integer version, by name."""
        return dict(sorted(self._loaded.items()))

    def rows(self, name: str) -> int:
        """Count of rows, without parsing."""
        d = self.descriptor(name)
        return max(content_of(d.csv_path, d.csv_file).count(b"\n") - 1, 0)

    def describe(self, name: str, lang: str | None = None) -> Description:
        """See `minelib.describe`."""
        d = self.descriptor(name)
        return Description(d, self.rows(name), language(lang), columns_of(self.words, d))

    def cite(self, name: str, style: str = "text") -> str:
        """See `minelib.cite`."""
        return citation(self.descriptor(name), style)

    def frame(self, lang: str | None = None) -> "pd.DataFrame":
        """One row per table; see `minelib.catalog.list`."""
        import pandas as pd

        lang = language(lang)
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

    def check(self) -> list[DamagedData]:
        """Check every file of the folder against descriptors and stamps.

        Returns
        -------
        list of DamagedData
            Empty when all is well; not raised, so that all places are named at once.
        """
        found: list[DamagedData] = []
        for name in self.names:
            try:
                d = self.descriptor(name)
                state, content = _state(d.csv_path), content_of(d.csv_path, d.csv_file)
                if sha256(content) != d.sha256:
                    found += _wrong(content, d)
                else:
                    if self._frames.get(name, (None, None))[1] != state:
                        self._kept(d, content, state)
                    self.load(name)
            except DamagedData as error:
                found.append(error)
        if self.over is not None:  # stamps and generated files are of the packaged tables
            return found or self._dangling() + self._at_odds()
        altered = self._altered()
        if found:
            return found + altered + self._at_odds()
        return altered + self._dangling() + self._at_odds() + self._outdated()

    def _stamps(self):
        """SHA-256 of each TOML file: vocabularies, dictionary, relations, descriptors."""
        files = [COLUMNS, LINKS, UNITS_FILE, WARNINGS_FILE]
        files += [path.relative_to(self.root).as_posix() for path in self._paths.values()]
        return {file: sha256(content_of(self.root / file, file)) for file in files}

    def _altered(self):
        try:
            stamped = json.loads((self.root / DATAPACKAGE).read_text(encoding="utf-8"))[STAMPS]
            return [
                DamagedData(file, _ALTERED)
                for file, stamp in self._stamps().items()
                if stamped[file] != stamp
            ]
        except (DamagedData, OSError, ValueError, LookupError, TypeError):
            return []  # a damaged or missing file is named by whoever reads it

    def _dangling(self):
        """Values that are not in the column they refer to."""
        found = []
        for d in self.descriptors():
            for c in filter(lambda c: c.references, d.columns):
                table, column = c.references.split(".")
                if table not in self._paths:
                    found.append(DamagedData(d.toml_file, f"refers to table {table!r}, unknown"))
                    continue
                present = self.load(d.name)[c.name].dropna().drop_duplicates()
                missing = present[~present.isin(self.load(table)[column])]
                rule = f"is not in {c.references}"
                found += [
                    DamagedData(d.csv_file, rule, row + 2, c.name, value)
                    for row, value in missing.items()
                ]
        return found

    @cached_property
    def links(self) -> list["Link"]:
        """The relations between tables; see `minelib.catalog.links`."""
        from minelib.catalog.links import read_links

        return read_links(self.root / LINKS)

    def _at_odds(self):
        """Facts that stand in two places and differ, in the files as they are now."""
        from minelib.catalog.links import broken

        def read(name):
            try:
                return self.read(name)
            except DamagedData:
                return self.unstamped(name)

        try:
            return broken(self.links, read, lambda name: self.descriptor(name).csv_file)
        except DamagedData as error:
            return [error]

    def _generated(self):
        return generated(self.descriptors(), self.words, self._stamps())

    def _outdated(self):
        """Generated files that do not say what the descriptors say, with the first such line."""
        try:
            wanted = self._generated()
            given = {file: content_of(self.root / file, file) for file in wanted}
        except DamagedData as error:
            return [error]
        found = []
        for file, text in wanted.items():
            old, new = given[file].split(b"\n"), [*text.encode().split(b"\n"), None]
            if old != new[:-1]:
                pairs = enumerate(zip([*old, b""], new, strict=False), 1)
                line = next(i for i, (a, b) in pairs if a != b)
                said = (new[line - 1] or b"").decode("utf-8", "replace").strip()[:120] or None
                rule = "does not agree with the descriptors"
                found.append(DamagedData(file, rule, line, value=said))
        return found

    def stamp(self, names: list[str] | None = None) -> None:
        """Write the SHA-256 of each CSV into its descriptor, after a full check of its cells.

        Raises
        ------
        DamagedData
            The first problem; nothing is written for that table.
        """
        for name in names or self.names:
            d = self.descriptor(name)
            content = content_of(d.csv_path, d.csv_file)
            for problem in problems(content, d):
                raise problem
            text = d.path.read_text(encoding="utf-8")
            stamped = re.sub(r'(?m)^sha256 = ".*"$', f'sha256 = "{sha256(content)}"', text, count=1)
            if stamped != text:
                d.path.write_text(stamped, encoding="utf-8", newline="\n")
            for kept in (self._descriptors, self._frames, self._loaded):
                kept.pop(name, None)
            self.load(name)

    def write_generated(self) -> None:
        """Write the generated files; see `minelib.catalog.package`."""
        for file, text in self._generated().items():
            (self.root / file).write_text(text, encoding="utf-8", newline="\n")


@cache
def packaged() -> Catalog:
    """The catalogue of the data that the package ships."""
    return Catalog()
