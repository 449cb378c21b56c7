# SPDX-License-Identifier: MIT
"""A text of one's own on trial: a file to begin from, what is proposed, and the report."""

from pathlib import Path
from typing import Annotated

import typer

from minelib.cli.options import Json, Language, told
from minelib.cli.show import as_json, columns
from minelib.errors import BadInput
from minelib.words import current, gettext as _

trial = typer.Typer(help="Put a text of your own on trial.", no_args_is_help=True)
File = Annotated[Path, told("trial")]


def new(file: File, lang: Language = None) -> int:
    """Write a trial to begin from: a short text with its claims, in the language."""
    from minelib.claims.trial import EXAMPLES

    example = EXAMPLES / {"en": "relocation.toml", "zh": "mountains.toml"}[current()]
    try:
        with file.open("x", encoding="utf-8") as target:
            target.write(example.read_text(encoding="utf-8"))
    except FileExistsError:
        sentence = _("{file} exists already: choose another name.")
        raise BadInput(sentence.format(file=file)) from None
    print(_("Written to {file}. Change it, then: minelib trial check {file}").format(file=file))
    return 0


def check(file: File, lang: Language = None, json: Json = False) -> int:
    """Say which table and rule are proposed for each claim, and what is wrong in the file."""
    from minelib.claims import Trial

    proposed = Trial.from_file(file).proposals()
    if json:
        as_json(proposed.to_dict("records"))
        return 0
    shown = ["number", "words", "quantity", "place", "period", "take", "rule", "table"]
    heads = [_("Number"), _("Claim"), _("Quantity"), _("Place"), _("Period")]
    heads += [_("Taken"), _("Rule"), _("Table")]
    proposed["words"] = proposed["words"].str.replace("\n", " ")
    columns(heads, proposed[shown].replace("", "–").to_numpy(), right=(0,), flexible=1)
    return 0


def report(
    file: File, output: Annotated[Path | None, told("page")] = None, lang: Language = None
) -> int:
    """Judge the text and write the report, one page of HTML."""
    from minelib.claims import Trial

    page = output or file.with_suffix(".html")
    judged = Trial.from_file(file)
    page.write_text(judged.report(), encoding="utf-8")
    for claim in judged.claims():
        print(f"{claim.number}. {_(claim.verdict)}: {claim.evidence}")
    print(_("Written to {file}.").format(file=page))
    return 0


for command in (new, check, report):
    trial.command()(command)
