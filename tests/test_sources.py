# SPDX-License-Identifier: MIT
"""The sources: each told once, how it was seen, and at an address of the publisher's own."""

import re
from urllib.parse import urlsplit

import pytest

import minelib as ml
from minelib.catalog.descriptor import SEEN
from minelib.errors import BadParameter, DamagedData

CATALOG = ml.catalog.default()


def test_every_source_is_one_row_with_how_it_was_seen():
    frame = ml.catalog.sources()
    assert not frame.duplicated(["table", "source", "address"]).any()
    assert (frame["source"].str.strip() != "").all()
    assert (frame["rows"] >= 1).all()
    assert set(frame["topic"]) <= set(ml.catalog.columns.word("topic").values)


def test_the_sources_of_a_table_with_sources_in_its_rows_are_those_rows():
    frame = ml.catalog.sources()
    for d in CATALOG.descriptors():
        table = CATALOG.read(d.name)
        if "source_seen" in table and "address" in table:
            told = frame[frame["table"] == d.name]
            assert told["rows"].sum() == table["source_seen"].notna().sum(), d.name
            assert set(told["address"]) == set(table["address"].fillna("")), d.name


def test_quality_counts_each_source_once_and_its_shares_add_up():
    shares = ml.catalog.quality()
    every = ml.catalog.sources("en").drop_duplicates(["source", "address"])
    last = shares.iloc[-1]
    assert (last["topic"], last["sources"]) == ("all", len(every))
    counted = shares[shares["sources"] > 0]
    total = counted[["whole_pct", "excerpt_pct", "second_hand_pct"]].sum(axis="columns")
    assert total.to_numpy() == pytest.approx(100.0)
    tables = ml.catalog.quality("table")
    assert tables["table"].tolist() == [*CATALOG.names, "all"]
    assert tables.iloc[-1, 1:].tolist() == pytest.approx(last.iloc[1:].tolist())
    assert tables.set_index("table").loc["machine_assumptions", "unsourced_rows"] == len(
        ml.load("machine_assumptions")
    )


def test_a_source_seen_better_in_one_row_counts_as_seen_so(monkeypatch):
    catalog = ml.catalog.default()
    events = catalog.read("events")
    row = events.assign(source="One paper", address="https://example.org", source_seen="excerpt")
    row.loc[3, "source_seen"] = "whole"
    read = catalog.read
    monkeypatch.setattr(catalog, "read", lambda name: row if name == "events" else read(name))
    told = ml.catalog.sources().query("table == 'events'")
    assert told[["source_seen", "rows"]].values.tolist() == [["whole", len(events)]]


def test_quality_asks_for_one_of_two():
    with pytest.raises(BadParameter, match="topic, table"):
        ml.catalog.quality("year")


def test_how_a_source_was_seen_has_one_vocabulary():
    assert SEEN == ("whole", "excerpt", "second_hand")
    # a statement of the ledger for which no source was found says so
    assert {*SEEN, "none"} == set(ml.catalog.columns.word("source_seen").values)
    for d in CATALOG.descriptors():
        frame = CATALOG.read(d.name)
        if "source_seen" in frame:
            assert set(frame["source_seen"].dropna()) <= set(SEEN), d.name


# ---- addresses --------------------------------------------------------------------------

# An address goes to whoever published it. What is refused, by kind; a host counts with the
# names under it.
PATTERNS = {
    "a staging server": r"//([\w-]+\.)*(uat|dev|staging|stage|test|beta|preview)\.|uat\.|"
    r"\.(azurewebsites\.net|pages\.dev|herokuapp\.com|vercel\.app|netlify\.app|web\.app)(/|$)",
    "a page of search results": r"/search\b|[?&](q|wd|query|keyword|keywords)=",
    "a number or a port in place of a name": r"//(\d+\.){3}\d+|//[^/]+:\d+",
    "a copy in a cache or an archive": r"//(web\.archive\.org|archive\.(is|ph|today)|"
    r"webcache\.googleusercontent\.com)/",
    "an address not for the open web": r"^(?!https?://)",
}
HOSTS = {
    "hijacked: the name belongs to somebody else's trade": """
        codelist.biz dgkbrhb.com dfjinshu.com en.noithatvietphat.vn ja.smartjx.com nxtlgy.com
        perth.findonet.com roedsa.com rwlh.net.cn
    """,
    "reposts what others publish": """
        0xcj.com 596885.xyz baodianzixun.com bbapi.viigoo.eu.org bilikayo.com binance.bh blok.news
        byqsc.net cointopsecret.com crypto24hnews.com cryptonewz.pages.dev dinocrypto.com
        fb.box fx168cj.com fx361.com gushi28.com jqgpp.com jysgc.com mtwwr.com newsbreak.com
        newsmedialist.com rarehippo.news techvibe98.blogspot.com thenextbitcoin.net tmtdoc.com
        todaychina.cc top-crypto-news.org upnewsinfo.com vbnvbn.com xuehua.us yzcbk.com
    """,
    "copies documents of others": "docoh.com docslib.org ketabkoo.com s146.com",
}


