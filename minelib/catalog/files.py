# SPDX-License-Identifier: MIT
"""The files of the data folder: where they lie, what stands in them, whether it may."""

import gzip
import hashlib
import re
import tomllib
import zlib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, NoReturn

from minelib.errors import DamagedData

LINKS = "links.toml"
Refuse = Callable[..., NoReturn]


def data_folder() -> Path:
    """Where the tables lie: beside the package in a checkout, inside it in a wheel."""
    package = Path(__file__).resolve().parents[1]
    inside = package / "_data"
    return inside if inside.is_dir() else package.parent / "data"


def sha256(content: bytes) -> str:
    """SHA-256 of bytes, in hexadecimal."""
    return hashlib.sha256(content).hexdigest()


def content_of(path: Path, file: str) -> bytes:
    """The bytes of a file, unpacked; DamagedData where it is missing or cannot be unpacked."""
    try:
        content = path.read_bytes()
        return gzip.decompress(content) if path.suffix == ".gz" else content
    except FileNotFoundError:
        raise DamagedData(file, "the file is missing") from None
    except (gzip.BadGzipFile, EOFError, zlib.error):
        raise DamagedData(file, "is not a whole gzip file") from None


def read_toml(path: Path, file: str = "") -> dict[str, Any]:
    """What a TOML file says.

    Parameters
    ----------
    path : pathlib.Path
    file : str
        Its path relative to the data folder; "" for its name.

    Raises
    ------
    DamagedData
        Missing, not UTF-8 or not TOML: the file and the line.
    """
    file = file or path.name
    content = content_of(path, file)
    try:
        return tomllib.loads(content.decode("utf-8"))
    except UnicodeDecodeError as e:
        line = content[: e.start].count(b"\n") + 1
        raise DamagedData(file, "is not UTF-8", line=line) from None
    except tomllib.TOMLDecodeError as e:
        found = re.search(r"line (\d+)", str(e))
        place = int(found.group(1)) if found else None
        raise DamagedData(file, f"is not valid TOML: {e}", line=place) from None


def refusing(file: str, place: str = "") -> Refuse:
    """What raises DamagedData for a key of an entry: ``refuse(rule, key, value)``."""

    def refuse(rule: str, key: str = "", value: Any = None) -> NoReturn:
        raise DamagedData(file, rule, column=".".join(filter(None, [place, key])), value=value)

    return refuse


def check_keys(entry: dict, kinds: Mapping[str, type], optional: Any, refuse: Refuse) -> None:
    """See that an entry has the keys it needs and no others, each of its type."""
    for key, kind in kinds.items():
        if key in entry:
            if kind is not object and type(entry[key]) is not kind:
                refuse(f"must be of type {kind.__name__}", key, entry[key])
            if kind is str and key not in optional and not entry[key].strip():
                refuse("must not be empty", key)
        elif key not in optional:
            refuse("the key is missing", key)
    if unknown := sorted(set(entry) - set(kinds)):
        refuse("is not a known key", unknown[0])
