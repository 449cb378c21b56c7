# SPDX-License-Identifier: MIT
"""JupyterLab and the explorer, opened on a working copy of the notebooks.

The shipped notebooks are never opened themselves: they are copied to a folder of the user's,
in the language of choice, and a later version never overwrites what was changed there.
"""

import contextlib
import hashlib
import itertools
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import webbrowser
from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import entry_points
from pathlib import Path

from minelib.checks import whole
from minelib.checks.door import Lang, Whole, door
from minelib.declared import declared, sentences
from minelib.errors import MinelibError
from minelib.studies import notebooks
from minelib.words import gettext as _
from minelib.workbench.libraries import need
from minelib.workbench.translation import translated

__all__ = ["Laid", "default_folder", "free_port", "lay_out", "open_explorer", "open_lab"]

_MEMORY = ".minelib.json"
_HOST = "127.0.0.1"
_JUPYTER = Path(__file__).parent / "jupyter"
_FONT = Path(__file__).parents[1] / "style" / "fonts" / "MinelibSansSC-used.woff2"
_DECLARED = declared(__file__)
_say = sentences(__file__)


@dataclass(frozen=True)
class Laid:
    """What happened to one notebook of a working copy.

    Attributes
    ----------
    name : str
        ``"01-boom"``.
    action : {"new", "same", "updated", "kept"}
        ``"kept"``: it was changed, stays, and the shipped one lies beside it.
    path : pathlib.Path
        Where the shipped notebook lies now.
    """

    name: str
    action: str
    path: Path

    def sentence(self, lang: Lang | None = None) -> str:
        """What to tell the user; empty when nothing happened."""
        parts = {"name": f"{self.name}.ipynb", "beside": self.path.name}
        return _say(self.action, lang, **parts) if self.action in _DECLARED["says"] else ""


def default_folder(lang: Lang = "en") -> Path:
    """Where a working copy goes when nothing is said: in the current folder.

    Examples
    --------
    >>> default_folder("zh").name
    'minelib-notebooks-zh'
    """
    return Path.cwd() / ("minelib-notebooks" if lang == "en" else f"minelib-notebooks-{lang}")


def lay_out(folder: str | Path, lang: Lang = "en") -> list[Laid]:
    """Copy the notebooks into a working folder without touching what was changed there.

    Parameters
    ----------
    folder : path
        Is created where it is missing.
    lang : str
        Language of prose, comments and the default of ``lang``.

    Returns
    -------
    list of Laid
        One a notebook, in their order.

    Raises
    ------
    UnknownName
        An unknown language.
    MinelibError
        The folder cannot be written.
    """
    folder = Path(folder).absolute()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        memory = _remembered(folder)
        laid = []
        for notebook in notebooks.find():
            content = translated(notebook.content, lang)
            shipped = json.dumps(content, ensure_ascii=False, indent=1) + "\n"
            laid.append(_lay(folder, notebook.name, shipped, memory))
            memory[laid[-1].path.name] = _print(shipped)
        (folder / _MEMORY).write_text(json.dumps(memory, indent=1), encoding="utf-8")
    except OSError as error:
        sentence = _("The working folder {folder} cannot be written: {why}.")
        raise MinelibError(sentence.format(folder=folder, why=error.strerror)) from None
    return laid


def _lay(folder, name, shipped, memory):
    """Write where nothing of the user's stands: the notebook's own name, or one beside it."""
    for number in itertools.count():
        beside = ("", ".new")[number] if number < 2 else f".new-{number}"
        path = folder / f"{name}{beside}.ipynb"
        held = _print(path.read_text("utf-8", "replace")) if path.exists() else None
        if held == _print(shipped) and number == 0:
            return Laid(name, "same", path)
        if held in (None, _print(shipped), memory.get(path.name)):
            path.write_text(shipped, encoding="utf-8", newline="\n")
            return Laid(name, "kept" if number else "updated" if held else "new", path)


def _remembered(folder):
    with contextlib.suppress(OSError, ValueError):
        memory = json.loads((folder / _MEMORY).read_text(encoding="utf-8"))
        return memory if isinstance(memory, dict) else {}
    return {}


def _print(text):
    """Fingerprint of what people write: the cells, not outputs, counts or metadata."""
    try:
        cells = [(c["cell_type"], "".join(c["source"])) for c in json.loads(text)["cells"]]
        text = json.dumps(cells)
    except (ValueError, KeyError, TypeError):  # no notebook: whatever stands in it
        pass
    return hashlib.sha256(text.encode()).hexdigest()


