# SPDX-License-Identifier: MIT
"""The sources of all tables: which they are, and how each was seen."""

from collections.abc import Iterator

import pandas as pd

from minelib.catalog import columns
from minelib.catalog.descriptor import OWN, SEEN, Descriptor
from minelib.catalog.store import Catalog
from minelib.checks import language, one_of
from minelib.words import gettext as _, number, percent

__all__ = ["BY", "in_words", "quality", "sources"]

BY = ("topic", "table")
# the column that names the source of a row, the first there is; and the one that names the work
_NAMED = {"publisher": "title", "authors": "work", "origin": "", "source": ""}
_ALL = "all"


def sources(catalog: Catalog, lang: str | None = None) -> pd.DataFrame:
    """One row per source of a table; see `minelib.catalog.sources`."""
    lang = language(lang)
    found = [each for d in catalog.descriptors() for each in _sources_of(catalog, d, lang)]
    return pd.concat(found, ignore_index=True)


def _sources_of(catalog: Catalog, d: Descriptor, lang: str) -> Iterator[pd.DataFrame]:
    frame = catalog.read(d.name)
    rank = pd.CategoricalDtype(list(SEEN), ordered=True)
    if "source_seen" not in frame:
        own = [s for s in d.sources if s["publisher"] != OWN]
        rows = pd.DataFrame(
            {
                "source": [f"{_(s['publisher'], lang)}: {s['title']}" for s in own],
                "address": [s["address"] for s in own],
                "source_seen": [s["source_seen"] for s in own],
                "rows": len(frame),
            }
        )
    else:
        said = [(_words(d, frame, n, lang), _words(d, frame, w, lang)) for n, w in _NAMED.items()]
        name, work = next((pair for pair in said if pair[0] is not None), (None, None))
        if name is None and "address" not in frame:
            return  # its rows cite sources that are rows of another table
        if name is None:
            name = pd.Series(_(d.sources[0]["publisher"], lang), frame.index)
        rows = pd.DataFrame(
            {
                "source": name if work is None else name + ": " + work,
                "address": frame["address"].fillna("") if "address" in frame else "",
                "source_seen": frame["source_seen"],
            }
        )
        rows = rows.dropna(subset="source_seen").assign(rows=1)
    rows["source_seen"] = rows["source_seen"].astype(rank)
    seen = rows.groupby(["source", "address"], sort=False, dropna=False)
    best = seen.agg(source_seen=("source_seen", "min"), rows=("rows", "sum")).reset_index()
    best["source_seen"] = best["source_seen"].astype("str")
    best.insert(0, "table", d.name)
    best.insert(0, "topic", d.topic)
    yield best


def _words(d, frame, name, lang):
    """A column of the frame in words, None where there is none."""
    if f"{name}_{lang}" in frame:
        return frame[f"{name}_{lang}"].fillna("")
    if name not in frame:
        return None
    said = {key: columns.value(name, key, lang, [d.name]) for key in frame[name].dropna().unique()}
    return frame[name].map(said).fillna("")


def quality(catalog: Catalog, by: str = "topic") -> pd.DataFrame:
    """How the sources were seen; see `minelib.catalog.quality`."""
    one_of("by", by, BY)
    every = sources(catalog, "en")
    counted = pd.concat([every, every.assign(**{by: _ALL})], ignore_index=True)
    # a source of several tables counts once, as it was seen best
    order = {word: n for n, word in enumerate(SEEN)}
    counted = counted.sort_values("source_seen", key=lambda seen: seen.map(order), kind="stable")
    counted = counted.drop_duplicates([by, "source", "address"])
    table = pd.crosstab(counted[by], counted["source_seen"]).reindex(columns=SEEN, fill_value=0)
    number = table.sum(axis="columns")
    shares = table.div(number, axis="index").mul(100).add_suffix("_pct")
    unsourced = _unsourced(catalog, by)
    names = [*unsourced[unsourced.index != _ALL].index, _ALL]
    shares.insert(0, "sources", number)
    shares = shares.reindex(names).assign(unsourced_rows=unsourced)
    shares["sources"] = shares["sources"].fillna(0).astype("int64")
    shares.columns.name = None
    return shares.rename_axis(by).reset_index()


def in_words(catalog: Catalog) -> str:
    """What `quality` says of all tables together, as a sentence in the current language."""
    shares = quality(catalog).iloc[-1]
    read = {name: percent(shares[name], 0) for name in shares.index if name.endswith("_pct")}
    return _(
        "Of {sources} sources {whole_pct} were read whole and {excerpt_pct} in part; "
        "{second_hand_pct} are known only from what others report of them."
    ).format(sources=number(shares["sources"]), **read)


def _unsourced(catalog, by):
    """Rows that rest on no source of their own: names, assumptions, sums of other tables."""
    counts = {}
    for d in catalog.descriptors():
        frame = catalog.read(d.name)
        bare = int(frame["source_seen"].isna().sum()) if "source_seen" in frame else 0
        if "source_seen" not in frame and all(s["publisher"] == OWN for s in d.sources):
            bare = len(frame)
        for name in (getattr(d, "name" if by == "table" else by), _ALL):
            counts[name] = counts.get(name, 0) + bare
    return pd.Series(counts, dtype="int64")
