# SPDX-License-Identifier: MIT
"""The commands that show something."""

import shutil
import sys
from typing import Annotated, Any

from minelib.cli.options import Json, Language, told
from minelib.cli.refreshing import show_differences
from minelib.cli.show import as_json, columns
from minelib.words import current, gettext as _, number


def params(
    notebook: Annotated[str | None, told("notebook")] = None,
    lang: Language = None,
    json: Json = False,
) -> int:
    """Show the parameters of a notebook: type, unit, default, range, meaning."""
    from minelib.studies.notebooks import select
    from minelib.workbench.runs.plan import TIMEOUT
    from minelib.workbench.translation import heading

    def title(found):
        return heading(found.content, current()) or found.title

    if notebook is None and json:
        as_json([{"notebook": n.name, "title": n.title} for n in select()])
    elif notebook is None:
        rows = [(n.number, n.slug, title(n)) for n in select()]
        columns([_("Number"), _("Notebook"), _("Title")], rows, right=(0,), flexible=2)
    else:
        chosen = select([notebook])[0]
        study: Any = chosen.study()
        listed = study.parameters()
        if json:
            as_json(listed)
            return 0
        print(f"{chosen.name}: {title(chosen)}\n")
        heads = [_("Parameter"), _("Type"), _("Unit"), _("Default"), _("Allowed"), _("Meaning")]
        columns(heads, map(_parameter_row, listed), flexible=5)
        sentence = _(
            "A run may take {seconds} s; --timeout SECONDS of run and sweep says otherwise."
        )
        print("\n" + sentence.format(seconds=number(TIMEOUT)))
    return 0


def _parameter_row(entry):
    default, choices = entry["default"], entry["choices"]
    if isinstance(default, list | tuple):
        default = ",".join(map(str, default))
    return (
        entry["name"],
        entry["type"],
        entry["unit"] and _(entry["unit"]),
        _("none") if default is None else default,
        entry["range"] if choices is None else ", ".join(map(str, choices)),
        entry["meaning"],
    )


def data(
    name: Annotated[str | None, told("table")] = None,
    diff: Annotated[tuple[str, str] | None, told("diff")] = None,
    lang: Language = None,
    json: Json = False,
) -> int:
    """List the tables with rows, period and licence, or describe one."""
    from minelib import catalog

    if diff is not None:
        return show_differences(name, *diff)
    packaged = catalog.default()
    tables = packaged.descriptors()
    if name is not None and json:
        as_json(_description(catalog.describe(name)))
    elif name is not None:
        print(catalog.describe(name))
    elif json:
        as_json([_entry(d, packaged.rows(d.name)) for d in tables])
    else:
        rows = []
        for d in tables:
            start, end = d.coverage["start"], d.coverage["end"]
            period = f"{start} – {end}" if start else "–"
            rows.append((d.name, number(packaged.rows(d.name)), period, d.licence, _(d.title)))
        heads = [_("Table"), _("Rows"), _("Period"), _("Licence"), _("Title")]
        columns(heads, rows, right=(1,), flexible=4)
        closed = sum(d.commercial_use != "yes" for d in tables)
        sentence = _("{count} tables; {closed} of them are not free for commercial use")
        print("\n" + sentence.format(count=len(tables), closed=closed))
    return 0


def _picked(thing, *names):
    """Some attributes as a dict; what is written for readers in their language."""
    words = {"title", "meaning"}
    return {n: _(getattr(thing, n)).strip() if n in words else getattr(thing, n) for n in names}


def _entry(d, rows):
    place = {"rows": rows, "start": d.coverage["start"], "end": d.coverage["end"]}
    last = _picked(d, "licence", "commercial_use", "version")
    return {**_picked(d, "name", "topic", "title"), **place, **last}


def _description(described):
    d = described.descriptor
    kept = ("coverage", "licence", "commercial_use", "primary_key", "warnings")
    columns = [
        {"name": c.name, "label": label, **_picked(c, "type", "unit", "meaning")}
        for c, label in zip(d.columns, described.labels, strict=True)
    ]
    return {
        **_picked(d, "name", "title", "meaning", "version"),
        "rows": described.rows,
        **_picked(d, *kept),
        "columns": columns,
        "sources": [{k: str(v) for k, v in source.items()} for source in d.sources],
    }


def claims(
    name: Annotated[str | None, told("claim")] = None, lang: Language = None, json: Json = False
) -> int:
    """Show the article's claims, each with its verdict and what was computed."""
    from minelib import claims

    if name is not None and json:
        as_json(claims.claim(name).to_dict())
    elif name is not None:
        print(claims.claim(name))
    elif json:
        as_json([claim.to_dict() for claim in claims.claims()])
    else:
        interval = not sys.stdout.isatty() or shutil.get_terminal_size().columns >= 110
        heads = [_("Id"), _("Claim"), _("Verdict"), _("Computed")]
        columns(heads, [_claim_row(claim, interval) for claim in claims.claims()], flexible=1)
        print()
        score = claims.score()
        labels = {"label": _("Section"), **{v: _(v) for v in claims.VERDICTS}, "total": _("Total")}
        rows = score[list(labels)].to_numpy()
        columns(labels.values(), rows, right=range(1, len(labels)))
    return 0


def _claim_row(claim, interval):
    from minelib.claims.display import reading_words

    said = claim.claim_zh if claim.lang == "zh" else claim.claim_en
    computed = reading_words(claim.readings[0], claim.lang, interval) if claim.readings else ""
    return claim.id, said, _(claim.verdict), computed


def published(lang: Language = None, json: Json = False) -> int:
    """Show published results beside our own values."""
    from minelib import catalog, published

    frame = published.table()
    if json:
        import json as reader

        as_json(reader.loads(frame.to_json(orient="records", date_format="iso")))
    else:
        told = published.formatted(frame)
        shown = ["id", "published_figure", "published", "computed", "unit_word", "verdict"]
        told["verdict"] = told["verdict"].map(_)
        labels = [catalog.columns.label(name) for name in shown]
        columns(labels, told[shown].to_numpy(), right=(2, 3), flexible=1)
    return 0


def verify(lang: Language = None) -> int:
    """Check proof of work, checksums and schemas of everything shipped."""
    from minelib.chain import verify

    report = verify()
    print(report, file=sys.stdout if report.ok else sys.stderr)
    return int(not report.ok)
