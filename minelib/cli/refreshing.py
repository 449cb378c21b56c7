# SPDX-License-Identifier: MIT
"""The command that takes newer files, and what changed between two versions of the data."""

import os
from pathlib import Path
from typing import Annotated

from minelib.cli.options import Language, told
from minelib.cli.show import columns
from minelib.words import gettext as _

_SHOWN = 20


def refresh(source: Annotated[list[Path], told("from")], lang: Language = None) -> int:
    """Check newer files that you have fetched, and keep them beside the packaged tables."""
    from minelib.catalog.own import MINE, folder_of_versions, newest, newest_usable
    from minelib.refresh import files_in, prepare
    from minelib.workbench.runs.folders import lock, scratch, write, writing

    paths = [path for each in source for path in files_in(each)]
    base = newest_usable()
    files, notes = prepare(paths, base)
    with writing(folder_of_versions()) as folder, lock(folder):
        if newest_usable() is not base:  # another one has ended meanwhile
            base = newest_usable()
            files, notes = prepare(paths, base)
        place = folder / f"{MINE}-{newest() + 1}"
        with scratch(place) as made:
            for name, content in files.items():
                (made / name).parent.mkdir(exist_ok=True)
                write(made / name, content)
            os.rename(made, place)
    show_differences(None, base.label, place.name)
    sentence = _("{version} stands in {folder}. A notebook reads it by: data = {mine!r}")
    print("\n".join([*notes, sentence.format(version=place.name, folder=place, mine=MINE)]))
    return 0


def show_differences(name: str | None, old: str, new: str) -> int:
    """Print which values of a table, or of all, changed from one version to another."""
    from minelib.catalog.differences import differences, either

    before, after = either(old), either(new)
    names = [name] if name else [n for n in after.names if n in before.names]
    for each in names:
        if not name and before.descriptor(each).sha256 == after.descriptor(each).sha256:
            continue
        found = differences(before, after, each)
        values = found[found["column"] != ""]
        told = [_("{table}: {count} values changed").format(table=each, count=len(values))]
        for side, sentence in {
            "new": _("{count} rows came"),
            "old": _("{count} rows went"),
        }.items():
            rows = found[side][found["column"] == ""].dropna().to_list()
            if rows:
                told.append(f"{sentence.format(count=len(rows))} ({rows[0]} – {rows[-1]})")
        print(_(", ").join(told))
        if len(values):
            columns([_("Row"), _("Column"), _("Old"), _("New")], values[:_SHOWN].to_numpy())
        if len(values) > _SHOWN:
            print(_("and {count} more").format(count=len(values) - _SHOWN))
    return 0