def refused(address):
    """Why an address may not stand in a table; empty where it may."""
    for kind, pattern in PATTERNS.items():
        if re.search(pattern, address):
            return kind
    host = urlsplit(address).hostname or ""
    for kind, hosts in HOSTS.items():
        if any(host == each or host.endswith(f".{each}") for each in hosts.split()):
            return kind
    return ""


def addresses():
    """Every address that a reader may be sent to: of rows, and of descriptors."""
    for d in CATALOG.descriptors():
        for source in d.sources:
            yield f"{d.toml_file}, sources", source["address"]
        table = CATALOG.read(d.name)
        for column in table.columns[table.dtypes == "str"]:
            for row, said in table[column].dropna().items():
                for address in re.findall(r"[a-z]+://[^\s;]+", said):
                    yield f"{d.csv_file}, line {row + 2}, {column}", address
                if column == "address" and "://" not in said:
                    yield f"{d.csv_file}, line {row + 2}, {column}", said


def test_no_address_is_of_a_kind_that_is_refused():
    found = [f"{p}: {a} ({refused(a)})" for p, a in addresses() if a and refused(a)]
    assert found == [], "name the publisher, and leave the address empty where it has none"


@pytest.mark.parametrize(
    ("address", "kind"),
    [
        ("https://uat.coindesk.com/layoffs", "staging"),
        ("https://blockchainnewsuat.azurewebsites.net/x", "staging"),
        ("https://example.org/search?keyword=x&pageNo=2", "search"),
        ("https://www.example.org/s?wd=x", "search"),
        ("https://www.byqsc.net:443/x", "port"),
        ("https://m.jysgc.com/news/1.html", "reposts"),
        ("https://archive.is/abc", "archive"),
        ("ftp://example.org/x", "open web"),
        ("www.example.org", "open web"),
        ("https://www.ndrc.gov.cn/xxgk/zcfb/tz/202109/t20210924_1297474.html", None),
        ("https://www.coindesk.com/policy/2021/11/12/research", None),
        ("https://www.contest.org/latest/devices", None),
    ],
)
def test_kinds_of_addresses(address, kind):
    assert (kind in refused(address)) if kind else refused(address) == ""


# ---- what nobody saw --------------------------------------------------------------------

MEMORY = re.compile(
    r"from memory|general knowledge|recalled|check (?:the )?filing|凭记忆|常识", re.IGNORECASE
)


def test_nothing_in_a_table_is_from_memory():
    for d in CATALOG.descriptors():
        frame = CATALOG.read(d.name)
        for column in frame.columns[frame.dtypes == "str"]:
            told = frame[column][frame[column].str.contains(MEMORY, na=False)]
            assert told.empty, (d.csv_file, column, told.iloc[0])


def test_only_names_are_compiled_from_general_knowledge():
    """Nothing is computed from them: they say what a key is called."""
    names = {"bodies", "companies", "documents", "machine_names", "places", "terms"}
    for d in CATALOG.descriptors():
        told = [d.meaning, *(s["title"] + s.get("note", "") for s in d.sources)]
        told += [c.meaning for c in d.columns]
        if any(MEMORY.search(each) for each in told):
            assert d.name in names, d.name


def test_a_table_whose_sources_do_not_say_how_they_were_seen_is_refused(data_copy):
    path = data_copy / "network" / "halvings.toml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace('source_seen = "excerpt"\n', ""), encoding="utf-8")
    with pytest.raises(DamagedData, match="how it was seen"):
        ml.catalog.Catalog(data_copy).descriptor("halvings")
    path.write_text(text.replace('"excerpt"', '"memory"'), encoding="utf-8")
    with pytest.raises(DamagedData, match="is not one of: whole, excerpt, second_hand"):
        ml.catalog.Catalog(data_copy).descriptor("halvings")
