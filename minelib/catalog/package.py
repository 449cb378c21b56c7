# SPDX-License-Identifier: MIT
"""What is generated from the descriptors and the dictionary of columns.

``datapackage.json``, with the SHA-256 of every file written by hand, and ``CODEBOOK.csv``.
`generated` returns the text of each; stamping writes them, checking compares.
"""

import csv
import io
import json

from minelib.catalog.descriptor import Descriptor
from minelib.catalog.dictionary import Word, columns_of

__all__ = ["CODEBOOK", "DATAPACKAGE", "STAMPS", "generated"]

DATAPACKAGE = "datapackage.json"
CODEBOOK = "CODEBOOK.csv"
STAMPS = "sha256"  # key of the data package: file written by hand to its SHA-256


def generated(
    descriptors: list[Descriptor], words: dict[str, dict[str, Word]], stamps: dict[str, str]
) -> dict[str, str]:
    """The generated files of the data folder.

    Parameters
    ----------
    descriptors : list of Descriptor
    words : dict
        The dictionary of columns, as from `minelib.catalog.dictionary.read_columns`.
    stamps : dict of str to str
        SHA-256 of each TOML file.

    Returns
    -------
    dict of str to str
        File name to text; ends with a line feed.
    """
    resources = [_resource(d, columns_of(words, d)) for d in descriptors]
    package = {
        "$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
        "name": "minelib",
        "title": "China's Bitcoin-mining boom, the 2021 crackdown and the relocation of the "
        "hash rate",
        "description": "Generated from the descriptors beside the tables; licences differ by "
        "table.",
        STAMPS: stamps,
        "resources": resources,
    }
    return {
        DATAPACKAGE: json.dumps(package, ensure_ascii=False, indent=1) + "\n",
        CODEBOOK: _codebook(descriptors, words),
    }


def _resource(d, words):
    keys = [_foreign_key(d, c.name, *c.references.split(".")) for c in d.columns if c.references]
    return {
        "$schema": "https://datapackage.org/profiles/2.0/dataresource.json",
        "name": d.name.replace("_", "-"),
        "path": d.csv_file,
        "type": "table",
        "title": d.title,
        "description": d.meaning,
        "version": str(d.version),
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "hash": f"sha256:{d.sha256}",
        "licenses": [{"name": d.licence, "title": f"origin: {d.licence_origin}"}],
        "commercialUse": d.commercial_use,
        "citation": d.citation,
        "usageWarnings": d.warnings,
        "changesMade": d.changes_made,
        "coverage": d.coverage,
        "sources": [
            {
                "title": f"{s['publisher']}: {s['title']}",
                "path": s["address"],
                "dateAccessed": str(s["accessed"]),
                **({"sourceSeen": s["source_seen"]} if "source_seen" in s else {}),
                **({"description": s["note"]} if s.get("note") else {}),
            }
            for s in d.sources
        ],
        "schema": {
            "fields": [_field(c, word) for c, word in zip(d.columns, words, strict=True)],
            "primaryKey": d.primary_key,
            **({"foreignKeys": keys} if keys else {}),
        },
    }


def _field(c, word):
    constraints = {"unique": c.unique, "minimum": c.minimum, "maximum": c.maximum}
    constraints |= {"pattern": c.pattern, "enum": c.enum}
    stated = {k: v for k, v in constraints.items() if v or (v == 0 and v is not False)}
    return {
        "name": c.name,
        "title": word.en,
        "type": c.type,
        "unit": c.unit,
        "description": c.meaning,
        "constraints": {"required": c.required, **stated},
    }


def _foreign_key(d, field, table, column):
    # a table that refers to itself does not name itself
    other = {} if table == d.name else {"resource": table.replace("_", "-")}
    reference = {**other, "fields": [column]}
    return {"fields": [field], "reference": reference}


def _codebook(descriptors, words):
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    heads = ["table", "column", "label_en", "label_zh", "type", "unit", "required", "meaning"]
    writer.writerow([*heads, "licence"])
    for d in descriptors:
        for c, word in zip(d.columns, columns_of(words, d), strict=True):
            required = str(c.required).lower()
            writer.writerow(
                [d.name, c.name, word.en, word.zh, c.type, c.unit, required, c.meaning, d.licence]
            )
    return out.getvalue()
