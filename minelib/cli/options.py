# SPDX-License-Identifier: MIT
"""Options that several commands have."""

from pathlib import Path
from typing import Annotated, Any, Literal

import typer

from minelib.words import use

__all__ = ["ClassList", "Json", "Language", "Output", "Own", "Parameters", "argument", "option"]


def option(*names: str, **more: Any) -> Any:
    """An option without its default in the help."""
    return typer.Option(*names, show_default=False, **more)


def argument(help: str, **more: Any) -> Any:
    """An argument without its default in the help."""
    return typer.Argument(help=help, show_default=False, **more)


def _language(lang):
    if lang:
        use(lang)  # what is said from here on, errors too, is said in it
    return lang


Language = Annotated[
    Literal["en", "zh"] | None, option("--lang", help="Language.", callback=_language)
]
Json = Annotated[bool, option("--json", help="As JSON.")]
Output = Annotated[Path, typer.Option("-o", "--output", help="Folder of the results.")]
Parameters = Annotated[
    list[str] | None,
    option("-p", "--parameter", metavar="NAME=VALUE", help="A parameter; may be repeated."),
]
Own = Annotated[Path | None, option("--parameters", help="Your own parameters.toml.")]
ClassList = Annotated[
    Path | None,
    option("--class", help="The class: a CSV with a column student, or one id a line."),
]
