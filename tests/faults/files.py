# SPDX-License-Identifier: MIT
"""Faults of files and disks: full, read-only, taken away, damaged."""

import json
import os
import random
import shutil
from pathlib import Path

from .table import fault, needs

# a disk of so many bytes, for the results alone; what is on it is kept when it is gone
_SMALL = """mount -t tmpfs -o size="$0" none "$1" || exit 99
kept=$2; place=$1; shift 2; "$@"; code=$?; cp -a "$place/." "$kept/"; exit $code"""


def _on_a_small_disk(scene, size, place):
    needs("unshare", "mount")
    kept = scene.root / "kept"
    for folder in (place, kept):
        folder.mkdir(parents=True, exist_ok=True)
    wrap = ("unshare", "-rm", "sh", "-c", _SMALL, str(size), str(place), str(kept))
    scene.start(wrap=wrap)
    scene.end()
    return kept


@fault("the disk is full after some bytes", moments=True, codes=(0, 1, 2))
def disk_full(scene, at):
    kept = _on_a_small_disk(scene, 4096 + int(at * 4096 * 6 * scene.count), scene.output)
    shutil.rmtree(scene.output)
    kept.rename(scene.output)


@fault("the disk of temporary files is full", codes=(0, 1, 2))
def temporary_full(scene, _at):
    _on_a_small_disk(scene, 4096, scene.temporary)


@fault("no folder for temporary files", codes=(0, 1, 2))
def temporary_missing(scene, _at):
    scene.start(env={"TMPDIR": str(scene.root / "nowhere")})
    scene.end()


@fault("no file may be longer than 5,120 bytes (ulimit -f)", codes=(0, 1, 2))
def short_files(scene, _at):
    scene.start(wrap=("sh", "-c", 'trap "" XFSZ; ulimit -f 10; exec "$@"', "sh"))
    scene.end()


_PLAIN = ("setpriv", "--bounding-set", "-dac_override,-dac_read_search", "--inh-caps", "-all")


def _rights(scene):
    """The superuser obeys no rights, unless this power is taken away."""
    needs("setpriv")
    return {"wrap": _PLAIN} if os.geteuid() == 0 else {}


@fault("the right to write is taken away in the middle", moments=True, codes=(0, 1))
def rights_taken(scene, at):
    scene.start(**_rights(scene))
    scene.kernel(at)
    scene.strike()
    places = [p for p in (scene.output, *scene.output.iterdir()) if p.is_dir()]
    for place in places:
        place.chmod(0o555)
    scene.end()
    for place in places:
        place.chmod(0o755)


@fault("a folder that may not be written to", codes=(2,))
def read_only(scene, _at):
    scene.output.mkdir(parents=True)
    scene.output.chmod(0o555)
    scene.start(**_rights(scene))
    scene.end()
    scene.output.chmod(0o755)


@fault("the folder of the results is removed in the middle", codes=(0, 1))
def folder_removed(scene, at):
    scene.start()
    scene.kernel(at)
    scene.output.rename(scene.root / "removed")
    scene.end()


@fault("a file stands where a folder belongs", codes=(1, 2), papermill=False)
def file_in_the_way(scene, _at):
    scene.output.mkdir(parents=True)
    (scene.output / "runs").write_text("mine")
    scene.start()
    scene.end()
    assert (scene.output / "runs").read_text() == "mine"
    (scene.output / "runs").unlink()


@fault("the working folder is removed", codes=(0, 1, 2))
def nowhere(scene, at):
    place = scene.root / "here"
    place.mkdir()
    scene.start(wrap=("sh", "-c", 'rmdir "$PWD"; exec "$@"', "sh"), cwd=place)
    scene.end()


def _files_of(scene):
    """A file of each kind in a finished folder, with the day whose result it is part of."""
    scene.finished()
    found = {}
    for place in scene.places():
        day, _mark = scene.whole(place)
        inside = sorted(place.iterdir()) if place.is_dir() else [place]
        for path in inside:
            found.setdefault(path.name if place.is_dir() else "notebook", (path, day))
    for path in sorted(scene.output.glob("*.json")):
        found[path.name] = (path, None)
    return found


def _flip(path, lot):
    content = bytearray(path.read_bytes())
    content[lot.randrange(len(content))] ^= 1 << lot.randrange(8)
    path.write_bytes(content)


def _each_file(title, name, damage, **how):
    """A row in which one file of each kind is damaged, all of different results."""

    def play(scene, at):
        lot = random.Random(at)
        kinds = _files_of(scene)
        free = scene.places()
        for kind, (path, day) in kinds.items():
            if day is not None:
                place = free.pop()
                day, _mark = scene.whole(place)
                path = place / kind if place.is_dir() else place
                scene.damaged[day] = None
            damage(path, lot)
            if day is not None:
                scene.damaged[day] = scene.whole(path if place.is_file() else place)[1]
        scene.start()
        scene.end()

    play.__name__ = name
    fault(title, moments=True, **how)(play)


def _cut(path, lot):
    content = path.read_bytes()
    path.write_bytes(content[: lot.randrange(len(content))])


_each_file("a bit flips in a file of each kind", "bit_flipped", _flip)
_each_file("a file of each kind is cut short", "file_cut", _cut)
_each_file("a file of each kind is empty", "file_emptied", lambda path, _lot: path.write_bytes(b""))
_each_file("a file of each kind is gone", "file_gone", lambda path, _lot: path.unlink())


def _without_parameters(text):
    node = json.loads(text)
    node["cells"] = [c for c in node["cells"] if "tags" not in c["metadata"]]
    return json.dumps(node)


DAMAGES = {
    "is empty": lambda text: "",
    "is cut in half": lambda text: text[: len(text) // 2],
    "is no UTF-8": lambda text: text.replace("How", "\udcff\udcfe"),
    "is a list": lambda text: "[1, 2]",
    "lacks its parameters": _without_parameters,
    "is a nest of 100,000 brackets": lambda text: "[" * 100_000,
}


def _notebook(how, damage):
    def play(scene, _at):
        scene.finished()
        text = scene.notebook.read_text(encoding="utf-8")
        scene.notebook.write_bytes(damage(text).encode("utf-8", "surrogateescape"))
        scene.start()
        scene.end()
        scene.notebook.write_text(text, encoding="utf-8")

    play.__name__ = "notebook_" + how.replace(" ", "_").replace(",", "")
    fault(f"the notebook {how}", codes=(2,))(play)


for _how, _damage in DAMAGES.items():
    _notebook(_how, _damage)


@fault("the results lie behind a link", codes=(0,))
def behind_a_link(scene, _at):
    real = scene.root / "elsewhere"
    real.mkdir()
    scene.output.parent.mkdir(parents=True, exist_ok=True)
    Path(scene.output).symlink_to(real)
    scene.start()
    scene.end()
