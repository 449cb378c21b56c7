# SPDX-License-Identifier: MIT
"""The commands that show something."""

import shutil
import sys

from minelib.cli.show import as_json, columns
from minelib.words import gettext as _
from minelib.words import number, use

__all__ = [
    "claims_command",
    "data_command",
    "explore_command",
    "lab_command",
    "params_command",
    "published_command",
    "verify_command",
]


def _use(lang):
    if lang:
        use(str(lang))


def params_command(name, lang, json):
    """``minelib params``."""
    from minelib.studies.notebooks import select

    _use(lang)
    if name is None:
        notebooks = select()
        if json:
            as_json([{"notebook": n.name, "title": n.title} for n in notebooks])
        else:
            rows = [(n.number, n.slug, _title(n)) for n in notebooks]
            columns([_("Number"), _("Notebook"), _("Title")], rows, right=(0,), flexible=2)
        return 0
    notebook = select([name])[0]
    listed = notebook.study().parameters()
    if json:
        as_json(listed)
        return 0
    print(f"{notebook.name}: {_title(notebook)}\n")
    rows = []
    for entry in listed:
        allowed = entry["range"]
        if entry["choices"] is not None:
            allowed = ", ".join(str(choice) for choice in entry["choices"])
        default = entry["default"]
        default = ",".join(map(str, default)) if isinstance(default, list | tuple) else default
        default = _("none") if default is None else str(default)
        unit = _(entry["unit"]) if entry["unit"] else ""
        rows.append((entry["name"], entry["type"], unit, default, allowed, entry["meaning"]))
    heads = [_("Parameter"), _("Type"), _("Unit"), _("Default"), _("Allowed"), _("Meaning")]
    columns(heads, rows, flexible=5)
    return 0


def _title(notebook):
    from minelib.words import current
    from minelib.workbench.translation import heading

    return heading(notebook.content, current()) or notebook.title


def data_command(name, lang, json):
    """``minelib data``."""
    import minelib.catalog as catalog

    _use(lang)
    if name is not None:
        described = catalog.describe(name)
        if json:
            as_json(_description(described))
        else:
            print(described)
        return 0
    shipped = catalog.default()
    tables = [
        {
            "name": d.name,
            "topic": d.topic,
            "title": _(d.title),
            "rows": shipped.rows(d.name),
            "start": d.coverage["start"],
            "end": d.coverage["end"],
            "licence": d.licence,
            "commercial_use": d.commercial_use,
            "version": d.version,
        }
        for d in shipped.descriptors()
    ]
    if json:
        as_json(tables)
        return 0
    rows = []
    for t in tables:
        period = f"{t['start']} – {t['end']}" if t["start"] else "–"
        rows.append((t["name"], number(t["rows"]), period, t["licence"], t["title"]))
    heads = [_("Table"), _("Rows"), _("Period"), _("Licence"), _("Title")]
    columns(heads, rows, right=(1,), flexible=4)
    closed = [t["name"] for t in tables if t["commercial_use"] != "yes"]
    print()
    print(
        _("{count} tables; {closed} of them are not free for commercial use").format(
            count=len(tables), closed=len(closed)
        )
    )
    return 0


def _description(described):
    d = described.descriptor
    return {
        "name": d.name,
        "title": _(d.title),
        "meaning": _(d.meaning).strip(),
        "version": d.version,
        "rows": described.rows,
        "coverage": dict(d.coverage),
        "licence": d.licence,
        "commercial_use": d.commercial_use,
        "primary_key": list(d.primary_key),
        "warnings": list(d.warnings),
        "columns": [
            {
                "name": c.name,
                "label": label,
                "type": c.type,
                "unit": c.unit,
                "meaning": _(c.meaning),
            }
            for c, label in zip(d.columns, described.labels, strict=True)
        ],
        "sources": [{k: str(v) for k, v in source.items()} for source in d.sources],
    }


def _frame(frame, json, right=(), flexible=None):
    if json:
        import json as reader

        as_json(reader.loads(frame.to_json(orient="records", date_format="iso")))
        return
    cells = [[_cell(value) for value in row] for row in frame.itertuples(index=False)]
    columns([str(c) for c in frame.columns], cells, right, flexible)


def _cell(value):
    if value is None or value != value:
        return ""
    return f"{value:.4g}" if isinstance(value, float) else str(value)


def claims_command(name, lang, json):
    """``minelib claims``."""
    from minelib import claims

    _use(lang)
    if name is not None:
        claim = claims.claim(name)
        if json:
            as_json(claim.to_dict())
        else:
            print(claim)
        return 0
    if json:
        as_json([claim.to_dict() for claim in claims.claims()])
        return 0
    interval = not sys.stdout.isatty() or shutil.get_terminal_size().columns >= 110
    heads = [_("Id"), _("Claim"), _("Verdict"), _("Computed")]
    columns(heads, [_claim_row(claim, interval) for claim in claims.claims()], flexible=1)
    print()
    score = claims.score()
    heads = {"label": _("Section"), **{v: _(v) for v in claims.VERDICTS}, "total": _("Total")}
    columns(heads.values(), score[list(heads)].to_numpy(), right=range(1, len(heads)))
    return 0


def _claim_row(claim, interval):
    from minelib.claims.display import reading_words

    said = claim.claim_zh if claim.lang == "zh" else claim.claim_en
    computed = reading_words(claim.readings[0], claim.lang, interval) if claim.readings else ""
    return claim.id, said, _(claim.verdict), computed


def published_command(lang, json):
    """``minelib published``."""
    from minelib import published

    _use(lang)
    _frame(published.table(), json)
    return 0


def verify_command(lang):
    """``minelib verify``."""
    from minelib.chain import verify

    _use(lang)
    report = verify()
    if report.ok:
        print(report)
        return 0
    for line in str(report).splitlines():
        print(line, file=sys.stderr)
    return 1


def lab_command(lang, folder, port, browser):
    """``minelib lab``."""
    from minelib.workbench.lab import open_lab

    return open_lab(folder=folder, lang=str(lang or "en"), port=port, browser=browser)


def explore_command(lang, port, browser):
    """``minelib explore``."""
    from minelib.workbench.lab import open_explorer

    return open_explorer(lang=str(lang or "en"), port=port, browser=browser)
