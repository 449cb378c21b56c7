# SPDX-License-Identifier: MIT
"""The commands, in the order of the help. What they do is imported when they are called."""

import functools
import os
from typing import Annotated

import typer

from minelib.cli import classroom, running, showing
from minelib.cli.options import Language

__all__ = ["app"]

app = typer.Typer(
    help="China's Bitcoin-mining boom, the 2021 crackdown and the relocation, told from data.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _version(value):
    if value:
        import minelib

        print(minelib.__version__)
        raise typer.Exit


@app.callback()
def _main(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version.")
    ] = False,
):
    pass


def doctor(lang: Language = None) -> int:
    """Say what is installed, what is missing, and the command that mends it."""
    from minelib.cli.doctor import doctor_command

    return doctor_command(lang)


def _naming_the_place(command):
    """The command; an error of the system without a file is of the folder it writes to."""

    @functools.wraps(command)
    def called(**given):
        try:
            return command(**given)
        except OSError as error:
            place = given.get("output") or given.get("folder") or os.getcwd()
            error.filename = error.filename or ({"output", "folder"} & {*given} and place) or None
            raise

    return called


for command in (
    *(running.run, running.sweep, showing.params, showing.data, showing.claims),
    *(showing.published, showing.verify, running.lab, running.explore, running.site, doctor),
    *(classroom.lessons, classroom.grade),
):
    app.command()(_naming_the_place(command))
