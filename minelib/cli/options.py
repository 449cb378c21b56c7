# SPDX-License-Identifier: MIT
"""Options that several commands have."""

from pathlib import Path
from typing import Annotated, Any, Literal

import typer

from minelib.declared import declared
from minelib.words import use

_TOLD = declared(__file__)


def told(name: str, **more: Any) -> Any:
    """The option or argument that ``options.toml`` tells of under a name.

    Examples
    --------
    >>> told("json").help
    'As JSON.'
    """
    if name in _TOLD["arguments"]:
        return typer.Argument(show_default=False, **_TOLD["arguments"][name])
    how = {"show_default": False, **_TOLD["options"][name], **more}
    return typer.Option(*how.pop("names", ()), **how)


def _language(lang):
    if lang:
        use(lang)  # what is said from here on, errors too, is said in it
    return lang


Language = Annotated[Literal["en", "zh"] | None, told("lang", callback=_language)]
Json = Annotated[bool, told("json")]
Output = Annotated[Path, told("output")]
Parameters = Annotated[list[str] | None, told("parameter")]
Own = Annotated[Path | None, told("own")]
ClassList = Annotated[Path | None, told("class")]
