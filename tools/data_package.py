# SPDX-License-Identifier: MIT
"""The data on their own: ``python tools/data_package.py [-o FOLDER]`` writes a zip into ``dist/``.

It holds the tables as CSV and as Parquet, their descriptors, the codebook, a README per table in
both languages, the licences, a datasheet, five lines of R, and four descriptions for programs:
``datapackage.json`` (Data Package), ``data-dict.yaml`` (what may be summed or averaged),
``croissant.json`` (Croissant) and ``dataset.json`` (schema.org). The same data give the same
bytes.
"""

from __future__ import annotations

import argparse
import calendar
import datetime
import gzip
import hashlib
import io
import json
import os
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import yaml

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tools")]

import data_dict  # noqa: E402

import minelib as ml  # noqa: E402
from minelib.catalog.descriptor import Descriptor  # noqa: E402

READ_R = """\
# SPDX-License-Identifier: MIT
# A table in R, without a package; an empty cell is a gap.
shares <- read.csv("geography/country_share.csv", na.strings = "", encoding = "UTF-8")
shares$month <- as.Date(shares$month)
china <- subset(shares, place == "china")
china$year <- format(china$month, "%Y")
print(aggregate(share_pct ~ year, china, mean))
"""
# what Croissant calls the types of our columns
TYPES = {
    "string": "sc:Text",
    "number": "sc:Float",
    "integer": "sc:Integer",
    "boolean": "sc:Boolean",
    "date": "sc:Date",
    "datetime": "sc:DateTime",
}


def day() -> str:
    """The day of the release, as ``CITATION.cff`` has it."""
    cited = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    return str(cited["date-released"])


def epoch() -> int:
    """Seconds since 1970 that every file bears: ``SOURCE_DATE_EPOCH``, else the release's day."""
    stated = os.environ.get("SOURCE_DATE_EPOCH")
    return (
        int(stated) if stated else calendar.timegm(datetime.date.fromisoformat(day()).timetuple())
    )


def pack(files: dict[str, bytes], path: Path) -> Path:
    """Write a zip whose bytes depend on its content alone."""
    when = datetime.datetime.fromtimestamp(epoch(), datetime.UTC).timetuple()[:6]
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in sorted(files):
            entry = zipfile.ZipInfo(name, when)
            entry.external_attr = 0o644 << 16
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, files[name])
    return path


def contents() -> dict[str, bytes]:
    """Every file of the package: its name in the zip, and its bytes."""
    catalog = ml.catalog.default()
    files = {"read.R": READ_R.encode()}
    for name in ("CODEBOOK.csv", "columns.toml", "units.toml", "warnings.toml"):
        files[name] = (catalog.root / name).read_bytes()
    for path in (ROOT / "LICENSES").glob("*.txt"):
        files[f"LICENSES/{path.name}"] = path.read_bytes()
    for name in ("datasheet.md", "datasheet.zh.md"):
        files[name] = (ROOT / "docs" / name).read_bytes()
    for name in catalog.names:
        d = catalog.descriptor(name)
        files[csv_name(d)] = plain(d)
        base = f"{d.topic}/{name}"
        files[f"{base}.toml"] = (catalog.root / f"{base}.toml").read_bytes()
        for lang in ("en", "zh"):
            files[f"{base}.README.{lang}.txt"] = f"{ml.describe(name, lang=lang)}\n".encode()
        files[f"parquet/{name}.parquet"] = _parquet(name)
    files["datapackage.json"] = _json(described())
    files["croissant.json"] = _json(croissant())
    files["dataset.json"] = _json(dataset())
    files["data-dict.yaml"] = data_dict.text("parquet/{name}.parquet").encode()
    files["README.md"] = _readme()
    return files


def csv_name(d: Descriptor) -> str:
    """A table's file in the zip, which packs it already."""
    return d.csv_file.removesuffix(".gz")


def plain(d: Descriptor) -> bytes:
    """A table as CSV."""
    content = (ml.catalog.default().root / d.csv_file).read_bytes()
    return gzip.decompress(content) if d.csv_file.endswith(".gz") else content


def described() -> dict:
    """``datapackage.json`` for the files as they lie in the zip."""
    catalog = ml.catalog.default()
    content = json.loads((catalog.root / "datapackage.json").read_text(encoding="utf-8"))
    by_path = {d.csv_file: d for d in catalog.descriptors()}
    for resource in content["resources"]:
        d = by_path[resource["path"]]
        resource["path"] = csv_name(d)
        resource["hash"] = f"sha256:{hashlib.sha256(plain(d)).hexdigest()}"
    return content