def free_port(wanted: Whole, most: Whole = 100) -> int:
    """The first free port of this machine from ``wanted`` on.

    Parameters
    ----------
    wanted : int
        1 to 65535.
    most : int
        How many are tried.

    Returns
    -------
    int

    Raises
    ------
    BadParameter
        Less than 1.
    MinelibError
        When all of them are in use.
    """
    wanted, most = whole("port", wanted, 1), whole("most", most, 1)
    for port in range(wanted, min(wanted + most, 65_536)):
        with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
            if os.name == "posix":  # a port just left may be taken again
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            with contextlib.suppress(OSError):
                probe.bind((_HOST, port))
                return port
    sentence = _("No free port from {first} to {last}.")
    raise MinelibError(sentence.format(first=wanted, last=wanted + most - 1))


def open_lab(
    folder: str | Path | None = None,
    lang: Lang = "en",
    port: Whole | None = None,
    browser: bool = True,
    say: Callable = print,
) -> int:
    """JupyterLab on a working copy of the notebooks; returns when it is closed.

    Parameters
    ----------
    folder : path, optional
        The working copy; None takes `default_folder`.
    lang : str
        Language of the notebooks.
    port : int, optional
        None takes 8888. A port in use is passed over, and that is said.
    browser : bool
        Open one.
    say : callable
        Is given each sentence for the user.

    Returns
    -------
    int
        Exit code of JupyterLab.

    Raises
    ------
    UnknownName, MinelibError
        As `lay_out` and `free_port`.
    """
    need("jupyterlab")
    folder = Path(folder or default_folder(lang)).absolute()
    for sentence in filter(None, (laid.sentence(lang) for laid in lay_out(folder, lang))):
        say(sentence)
    say(_("Working folder: {folder}", lang).format(folder=folder))
    port = _port(port or 8888, lang, say)
    command = [each.format(folder=folder, port=port) for each in _DECLARED["jupyterlab"]]
    if getattr(os, "geteuid", lambda: 1)() == 0:  # in a container
        command.append("--allow-root")
    config = [_JUPYTER / f"config-{lang}"] if language_pack(lang) else []
    return _wait(command if browser else [*command, "--no-browser"], folder, config=config)


def open_explorer(
    lang: Lang = "en",
    port: Whole | None = None,
    browser: bool = True,
    folder: str | Path | None = None,
    say: Callable = print,
) -> int:
    """The explorer in a browser, without Jupyter, served by Voilà.

    Parameters
    ----------
    lang : str
    port : int, optional
        None takes 8866. A port in use is passed over, and that is said.
    browser : bool
        Open one.
    folder : path, optional
        Where the working copy of the notebook lies; None takes `default_folder`.
    say : callable

    Returns
    -------
    int
        Exit code of Voilà.

    Raises
    ------
    MinelibError
        When a library of the workbench is not installed.
    """
    need("voila", "ipywidgets")
    folder = Path(folder or default_folder(lang)).absolute()
    name = notebooks.select("explore")[0].name
    path = next(laid.path for laid in lay_out(folder, lang) if laid.name == name)
    port = _port(port or 8866, lang, say)
    say(_("The explorer: {address}", lang).format(address=f"http://{_HOST}:{port}/"))
    command = [*_DECLARED["voila"], f"--port={port}", str(path)]
    if browser:
        webbrowser.open(f"http://{_HOST}:{port}/")
    with tempfile.TemporaryDirectory(prefix="minelib-") as lent:
        static = Path(lent, "voila", "templates", "minelib", "static")
        static.mkdir(parents=True)
        shutil.copy(_FONT, static)
        return _wait(command, folder, lent)


def _port(wanted, lang, say):
    port = free_port(wanted)
    if port != wanted:
        say(_("Port {wanted} is in use; {port} is taken.", lang).format(wanted=wanted, port=port))
    return port


def language_pack(lang: str) -> bool:
    """Whether JupyterLab's own words are installed in a language other than English.

    Examples
    --------
    >>> language_pack("en")
    False
    """
    packs = entry_points(group="jupyterlab.languagepack")
    return any(pack.name.split("_")[0].lower() == lang for pack in packs)


def _wait(command, folder, *more, config=()):
    # the kernels of this installation come before any of the same name in the user's folder
    environment = {**os.environ, "JUPYTER_PREFER_ENV_PATH": "1"}
    # the template of the explorer, and settings that keep JupyterLab from asking the network
    places = {
        "JUPYTER_PATH": [_JUPYTER, *more],
        "JUPYTER_CONFIG_PATH": [_JUPYTER / "config", *config],
    }
    for name, paths in places.items():
        held = os.environ.get(name)
        environment[name] = os.pathsep.join(map(str, [*paths, *([held] if held else [])]))
    try:
        return subprocess.call([sys.executable, "-m", *command], cwd=folder, env=environment)
    except KeyboardInterrupt:
        return 0


door(globals())
