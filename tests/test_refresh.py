# SPDX-License-Identifier: MIT
"""Newer files of a reader's own: taken whole or not at all, beside the packaged tables."""

import hashlib
import io
import json
import re
import shutil
import struct
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import minelib as ml
from minelib.catalog import own
from minelib.catalog.store import Catalog, packaged
from minelib.chain.headers import EPOCH_BLOCKS, parse_header, retargeted, target
from minelib.cli import run
from minelib.errors import BadInput, BadParameters, OutOfCoverage, UnknownName
from minelib.refresh import files_in, formats, prepare

ROOT = Path(__file__).resolve().parents[1]
EASE = 7  # a made header proves 1/2^250 of the work that its target asks for


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    """The reader's data folder; whatever a test follows is left behind at its end."""
    place = tmp_path / "own data"
    monkeypatch.setenv("MINELIB_DATA", str(place))
    yield place
    ml.catalog.follow("packaged")


# ---- days ---------------------------------------------------------------------------------------


def days(overlap=40, new=20, first="2026-06-02", counts=True):
    """A file of days as Coin Metrics has them; the new ones are made, at the chain's difficulty."""
    known = ml.load("network_daily", version="packaged").tail(overlap)
    epochs = ml.load("difficulty_epochs", version="packaged")["difficulty"].to_numpy()
    rng, rows, height = np.random.default_rng(3), [], int(known["height"].iloc[-1])
    for row in known.itertuples():
        rows.append(
            [row.date, row.price_usd, row.block_count, row.hashrate_eh_s * 1e6, row.fees_btc]
            + [row.issuance_btc, row.transactions, row.active_addresses]
        )
    for n in range(new):
        count = int(rng.integers(120, 170))
        heights = np.arange(height + 1, height + count + 1)
        work = epochs[np.minimum(heights // EPOCH_BLOCKS, len(epochs) - 1)].sum()
        height += count
        day = pd.Timestamp(first) + pd.Timedelta(days=n)
        rate = work * 2**32 / 86_400 / 1e12
        rows.append([day, 70_000.0 + n, count, rate, 2.5, count * 3.125, 500_000 + n, 600_000])
    heads = "time PriceUSD BlkCnt HashRate FeeTotNtv IssTotNtv TxCnt AdrActCnt"
    frame = pd.DataFrame(rows, columns=heads.split())
    frame["CapMrktCurUSD"] = 1e12  # one that is not read
    frame["IssTotUSD"] = frame["IssTotNtv"] * frame["PriceUSD"]
    frame["time"] = frame["time"].dt.strftime("%Y-%m-%d")
    return frame if counts else frame.drop(columns=["BlkCnt", "IssTotNtv"])


def csv_of(frame, path):
    frame.to_csv(path, index=False, lineterminator="\n")
    return path


def refreshed(*files):
    return run(["refresh", *(part for file in files for part in ("--from", str(file)))])


def held(folder):
    """All that lies in a folder, to the byte."""
    return {p: p.is_file() and p.read_bytes() for p in folder.rglob("*")}


def refused(path, folder, capsys):
    """What is said of a file that is refused: one sentence, and nothing is written."""
    before, packaged_before = held(folder), held(packaged().root)
    assert refreshed(path) == 2
    out, err = capsys.readouterr()
    assert len(err.splitlines()) == 1 and path.name in err and not out
    assert (held(folder), held(packaged().root)) == (before, packaged_before)
    return err


@pytest.mark.parametrize("counts", [True, False])
def test_newer_days_stand_beside_the_packaged_ones(tmp_path, folder, capsys, counts):
    before = {p: p.read_bytes() for p in packaged().root.glob("*/network_daily*")}
    frame = days(counts=counts)
    assert refreshed(csv_of(frame, tmp_path / "btc.csv")) == 0
    said = capsys.readouterr().out
    told = "network_daily: 0 values changed, 20 rows came (2026-06-02 – 2026-06-21)\n"
    assert said.startswith(told) and "mine-1" in said
    mine, ours = ml.load("network_daily", version="mine"), ml.load("network_daily")
    assert len(mine) == len(ours) + 20
    pd.testing.assert_frame_equal(mine.head(len(ours)), ours, check_flags=False)
    new = mine.tail(20).reset_index(drop=True)
    made = days().tail(20).reset_index(drop=True)  # with the counts that the file may not have
    assert new["block_count"].tolist() == made["BlkCnt"].tolist()
    assert new["block_count_derived"].eq(not counts).all()
    revenue = (made["IssTotNtv"] + made["FeeTotNtv"]) * made["PriceUSD"]
    assert np.allclose(new["revenue_usd"], revenue, atol=0.006)
    assert np.allclose(new["hashprice_usd_ph_day"], revenue / made["HashRate"] * 1e3, atol=6e-5)
    assert {p: p.read_bytes() for p in packaged().root.glob("*/network_daily*")} == before
    assert Catalog(over=folder / "mine-1").check() == []


def damaged_days():
    """Each way to damage a file of days: what is done to its text or frame, what is said."""

    def cell(row, column, value):
        return lambda f: (
            f.astype(object)
            .set_axis(f.columns, axis=1)
            .mask((f.index == row)[:, None] & (f.columns == column)[None, :], value)
        )

    return {
        "a value of a day that differs": (cell(30, "PriceUSD", 70_001.5), "line 32: price_usd of"),
        "another hash rate": (cell(10, "HashRate", 9.9e8), "line 12: hashrate_eh_s of"),
        "a day that is missing": (lambda f: f.drop(index=50), "line 52: days are missing before"),
        "a day given twice": (
            lambda f: pd.concat([f, f.iloc[[45]].assign(TxCnt=7)]),
            "line 62: 2026-06-07 is given twice and differs",
        ),
        "a word for a number": (cell(44, "TxCnt", "many"), "line 46: transactions is 'many'"),
        "a negative fee": (cell(44, "FeeTotNtv", -1.0), "line 46: fees_btc is '-1.0'"),
        "an empty cell": (cell(44, "PriceUSD", None), "line 46: a value of 2026-06-06 is missing"),
        "a day of no calendar": (cell(44, "time", "2026-06-31"), "line 46: date is '2026-06-31'"),
        "a hash rate that is no work of the chain": (
            cell(44, "HashRate", 1.01e9),
            "line 46: blocks and hash rate of 2026-06-06 do not give the difficulty",
        ),
        "blocks that are not the coins'": (cell(44, "BlkCnt", 12), "line 46"),
        "a hole before the first": (lambda f: f.iloc[41:], "line 2: begins with 2026-06-03"),
        "nothing new": (lambda f: f.head(40), "line 41: ends with 2026-06-01"),
        "another column's name": (
            lambda f: f.rename(columns={"HashRate": "hash_rate"}),
            "line 1: is none of the formats",
        ),
    }


@pytest.mark.parametrize("how", damaged_days())
def test_a_damaged_file_of_days_is_refused_with_its_row(tmp_path, folder, capsys, how):
    damage, said = damaged_days()[how]
    assert f"btc.csv, {said}" in refused(
        csv_of(damage(days()), tmp_path / "btc.csv"), folder, capsys
    )
    assert not folder.exists(), "not even the folder"


@pytest.mark.parametrize("cut", [1, 4, 60])
def test_half_a_file_of_days_is_refused(tmp_path, folder, capsys, cut):
    path = csv_of(days(), tmp_path / "btc.csv")
    path.write_bytes(path.read_bytes()[:-cut])
    assert "btc.csv, line 61: has" in refused(path, folder, capsys) and not folder.exists()


def test_unfinished_last_days_are_left_out_and_told(tmp_path, capsys):
    frame = days()
    frame.loc[58:, ["HashRate", "FeeTotNtv"]] = None
    assert refreshed(csv_of(frame, tmp_path / "btc.csv")) == 0
    assert "The last 2 days of the file are unfinished" in capsys.readouterr().out
    assert len(ml.load("network_daily", version="mine")) == len(ml.load("network_daily")) + 18


# ---- headers ------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def shorter(tmp_path_factory, chain):
    """The packaged tables to epoch 469, which begins on a made header, so that others may go on."""
    place = tmp_path_factory.mktemp("shorter")
    (place / "network").mkdir()
    d = packaged().descriptor("difficulty_epochs")
    kept = d.csv_path.read_text().splitlines(keepends=True)[:471]
    cells = kept[-1].split(",")
    cells[7] = cells[-2] = ""  # duration and its basis: the next epoch is not known
    cells[9] = next(h["hash"] for h in chain if h["height"] == 945_503)
    content = "".join([*kept[:-1], ",".join(cells)]).encode()
    (place / "network" / "difficulty_epochs.csv").write_bytes(content)
    text = d.path.read_text().replace(d.sha256, hashlib.sha256(content).hexdigest())
    (place / "network" / "difficulty_epochs.toml").write_text(text)
    return Catalog(over=place, label="shorter")


@pytest.fixture
def easy(monkeypatch):
    monkeypatch.setattr(formats, "_meets", lambda h, bits: int(h, 16) >> 256 - EASE == 0)


@pytest.fixture(scope="module")
def chain():
    """Headers from 945,480 (in the table) to 949,600, as a node tells them, as far as made."""
    blocks = ml.load("blocks", version="packaged").set_index("height")["time_s"]
    bits = dict(ml.load("difficulty_epochs", version="packaged").set_index("epoch")["bits_hex"])
    bits = {e: int(b, 16) for e, b in bits.items()}
    times, found, previous = blocks.to_dict(), [], "00" * 32
    for height in range(945_480, 949_601):
        epoch, place = divmod(height, EPOCH_BLOCKS)
        time = times.setdefault(height, times.get(height - 1, 0) + 620)
        if place == 0 and epoch > 469:
            span = times[height - 1] - times[height - EPOCH_BLOCKS]
            bits[epoch] = retargeted(bits[epoch - 1], span)
        root = hashlib.sha256(str(height).encode()).hexdigest()
        nonce, start = 0, struct.pack("<I", 0x20000000) + bytes.fromhex(previous)[::-1]
        start += bytes.fromhex(root)[::-1] + struct.pack("<II", time, bits[epoch])
        while True:
            raw = hashlib.sha256(start + struct.pack("<I", nonce)).digest()
            done = hashlib.sha256(raw).digest()[::-1].hex()
            if int(done, 16) >> 256 - EASE == 0:
                break
            nonce += 1
        header = {"hash": done, "confirmations": 1, "height": height, "version": 0x20000000}
        header |= {"merkleroot": root, "time": time, "nonce": nonce, "bits": f"{bits[epoch]:08x}"}
        found.append(header | {"previousblockhash": previous})
        previous = done
    return found


def lines(objects, path):
    path.write_text("".join(json.dumps(o) + "\n" for o in objects))
    return path


def made(files, base):
    return prepare([path for file in files for path in files_in(file)], base)


def frame_of(prepared, name):
    (file,) = (f for f in prepared[0] if f.split("/")[-1].startswith(f"{name}.csv"))
    compression = "gzip" if file.endswith("gz") else None
    return pd.read_csv(io.BytesIO(prepared[0][file]), compression=compression)


def blocks_between(blocks, last, first):
    times = blocks.set_index("height")["time_s"]
    return times[last] - times[first]


def test_headers_go_on_with_blocks_and_epochs(tmp_path, chain, easy, shorter):
    got = made([lines(chain, tmp_path / "headers.jsonl")], shorter)
    blocks, epochs = frame_of(got, "blocks"), frame_of(got, "difficulty_epochs")
    assert blocks["height"].diff().dropna().eq(1).all() and blocks["height"].iloc[-1] == 949_600
    assert blocks["pool_2026"].tail(3364).isna().all(), "nobody has looked at their pool"
    assert epochs["epoch"].tolist() == list(range(472))
    last = epochs.iloc[-1]
    assert last["block_hash"] == next(h["hash"] for h in chain if h["height"] == 949_536)
    assert parse_header(last["header_hex"]).time == pd.Timestamp(last["start_time"]).timestamp()
    grown = int(last["chainwork_hex"], 16) - int(epochs["chainwork_hex"].iloc[-2], 16)
    old, new = (2**256 // (target(b) + 1) for b in epochs["bits_hex"].tail(2))
    assert grown == (EPOCH_BLOCKS - 1) * old + new
    assert epochs["header_hex"][469] == epochs["header_hex"][469] and len(
        old_rows := epochs[437:469]
    )
    assert old_rows["header_hex"].isna().all(), "nobody has seen these"
    assert epochs["duration_s"][469] == blocks_between(blocks, 947_520, 945_504)


def test_a_real_header_stands_and_one_bit_of_it_does_not():
    row = ml.load("difficulty_epochs").iloc[436]
    h = parse_header(row["header_hex"])
    o = {"hash": row["block_hash"], "height": 878_976, "version": h.version, "nonce": h.nonce}
    o |= {"merkleroot": h.merkle_root, "time": h.time, "bits": f"{h.bits:08x}"}
    o |= {"previousblockhash": h.previous_hash}
    assert formats._block(o, formats._At("x", 1)).header.hex() == row["header_hex"]
    with pytest.raises(BadInput, match="do not give its hash"):
        formats._block({**o, "nonce": h.nonce ^ 1}, formats._At("x", 1))
    false = hashlib.sha256(hashlib.sha256(b"").digest()).hexdigest()
    assert not formats._meets(false, h.bits) and formats._meets(row["block_hash"], h.bits)


def test_a_header_that_does_not_meet_its_target_is_refused(tmp_path, chain, shorter):
    with pytest.raises(BadInput, match="h.jsonl, line 1: the hash of block 945480 does not meet"):
        made([lines(chain, tmp_path / "h.jsonl")], shorter)


def remined(header, **changes):
    """The same header with other fields, its hash made anew so that only they are wrong."""
    h = {**header, **changes}
    while True:
        raw = struct.pack("<I", h["version"]) + bytes.fromhex(h["previousblockhash"])[::-1]
        raw += bytes.fromhex(h["merkleroot"])[::-1]
        raw += struct.pack("<III", h["time"], int(h["bits"], 16), h["nonce"])
        h["hash"] = hashlib.sha256(hashlib.sha256(raw).digest()).digest()[::-1].hex()
        if int(h["hash"], 16) >> 256 - EASE == 0:
            return h
        h["nonce"] += 1


def changed(at, **changes):
    return lambda c: [*c[:at], remined(c[at], **changes), *c[at + 1 :]]


HEADERS = {
    "a height is missing": (lambda c: c[:900] + c[901:], "line 901: heights are missing before"),
    "a hole before the first": (lambda c: c[800:], "line 1: begins with height 946280"),
    "a hash of other fields": (
        lambda c: [*c[:9], {**c[9], "time": c[9]["time"] + 1}, *c[10:]],
        "line 10: the fields of block 945489 do not give its hash",
    ),
    "no link": (changed(900, previousblockhash="11" * 32), "line 901: block 946380 does not"),
    "another time than here": (
        lambda c: changed(20, time=c[20]["time"] + 60)(c),
        "block 945500 has the time",
    ),
    "another target": (
        changed(900, bits="17021368"),
        "line 901: block 946380 has another target than its epoch",
    ),
    "a target against the rule": (
        changed(2040, bits="17021ff0"),
        "line 2041: the times before block 947520 do not give its target",
    ),
    "a field that is missing": (
        lambda c: [{k: v for k, v in c[0].items() if k != "nonce"}, *c[1:]],
        "line 1: lacks the field 'nonce'",
    ),
    "text for a number": (
        lambda c: [{**c[0], "height": "tall"}, *c[1:]],
        "line 1: height is not a whole number",
    ),
    "a hash cut short": (
        lambda c: [{**c[0], "hash": c[0]["hash"][:60]}, *c[1:]],
        "line 1: a hash is not 64 hexadecimal digits",
    ),
    "given twice and different": (
        lambda c: [*c, remined(c[3000], time=c[3000]["time"] + 5)],
        "given twice and differs",
    ),
    "older than ours": (lambda c: c[100:700], "h.jsonl ends with height 946179: nothing to add"),
}


@pytest.fixture
def after_shorter(folder, shorter):
    """The reader's own data: a version that made headers may go on from."""
    shutil.copytree(shorter.over, folder / "mine-1")
    beside = {"difficulty_epochs": packaged().descriptor("difficulty_epochs").sha256}
    (folder / "mine-1" / own.RECORD).write_text(json.dumps({"beside": beside}))
    return folder


@pytest.mark.parametrize("how", HEADERS)
def test_damaged_headers_are_refused_with_their_row(
    tmp_path, chain, easy, after_shorter, capsys, how
):
    damage, said = HEADERS[how]
    path = lines(damage(chain), tmp_path / "h.jsonl")
    assert re.search(said, refused(path, after_shorter, capsys))


@pytest.mark.parametrize("cut", [3, 200])
def test_half_a_file_of_headers_is_refused(tmp_path, chain, easy, after_shorter, capsys, cut):
    path = lines(chain, tmp_path / "h.jsonl")
    path.write_bytes(path.read_bytes()[:-cut])
    said = refused(path, after_shorter, capsys)
    assert "h.jsonl, line 4121: is cut off, or is not JSON" in said


def test_whole_headers_are_kept_beside_the_version_they_go_on_from(
    tmp_path, chain, easy, after_shorter
):
    before = held(after_shorter)
    assert refreshed(lines(chain, tmp_path / "h.jsonl")) == 0
    assert {p: held(after_shorter)[p] for p in before} == before
    assert ml.load("blocks", version="mine-2")["height"].iloc[-1] == 949_600


def test_the_known_chain_is_an_anchor(tmp_path, chain, easy):
    """Beside the whole packaged table, whose epoch 470 begins on another block."""
    with pytest.raises(BadInput, match="block 945503 is not the one of the table of epochs"):
        made([lines(chain, tmp_path / "h.jsonl")], packaged())


# ---- blocks with pools --------------------------------------------------------------------------


def explorer(header, slug):
    """A block as mempool tells it."""
    names = {"hash": "id", "time": "timestamp", "merkleroot": "merkle_root"}
    told = {names.get(k, k): v for k, v in header.items() if k != "confirmations"}
    told["bits"] = int(header["bits"], 16)
    return told | {"extras": {"pool": {"id": 1, "name": slug.title(), "slug": slug}}}


def test_blocks_of_an_explorer_in_pages_bring_pools_and_whole_months(
    tmp_path, chain, easy, shorter
):
    told = [explorer(h, ["foundryusa", "antpool", "newpool"][h["height"] % 3]) for h in chain[757:]]
    pages = tmp_path / "pages"
    pages.mkdir()
    for n in range(0, len(told), 15):  # newest first, as the pages come
        (pages / f"{n:05}.json").write_text(json.dumps(told[n : n + 15][::-1]))
    (pages / "notes.txt").write_text("not one of them")
    got = made([pages], shorter)
    new = frame_of(got, "blocks").tail(len(told))
    assert set(new["pool_2026"]) == {"foundryusa", "antpool", "unknown"}
    assert "kept as unknown: newpool" in " ".join(got[1])
    shares, month = frame_of(got, "pool_share"), "2026-04-01"
    april = shares[shares["month"] == month]
    blocks = frame_of(got, "blocks")
    when = pd.to_datetime(blocks["time_s"], unit="s")
    assert april["blocks"].sum() == ((when >= month) & (when < "2026-05-01")).sum()
    assert shares["month"].max() == month, "May is not whole"


def test_a_later_file_labels_the_blocks_that_a_node_left_bare(tmp_path, chain, easy, shorter):
    first = made([lines(chain, tmp_path / "h.jsonl")], shorter)
    place = tmp_path / "first"
    for name, content in first[0].items():
        (place / name).parent.mkdir(parents=True, exist_ok=True)
        (place / name).write_bytes(content)
    base = Catalog(over=place, label="mine-1")
    of_one_pool = [explorer(h, "viabtc") for h in chain[1000:2000:7]]  # gaps by nature
    got = made([lines(of_one_pool, tmp_path / "viabtc.json")], base)
    labels = frame_of(got, "blocks").set_index("height")["pool_2026"]
    assert (labels[[h["height"] for h in chain[1000:2000:7]]] == "viabtc").all()
    other = [explorer(h, "f2pool") for h in chain[10:12]]
    with pytest.raises(BadInput, match="block 945490 is of f2pool, and of"):
        made([lines(other, tmp_path / "f2pool.json")], base)


def pool_csv(count=60, first=946_237, step=1):
    time = int(ml.load("blocks", version="packaged")["time_s"].iloc[-1])
    rows = [[first + n * step, time + 600 * (n + 1), "antpool"] for n in range(count)]
    return pd.DataFrame(rows, columns=["height", "timestamp", "pool"])


def test_blocks_as_csv_are_taken(tmp_path, capsys):
    assert refreshed(csv_of(pool_csv(), tmp_path / "blocks.csv")) == 0
    mine = ml.load("blocks", version="mine")
    assert mine["height"].iloc[-1] == 946_296 and mine["pool_2026"].iloc[-1] == "antpool"
    assert "blocks: 0 values changed, 60 rows came (946237 – 946296)" in capsys.readouterr().out


def known(count):
    last = ml.load("blocks", version="packaged").tail(count)
    columns = {"time_s": "timestamp", "pool_2026": "pool"}
    return last.rename(columns=columns)[["height", "timestamp", "pool"]]


BLOCKS = {
    "a gap": (lambda f: f.drop(index=30), "line 32: heights are missing before 946268"),
    "a hole before the first": (lambda f: f.iloc[1:], "line 2: begins with height 946238"),
    "no pool's column": (lambda f: f.drop(columns="pool"), "line 1: is none of the formats"),
    "a word for a height": (lambda f: f.astype(object).replace(946_240, "x"), "line 5: height is"),
    "a negative time": (lambda f: f.assign(timestamp=-5), "line 2: timestamp is not"),
    "a time before Bitcoin": (lambda f: f.assign(timestamp=5), "time_s"),
    "older": (lambda f: f.assign(height=f["height"] - 300), "has the time"),
    "twice": (lambda f: pd.concat([f, f.tail(1).assign(timestamp=9)]), "line 62: block 946296"),
    "times against the rule": (
        lambda f: pool_csv(1300),
        "line 1285: the times before block 947520",
    ),
    "a cell too many": (
        lambda f: f.assign(pool=f["pool"].mask(f.index == 7, "antpool,f2pool")),
        "line 9: has 4 cells, not 3",
    ),
    "another pool than here": (
        lambda f: pd.concat([known(3).assign(pool="f2pool"), f]),
        "line 2: block 946234 is of f2pool, and of",
    ),
}


@pytest.mark.parametrize("how", BLOCKS)
def test_damaged_blocks_are_refused(tmp_path, folder, capsys, how):
    damage, said = BLOCKS[how]
    path = csv_of(damage(pool_csv()), tmp_path / "blocks.csv")
    path.write_text(path.read_text().replace('"', ""))  # a comma in a cell cuts it in two
    assert said in refused(path, folder, capsys) and not folder.exists()


@pytest.mark.parametrize("cut", [1, 9, 400])
def test_half_a_file_of_blocks_is_refused(tmp_path, folder, capsys, cut):
    path = csv_of(pool_csv(), tmp_path / "blocks.csv")
    path.write_bytes(path.read_bytes()[:-cut])
    assert "blocks.csv, line" in refused(path, folder, capsys) and not folder.exists()


def test_a_name_of_a_pool_that_no_table_knows_is_told(tmp_path, capsys):
    odd = pool_csv().assign(pool='a"b\nc')
    assert refreshed(csv_of(odd, tmp_path / "blocks.csv")) == 0
    assert "kept as unknown: a" in capsys.readouterr().out
    assert ml.load("blocks", version="mine")["pool_2026"].tail(60).eq("unknown").all()


def test_blocks_without_headers_end_with_the_known_epochs(tmp_path, shorter):
    path = csv_of(pool_csv(1300), tmp_path / "blocks.csv")
    with pytest.raises(BadInput, match="block 947520 lies beyond the known epochs: headers are"):
        made([path], shorter)
    got = made([csv_of(pool_csv(1283), path)], shorter)
    assert list(frame_of(got, "blocks")["height"].tail(1)) == [947_519]


# ---- what is done with a version ----------------------------------------------------------------


def test_versions_go_on_and_none_is_overwritten(tmp_path, folder, capsys):
    assert refreshed(csv_of(days(), tmp_path / "btc.csv")) == 0
    one = {p: p.read_bytes() for p in (folder / "mine-1").rglob("*") if p.is_file()}
    assert refreshed(csv_of(pool_csv(), tmp_path / "blocks.csv")) == 0
    assert {p: p.read_bytes() for p in one} == one
    assert own.versions() == ["packaged", "mine", "mine-1", "mine-2"]
    assert len(ml.load("network_daily", version="mine-2")) == len(
        ml.load("network_daily", version="mine-1")
    ), "what an earlier file brought is carried on"
    assert refreshed(tmp_path / "btc.csv") == 2, "the same file again: nothing new"
    assert "nothing to add" in capsys.readouterr().err and own.newest() == 2
    assert not list(folder.glob(".unfinished*"))


def test_a_study_lets_every_table_and_what_rests_on_it_follow(tmp_path, capsys):
    assert refreshed(csv_of(days(), tmp_path / "btc.csv")) == 0
    before = ml.chain.hash_rate(freq="D")
    hash_price = ml.economics.hash_price()
    notebook = {"__name__": "__main__", **ml.studies.model("explore")().values()}
    study = ml.study("08-explore", {**notebook, "data": "mine"})
    assert study.data == "mine" and len(ml.load("network_daily")) == 6379
    after = ml.chain.hash_rate(freq="D")
    assert len(after) == len(before) + 20, "what was kept in caches is forgotten"
    assert len(ml.economics.hash_price()) == len(hash_price) + 20
    used = study.finish().as_dict()["data"]["network_daily"]
    assert (
        used["data"] == "mine-1" and used["sha256"] != packaged().descriptor("network_daily").sha256
    )
    ml.study("08-explore", notebook)
    assert len(ml.chain.hash_rate(freq="D")) == len(before)


def test_a_version_that_is_not_there_is_refused_in_a_sentence(tmp_path, folder):
    notebook = {"__name__": "__main__", **ml.studies.model("explore")().values()}
    with pytest.raises(BadParameters, match="minelib refresh --from FILE"):
        ml.study("08-explore", {**notebook, "data": "mine"})
    with pytest.raises(BadInput, match=str(folder)):
        ml.load("halvings", version="mine")
    assert refreshed(csv_of(days(), tmp_path / "btc.csv")) == 0
    with pytest.raises(UnknownName, match="Did you mean 'mine-1'"):
        ml.load("halvings", version="mine-7")


def test_a_version_beside_an_earlier_packaged_table_says_so(tmp_path, folder, capsys):
    assert refreshed(csv_of(days(), tmp_path / "btc.csv")) == 0
    record = folder / "mine-1" / own.RECORD
    told = json.loads(record.read_text())
    record.write_text(json.dumps({**told, "beside": {"network_daily": "0" * 64}}))
    with pytest.raises(BadInput, match="mine-1 was made beside an earlier packaged table"):
        ml.load("network_daily", version="mine")
    assert refreshed(tmp_path / "btc.csv") == 0, "it goes on from the packaged tables"
    assert len(ml.load("network_daily", version="mine-2")) == 6379


def test_a_folder_that_cannot_be_written_is_said_and_nothing_is_left(tmp_path, monkeypatch, capsys):
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setenv("MINELIB_DATA", str(tmp_path / "file"))
    assert refreshed(csv_of(days(), tmp_path / "btc.csv")) == 2
    assert "Cannot write to" in capsys.readouterr().err


def test_the_difference_of_two_versions_is_shown(tmp_path, folder, data_copy, capsys):
    assert refreshed(csv_of(days(), tmp_path / "btc.csv")) == 0
    capsys.readouterr()
    assert run(["data", "--diff", "packaged", "mine"]) == 0
    said = capsys.readouterr().out
    assert said == "network_daily: 0 values changed, 20 rows came (2026-06-02 – 2026-06-21)\n"
    path = data_copy / "pools" / "pool_share.csv"
    text = path.read_text()
    toml = path.with_suffix(".toml")
    stamp = hashlib.sha256(text.encode()).hexdigest()
    other = text.replace("2016-03-01,antpool,1182,", "2016-03-01,antpool,1183,", 1)
    path.write_text(other)
    toml.write_text(toml.read_text().replace(stamp, hashlib.sha256(other.encode()).hexdigest()))
    assert run(["data", "pool_share", "--diff", "packaged", str(data_copy)]) == 0
    said = capsys.readouterr().out
    assert "1 values changed" in said and "1182" in said and "1183" in said and "blocks" in said
    shutil.rmtree(folder)
    assert run(["data", "--diff", "packaged", "mine"]) == 2


def test_a_notebook_may_ask_for_the_newer_days_and_no_later_one(tmp_path, capsys):
    assert refreshed(csv_of(days(), tmp_path / "btc.csv")) == 0
    explore = ml.studies.model("explore")
    asked = {"end": "2026-06-20", "place": "world"}
    assert "end = '2026-06-20'" in str(explore.checked(asked)[1][0])
    good, problems = explore.checked({**asked, "data": "mine"})
    assert problems == []
    notebook = {"__name__": "__main__", **explore().values(), **good}
    assert ml.study("08-explore", notebook).end == "2026-06-20"
    assert str(ml.chain.hash_rate("D", "2026-06-20", "2026-06-21").index[-1])[:10] == "2026-06-21"
    with pytest.raises(OutOfCoverage, match="2026-06-21. Newer files of your own extend it"):
        ml.chain.hash_rate("D", "2026-06-20", "2026-06-22")


# ---- the page -----------------------------------------------------------------------------------


def test_the_page_s_examples_are_read_and_both_languages_show_the_same():
    pages = [(ROOT / "docs" / name).read_text() for name in ("refresh.md", "refresh.zh.md")]
    found = [re.findall(r"```(\w*)\n(.*?)```", page, re.DOTALL) for page in pages]
    blocks = [[text for kind, text in each if not kind] for each in found]
    assert blocks[0] == blocks[1] and len(blocks[0]) == 4
    day, header, page, labels = blocks[0]
    days, found = [], []
    formats._rows(day, "btc.csv", days, found)
    formats._rows(labels, "blocks.csv", days, found)
    assert days[0]["day"].tolist() == ["2026-06-02"] and found[0].pool == "antpool"
    for o in (json.loads(header), json.loads(page)[0]):
        with pytest.raises(BadInput, match="a hash is not 64 hexadecimal digits"):  # they are cut
            formats._block(o, formats._At("x", 1))
