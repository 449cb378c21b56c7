# SPDX-License-Identifier: MIT
"""The commands and their options. What they do is imported when they are called."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

__all__ = ["app"]

app = typer.Typer(
    help="China's Bitcoin-mining boom, the 2021 crackdown and the relocation, told from data.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)


class Lang(StrEnum):
    """A language."""

    en = "en"
    zh = "zh"


Notebooks = Annotated[
    list[str] | None,
    typer.Argument(
        help="Number, slug or file name: 2, crackdown, 02-crackdown.",
        metavar="[NOTEBOOK]...",
        show_default=False,
    ),
]
Parameters = Annotated[
    list[str] | None,
    typer.Option("-p", "--parameter", metavar="NAME=VALUE", help="A parameter; may be repeated."),
]
Language = Annotated[Lang | None, typer.Option("--lang", help="Language.", show_default=False)]
Json = Annotated[bool, typer.Option("--json", help="As JSON.")]
Workers = Annotated[
    int | None,
    typer.Option("--workers", min=1, help="Runs at once; never more than there are cores."),
]


def _version(value):
    if value:
        import minelib

        print(minelib.__version__)
        raise typer.Exit


@app.callback()
def _main(
    version: Annotated[
        bool,
        typer.Option("--version", callback=_version, is_eager=True, help="Show the version."),
    ] = False,
):
    pass


@app.command()
def run(
    notebooks: Notebooks = None,
    parameter: Parameters = None,
    lang: Language = None,
    output: Annotated[Path, typer.Option("-o", "--output", help="Folder of the results.")] = Path(
        "outputs"
    ),
    force: Annotated[bool, typer.Option("--force", help="Run what has not changed, too.")] = False,
    why: Annotated[
        bool, typer.Option("--why", help="Only say what would be run, and why.")
    ] = False,
    workers: Workers = None,
    site: Annotated[bool, typer.Option(help="Build the pages afterwards.")] = True,
):
    """Run notebooks whose inputs have changed, and build the site.

    Without a notebook: all of them, in both languages.
    """
    from minelib.cli.running import run_command

    return run_command(notebooks or [], parameter or [], lang, output, force, why, workers, site)


@app.command()
def sweep(
    notebook: Annotated[
        str | None,
        typer.Argument(
            help="A notebook, or the name of a sweep that the package describes.",
            show_default=False,
        ),
    ] = None,
    grid: Annotated[
        list[str] | None,
        typer.Option(
            "-g",
            "--grid",
            metavar="NAME=V1,V2,...",
            help="Values of a parameter (also FIRST:LAST:STEP); may be repeated.",
        ),
    ] = None,
    parameter: Parameters = None,
    lang: Language = None,
    output: Annotated[
        Path | None,
        typer.Option("-o", "--output", help="Folder of the sweep.", show_default=False),
    ] = None,
    resume: Annotated[
        Path | None,
        typer.Option(
            "--resume",
            metavar="DIR",
            help="Run what is missing in a sweep's folder.",
            show_default=False,
        ),
    ] = None,
    workers: Workers = None,
    scheduler: Annotated[
        str | None,
        typer.Option(
            "--scheduler",
            metavar="ADDRESS",
            help="Run on a Dask cluster, tcp://host:8786.",
            show_default=False,
        ),
    ] = None,
    force: Annotated[
        bool, typer.Option("--force", help="With --resume: also runs that are out of date.")
    ] = False,
    shipped: Annotated[
        bool, typer.Option("--list", help="Show the sweeps that the package describes.")
    ] = False,
):
    """Run a notebook for every combination of parameters.

    The results lie in one folder, which minelib.collect reads as one table.
    """
    from minelib.cli.running import list_sweeps, sweep_command

    if shipped:
        return list_sweeps(lang)
    return sweep_command(
        notebook, grid or [], parameter or [], lang, output, resume, workers, scheduler, force
    )


@app.command()
def params(
    notebook: Annotated[
        str | None,
        typer.Argument(help="A notebook; all are listed without one.", show_default=False),
    ] = None,
    lang: Language = None,
    json: Json = False,
):
    """Show the parameters of a notebook: type, unit, default, range, meaning."""
    from minelib.cli.showing import params_command

    return params_command(notebook, lang, json)


@app.command()
def data(
    name: Annotated[str | None, typer.Argument(help="A table.", show_default=False)] = None,
    lang: Language = None,
    json: Json = False,
):
    """List the tables with rows, period and licence, or describe one."""
    from minelib.cli.showing import data_command

    return data_command(name, lang, json)


@app.command()
def claims(
    name: Annotated[
        str | None, typer.Argument(metavar="[ID]", help="One claim in full.", show_default=False)
    ] = None,
    lang: Language = None,
    json: Json = False,
):
    """Show the article's claims, each with its verdict and what was computed."""
    from minelib.cli.showing import claims_command

    return claims_command(name, lang, json)