def croissant() -> dict:
    """The tables for programs that learn from data: Croissant 1.0."""
    context = {
        "@language": "en",
        "@vocab": "https://schema.org/",
        "sc": "https://schema.org/",
        "cr": "http://mlcommons.org/croissant/",
        "rai": "http://mlcommons.org/croissant/RAI/",
        "dct": "http://purl.org/dc/terms/",
        "equivalentProperty": "cr:equivalentProperty",
        "samplingRate": "cr:samplingRate",
        "citeAs": "cr:citeAs",
        "column": "cr:column",
        "conformsTo": "dct:conformsTo",
        "data": {"@id": "cr:data", "@type": "@json"},
        "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
        "examples": {"@id": "cr:examples", "@type": "@json"},
        "extract": "cr:extract",
        "field": "cr:field",
        "fileObject": "cr:fileObject",
        "fileProperty": "cr:fileProperty",
        "fileSet": "cr:fileSet",
        "format": "cr:format",
        "includes": "cr:includes",
        "isLiveDataset": "cr:isLiveDataset",
        "jsonPath": "cr:jsonPath",
        "key": "cr:key",
        "md5": "cr:md5",
        "parentField": "cr:parentField",
        "path": "cr:path",
        "recordSet": "cr:recordSet",
        "references": "cr:references",
        "regex": "cr:regex",
        "repeated": "cr:repeated",
        "replace": "cr:replace",
        "separator": "cr:separator",
        "source": "cr:source",
        "subField": "cr:subField",
        "transform": "cr:transform",
    }
    distribution, records = [], []
    for d in ml.catalog.default().descriptors():
        distribution.append(
            {
                "@type": "cr:FileObject",
                "@id": d.name,
                "name": d.name,
                "description": d.title,
                "contentUrl": csv_name(d),
                "encodingFormat": "text/csv",
                "sha256": hashlib.sha256(plain(d)).hexdigest(),
            }
        )
        fields = [_field(d.name, column) for column in d.columns]
        record = {
            "@type": "cr:RecordSet",
            "@id": f"{d.name}-rows",
            "name": f"{d.name}-rows",
            "description": d.meaning,
            "field": fields,
        }
        records.append(record)
    about = _about()
    return {
        "@context": context,
        "@type": "sc:Dataset",
        "conformsTo": "http://mlcommons.org/croissant/1.0",
        **about,
        "citeAs": about.pop("citation"),
        "distribution": distribution,
        "recordSet": records,
    }


def _field(table, column):
    source = {"fileObject": {"@id": table}, "extract": {"column": column.name}}
    return {
        "@type": "cr:Field",
        "@id": f"{table}-rows/{column.name}",
        "name": column.name,
        "description": column.meaning,
        "dataType": TYPES[column.type],
        "source": source,
    }


def dataset() -> dict:
    """The tables for search engines of data: schema.org's ``Dataset``, one part per table."""
    parts = []
    for d in ml.catalog.default().descriptors():
        part = {
            "@type": "Dataset",
            "name": d.title,
            "description": d.meaning,
            "license": d.licence,
            "citation": d.citation,
            "version": str(d.version),
            "spatialCoverage": d.coverage["space"],
            "variableMeasured": [
                {
                    "@type": "PropertyValue",
                    "name": c.name,
                    "unitText": c.unit,
                    "description": c.meaning,
                }
                for c in d.columns
            ],
            "distribution": {
                "@type": "DataDownload",
                "contentUrl": csv_name(d),
                "encodingFormat": "text/csv",
            },
        }
        if d.coverage.get("start"):
            part["temporalCoverage"] = f"{d.coverage['start']}/{d.coverage['end']}"
        parts.append(part)
    return {"@context": "https://schema.org/", "@type": "Dataset", **_about(), "hasPart": parts}


def _about():
    cited = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    return {
        "name": "minelib",
        "alternateName": cited["title"],
        "description": " ".join(cited["abstract"].split()),
        "version": ml.__version__,
        "datePublished": day(),
        "creator": [{"@type": "Organization", "name": a["name"]} for a in cited["authors"]],
        "license": sorted({d.licence for d in ml.catalog.default().descriptors()}),
        "keywords": cited["keywords"],
        "inLanguage": ["en", "zh-Hans"],
        "citation": f"{cited['authors'][0]['name']} ({day()[:4]}). {cited['title']}. "
        f"Version {ml.__version__}.",
    }


def _readme():
    listed = ml.catalog.list()
    rows = "".join(
        f"| {row.topic}/{row.name} | {row.rows:,} | {row.licence} | {row.commercial_use} |\n"
        for row in listed.itertuples(index=False)
    )
    return (
        f"# minelib {ml.__version__}: the tables\n\n"
        "CSV (UTF-8, comma, an empty cell is a gap) and Parquet; beside each its descriptor "
        "and a README in both languages. `CODEBOOK.csv` lists every column with its unit, "
        "`data-dict.yaml` says what may be summed or averaged, `datasheet.md` why and how the "
        "tables were made and what they must not be used for. Each table has its own licence; "
        "figures of some origins are not for commercial use.\n\n"
        'In R: `Rscript read.R`. In Python: `pandas.read_parquet("parquet/country_share.parquet")`.'
        f"\n\n| table | rows | licence | commercial use |\n| --- | --- | --- | --- |\n{rows}"
    ).encode()


def _parquet(name):
    frame = ml.load(name)
    table = pa.Table.from_pandas(frame, preserve_index=False)
    for column in ml.catalog.default().descriptor(name).columns:
        if column.type == "date":  # a day, not midnight
            at = table.schema.get_field_index(column.name)
            table = table.set_column(at, column.name, table[column.name].cast(pa.date32()))
    buffer = io.BytesIO()
    pq.write_table(table, buffer, compression="zstd")
    return buffer.getvalue()


def _json(content):
    return (json.dumps(content, ensure_ascii=False, indent=1) + "\n").encode()


def write(folder: Path) -> Path:
    """The zip, in a folder that is made where it lacks."""
    folder.mkdir(parents=True, exist_ok=True)
    return pack(contents(), folder / f"minelib-data-{ml.__version__}.zip")


def names(path: Path) -> Iterator[str]:
    """What a zip holds."""
    with zipfile.ZipFile(path) as archive:
        yield from archive.namelist()


def main(argv: list[str] | None = None) -> int:
    """Run the command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("-o", "--output", type=Path, default=ROOT / "dist")
    path = write(parser.parse_args(argv).output)
    print(f"{path}: {len(list(names(path)))} files, {path.stat().st_size / 2**20:.1f} MB")
    return 0


if __name__ == "__main__":
    sys.exit(main())
