# SPDX-License-Identifier: MIT
"""The lab in the browser: JupyterLite beside the pages, with notebooks and lessons to run there.

Python and its compiled libraries come from a Pyodide release that lies in a folder. The package and
the other libraries are packed as wheels from this installation and entered into the release's list
of packages, so that an ``import`` loads them from the site.
"""

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Iterable
from importlib.metadata import distribution, requires
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from minelib import html
from minelib.catalog.files import data_folder, sha256
from minelib.declared import declared, sentences
from minelib.errors import MinelibError
from minelib.lessons.master import lessons_folder
from minelib.studies import notebooks
from minelib.workbench.lessons import make
from minelib.workbench.runs.folders import write
from minelib.workbench.site.myst import raw, toctree
from minelib.workbench.translation import heading, translated

__all__ = ["BrowserLab"]

_say = sentences(__file__)
_PARTS = declared(__file__)
_LINK = '<a href="../lab/lab/index.html?path={{ path|urlencode }}">{{ title }}</a>'


class BrowserLab:
    """What a Pyodide folder holds for the lab, checked.

    Parameters
    ----------
    folder : path
        An unpacked release.

    Attributes
    ----------
    lacks : list of str
        Libraries that some notebooks need and the folder has not.

    Raises
    ------
    MinelibError
        A file of the folder is missing, altered, or of a version that does not fit; the sentence
        names the file and what is wanted.
    """

    def __init__(self, folder: str | Path):
        self._folder = Path(folder)
        self._core = [self._there(pattern) for pattern in _PARTS["core"]]
        try:
            self._lock = json.loads(self._core[0].read_text(encoding="utf-8"))
            self._known = {canonicalize_name(n): e for n, e in self._lock["packages"].items()}
        except (ValueError, KeyError, TypeError, AttributeError):
            raise MinelibError(_say("damaged", file=self._core[0])) from None
        every = [Requirement(text) for text in [*(requires("minelib") or ()), *_PARTS["bounds"]]]
        self._bounds = {each.name: each.specifier for each in every if not each.marker}
        self._taken: dict[str, dict] = {}  # entries of the list; None: packed from here
        self.lacks: list[str] = []
        for name in _PARTS["needs"]:
            try:
                self._taken = self._with(name, self._taken)
            except _Missing:
                self.lacks.append(name)
        for name in _PARTS["roots"]:
            self._taken = self._with(name, self._taken)

    def _there(self, pattern):
        for path in self._folder.glob(pattern):
            return path
        raise _Missing(_say("missing", file=self._folder / pattern))

    def _with(self, name, taken):
        """What is taken, with a library and all it requires."""
        if name in taken:
            return taken
        entry = None if name in _PARTS["packed"] else self._known.get(name, {"file_name": name})
        if entry:
            file, wanted = self._there(entry["file_name"]), entry["sha256"]
            if (found := sha256(file.read_bytes())) != wanted:
                raise MinelibError(_say("altered", file=file, found=found, wanted=wanted))
            if (bound := self._bounds.get(name)) and entry["version"] not in bound:
                raise MinelibError(_say("version", file=file, wanted=f"{name}{bound}"))
        taken = {**taken, name: entry}
        for each in entry["depends"] if entry else self._depends(name):
            taken = self._with(canonicalize_name(each), taken)
        return taken

    def _depends(self, name):
        return [each for each in _PARTS["packed"][name] if each not in self.lacks]

    def lay_out(self, folders: Iterable[Path], beside: Path) -> None:
        """Lay out the notebooks and lessons that can run there, and write a page that lists all.

        Parameters
        ----------
        folders : iterable of pathlib.Path
            The sources of each language.
        beside : pathlib.Path
            A folder to work in, which is not there yet.
        """
        start = lessons_folder().parent / "lab" / "start.ipynb"
        for folder in folders:
            lang, listed = folder.name, []
            (beside / "files" / lang).mkdir(parents=True)
            made = [
                p for p in make(None, beside / "made", langs=[lang]) if p.parent.name == "student"
            ]
            for path in [start, *(found.path for found in notebooks.find()), *made]:
                notebook = translated(json.loads(path.read_text(encoding="utf-8")), lang)
                needs = [each for each in self.lacks if re.match(_PARTS["needs"][each], path.name)]
                shown = {"title": heading(notebook, "en"), "lacks": ", ".join(needs)}
                if needs:
                    listed.append(_say("wanting", lang, **shown))
                else:
                    notebook["metadata"]["kernelspec"] = _PARTS["kernelspec"]
                    write(beside / "files" / lang / path.name, notebook)
                    listed.append(html.render(_LINK, path=f"{lang}/{path.name}", **shown))
            title, about = _say("title", lang), _say("about", lang)
            write(folder / "lab.md", f"# {title}\n\n{about}\n\n{raw(html.listed(listed))}")
            with (folder / "index.md").open("a", encoding="utf-8", newline="\n") as index:
                index.write(f"\n[{title}](lab.md)\n{toctree('', ['lab'])}")

    def build(self, target: Path, beside: Path) -> None:
        """Write the application with all it loads.

        Parameters
        ----------
        target : pathlib.Path
        beside : pathlib.Path
            Where `lay_out` laid the notebooks.

        Raises
        ------
        MinelibError
            With what JupyterLite said.
        """
        place = beside / "static" / "pyodide"
        place.mkdir(parents=True)
        files = (entry["file_name"] for entry in self._taken.values() if entry)
        for path in [*self._core, *map(self._folder.joinpath, files)]:
            shutil.copy(path, place)
        packages = {name: entry or self._packed(name, place) for name, entry in self._taken.items()}
        write(place / self._core[0].name, {**self._lock, "packages": packages})
        write(beside / "jupyter-lite.json", _PARTS["lite"])
        command = [sys.executable, "-m", *_PARTS["command"], "--output-dir", str(target)]
        done = subprocess.run(command, cwd=beside, capture_output=True, text=True)
        if done.returncode:
            raise MinelibError(_say("failed", words=(done.stdout + done.stderr).strip()[-3000:]))

    def _packed(self, name, place):
        """The kernel's own wheel of a library, or one packed here; its entry in the list."""
        stem = name.replace("-", "_")
        for file in distribution("jupyterlite-pyodide-kernel").files or ():
            if file.match(f"pypi/{stem}-[0-9]*.whl"):
                wheel = Path(shutil.copy(file.locate(), place))
                break
        else:
            wheel = place / f"{stem}-{distribution(name).version}-py3-none-any.whl"
            self._pack(name, wheel)
        with ZipFile(wheel) as archive:
            tops = {inside.split("/")[0].removesuffix(".py") for inside in archive.namelist()}
        about = {"name": name, "version": wheel.name.split("-")[1], "file_name": wheel.name}
        about |= {"sha256": sha256(wheel.read_bytes()), "depends": self._depends(name)}
        return {**_PARTS["entry"], **about, "imports": [top for top in tops if "." not in top]}

    def _pack(self, name, wheel):
        """Pack an installed distribution."""
        files = {file.as_posix(): file.locate() for file in distribution(name).files or ()}
        stubs = self.lacks if name == "minelib" else ()  # what imports one is told that it lacks
        if name == "minelib":
            files = {inside: path for inside, path in files.items() if ".dist-info/" in inside}
            roots = {"": Path(__file__).parents[2], "/_data": data_folder()}
            for inside, root in {**roots, "/_notebooks": lessons_folder().parent}.items():
                paths = (path for path in root.rglob("*.*") if path.is_file())
                files |= {f"minelib{inside}/{p.relative_to(root).as_posix()}": p for p in paths}
        with ZipFile(wheel, "w", ZIP_DEFLATED) as archive:
            for inside in [each for each in files if not re.search(_PARTS["left_out"], each)]:
                archive.write(files[inside], inside)
            for each in stubs:
                archive.writestr(f"{each}.py", _PARTS["stub"].format(name=each, **_PARTS["says"]))


class _Missing(MinelibError):
    """A file that the folder should have."""