@app.command()
def published(lang: Language = None, json: Json = False):
    """Show published results beside our own values."""
    from minelib.cli.showing import published_command

    return published_command(lang, json)


@app.command()
def verify(lang: Language = None):
    """Check proof of work, checksums and schemas of everything shipped."""
    from minelib.cli.showing import verify_command

    return verify_command(lang)


@app.command()
def lab(
    lang: Language = None,
    folder: Annotated[
        Path | None,
        typer.Option(help="Folder of the working copy.", show_default=False),
    ] = None,
    port: Annotated[int | None, typer.Option(help="Port.", show_default=False)] = None,
    browser: Annotated[bool, typer.Option(help="Open a browser.")] = True,
):
    """Open JupyterLab on a working copy of the notebooks."""
    from minelib.cli.showing import lab_command

    return lab_command(lang, folder, port, browser)


@app.command()
def explore(
    lang: Language = None,
    port: Annotated[int | None, typer.Option(help="Port.", show_default=False)] = None,
    browser: Annotated[bool, typer.Option(help="Open a browser.")] = True,
):
    """Open the explorer: sliders instead of code."""
    from minelib.cli.showing import explore_command

    return explore_command(lang, port, browser)


@app.command()
def doctor(lang: Language = None):
    """Say what is installed, what is missing, and the command that mends it."""
    from minelib.cli.doctor import doctor_command

    return doctor_command(lang)


Parameters_file = Annotated[
    Path | None,
    typer.Option("--parameters", help="Your own parameters.toml.", show_default=False),
]
Class_list = Annotated[
    Path | None,
    typer.Option(
        "--class",
        help="The class: a CSV with a column student, or one id a line.",
        show_default=False,
    ),
]


@app.command()
def lessons(
    numbers: Annotated[
        list[str] | None, typer.Argument(help="Lessons; all without one.", show_default=False)
    ] = None,
    output: Annotated[
        Path | None, typer.Option("-o", "--output", help="Write the notebooks here.")
    ] = None,
    students: Class_list = None,
    parameters: Parameters_file = None,
    answers: Annotated[
        str | None,
        typer.Option(
            metavar="STUDENT",
            help="Show this student's answers and usual mistakes.",
            show_default=False,
        ),
    ] = None,
    lang: Language = None,
):
    """List the lessons, write their notebooks for a class, or show the answers."""
    from minelib.cli.classroom import lessons_command

    return lessons_command(numbers, students, lang, output, parameters, answers)


@app.command()
def grade(
    folder: Annotated[Path, typer.Argument(help="What the class has handed in.")],
    lesson: Annotated[
        str | None, typer.Option(help="Number; without it, what most hand in.", show_default=False)
    ] = None,
    students: Class_list = None,
    parameters: Parameters_file = None,
    output: Annotated[
        Path | None,
        typer.Option("-o", "--output", help="Default FOLDER/graded.", show_default=False),
    ] = None,
    lang: Language = None,
    workers: Annotated[int, typer.Option(min=1, help="Submissions at once.")] = 2,
    again: Annotated[bool, typer.Option("--again", help="Also what is graded already.")] = False,
    seconds: Annotated[
        int | None, typer.Option(min=1, help="For a notebook (30).", show_default=False)
    ] = None,
    cell_seconds: Annotated[
        int | None, typer.Option(min=1, help="For a cell (8).", show_default=False)
    ] = None,
    memory_mb: Annotated[
        int | None, typer.Option(min=100, help="For a notebook (1500).", show_default=False)
    ] = None,
):
    """Grade a class folder: a table for you, a page for each student."""
    from minelib.cli.classroom import grade_command

    limits = {"seconds": seconds, "cell_seconds": cell_seconds, "memory_mb": memory_mb}
    return grade_command(folder, lesson, students, parameters, output, lang, workers, again, limits)
