# SPDX-License-Identifier: MIT
"""The commands, in the order of the help. What they do is imported when they are called."""

import functools
import os
import sys
from typing import Annotated

import typer

from minelib.cli import classroom, refreshing, running, showing
from minelib.cli.options import Language, told
from minelib.cli.trial import trial

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


def doctor(grading: Annotated[bool, told("grading")] = False, lang: Language = None) -> int:
    """Say what is installed, what is missing, and the command that mends it."""
    from minelib.cli.doctor import doctor_command, grading_command

    return grading_command() if grading else doctor_command(lang)


def _at_home(command):
    """The command, where libraries find a home; the system's errors name the folder written to."""

    @functools.wraps(command)
    def called(**given):
        from minelib.workbench.home import at_home

        with at_home(lambda sentence: print(f"minelib: {sentence}", file=sys.stderr)):
            try:
                return command(**given)
            except OSError as error:
                place = given.get("output") or given.get("folder") or os.getcwd()
                error.filename = error.filename or ({"output", "folder"} & {*given} and place)
                raise

    return called


for command in (
    *(_at_home(running.run), _at_home(running.sweep), showing.params, showing.data, showing.claims),
    *(showing.published, showing.verify, refreshing.refresh),
    *map(_at_home, (running.lab, running.explore, running.site)),
    doctor,
    *map(_at_home, (classroom.lessons, classroom.grade, classroom.marks)),
):
    app.command()(command)
app.add_typer(trial, name="trial")
