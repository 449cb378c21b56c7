# SPDX-License-Identifier: MIT
"""What is generated from the descriptors and the dictionary of columns, with the sums.

``datapackage.json``, ``CODEBOOK.csv`` and ``checksums.json``. `generated` returns the text of
each file; stamping writes them, checking compares.
"""

import csv
import io
import json

from minelib.catalog.dictionary import columns_of
from minelib.catalog.integrity import file_sums, sha256

__all__ = ["CHECKSUMS", "CODEBOOK", "COLUMNS_SHA256", "DATAPACKAGE", "generated"]

DATAPACKAGE = "datapackage.json"
CODEBOOK = "CODEBOOK.csv"
CHECKSUMS = "checksums.json"
COLUMNS_SHA256 = "columnsSha256"  # key of the data package: the sum of the dictionary


def generated(descriptors, words, words_sha256):
    """The generated files of the data folder.

    Parameters
    ----------
    descriptors : list of Descriptor
    words : dict
        The dictionary of columns, as from `minelib.catalog.dictionary.read_columns`.
    words_sha256 : str
        Of the file it was read from.

    Returns
    -------
    dict of str to str
        File name to text; ends with a line feed.
    """
    checksums = _json({d.name: _checksums(d) for d in descriptors})
    return {
        CHECKSUMS: checksums,
        DATAPACKAGE: _json(
            {
                **_head(sha256(checksums.encode()), words_sha256),
                "resources": [_resource(d, columns_of(words, d)) for d in descriptors],
            }
        ),
        CODEBOOK: _codebook(descriptors, words),
    }


def _json(value):
    return json.dumps(value, ensure_ascii=False, indent=1) + "\n"


def _checksums(d):
    sums = file_sums(d.csv_path.read_bytes(), d.csv_file)
    columns = {name: " ".join(f"{s:x}" for s in values) for name, values in sums["columns"].items()}
    return {
        "csv_sha256": d.sha256,
        "toml_sha256": sha256(d.path.read_bytes()),
        "rows": sums["rows"],
        "columns": columns,
    }


def _head(checksums_sha256, columns_sha256):
    return {
        "$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
        "name": "minelib",
        "title": "China's Bitcoin-mining boom, the 2021 crackdown and the relocation of the "
        "hash rate",
        "description": "Generated from the descriptors beside the tables; licences differ by "
        "table.",
        "checksumsSha256": checksums_sha256,
        COLUMNS_SHA256: columns_sha256,
    }


def _resource(d, words):
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
        "usageWarnings": list(d.warnings),
        "changesMade": list(d.changes_made),
        "coverage": d.coverage,
        "sources": [
            {
                "title": f"{s['publisher']}: {s['title']}",
                "path": s["address"],
                "dateAccessed": str(s["accessed"]),
                **({"description": s["note"]} if s.get("note") else {}),
            }
            for s in d.sources
        ],
        "schema": {
            "fields": [_field(c, word) for c, word in zip(d.columns, words, strict=True)],
            "primaryKey": list(d.primary_key),
            **_foreign_keys(d),
        },
    }


def _field(c, word):
    constraints = {"required": c.required}
    for key, name in (
        ("unique", "unique"),
        ("minimum", "minimum"),
        ("maximum", "maximum"),
        ("pattern", "pattern"),
        ("enum", "enum"),
    ):
        value = getattr(c, key)
        if value not in (None, (), False):
            constraints[name] = list(value) if isinstance(value, tuple) else value
    return {
        "name": c.name,
        "title": word.en,
        "type": c.type,
        "unit": c.unit,
        "description": c.meaning,
        "constraints": constraints,
    }


def _foreign_keys(d):
    keys = [
        {
            "fields": [c.name],
            "reference": {
                "resource": c.references.split(".")[0].replace("_", "-"),
                "fields": [c.references.split(".")[1]],
            },
        }
        for c in d.columns
        if c.references
    ]
    return {"foreignKeys": keys} if keys else {}


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
