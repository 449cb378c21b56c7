# SPDX-License-Identifier: MIT
"""The short fault table; ``python -m tests.faults`` has all rows, at ten moments each."""

import re
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from faults import cluster, files, machine, page, processes
from faults.scene import Ours
from faults.table import FAULTS, Fault, Outcome, play

ROOMS = (processes, files, machine, cluster)  # they put their rows into the table
SHORT = (
    "kernel-killed",
    "worker-killed",
    "command-killed",
    "power-loss",
    "ctrl-c",
    "kernel-exits",
    "two-at-once",
    "disk-full",
    "rights-taken",
    "read-only",
    "bit-flipped",
    "file-cut",
    "file-gone",
    "notebook-is-cut-in-half",
    "notebook-is-a-nest-of-100000-brackets",
    "clock-back",
)
ROWS = {row.name: row for row in FAULTS}


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory):
    """How long the command takes, and what it leaves."""
    Ours.prepare(tmp_path_factory.mktemp("undisturbed"), 3)


@pytest.fixture(scope="module")
def outcomes(undisturbed):
    """Each row of the short table, played once; two at a time."""
    with ThreadPoolExecutor(2) as pool:
        found = pool.map(lambda name: play(ROWS[name], count=3), SHORT)
        return dict(zip(SHORT, found, strict=True))


@pytest.mark.timeout(1200)
@pytest.mark.parametrize("name", SHORT)
def test_a_fault_is_survived(name, outcomes):
    outcome = outcomes[name]
    if outcome.absent:
        pytest.skip(outcome.absent)
    assert outcome.survived, f"{outcome.words()}; said: {outcome.said}; left: {outcome.left}"


ROOT = Path(__file__).resolve().parents[1]
COUNTED = {"README.md": "{} faults", "README.zh.md": "{} 种故障"}
COUNTED |= {"docs/rerunning.md": "{} faults", "docs/rerunning.zh.md": "{} 种故障"}


def test_the_table_has_enough_rows_and_the_readmes_count_them():
    assert len(FAULTS) == len(ROWS) >= 30
    for name, words in COUNTED.items():
        assert words.format(len(FAULTS)) in (ROOT / name).read_text(encoding="utf-8")


CLUSTER = [row for row in FAULTS if row.kind is cluster.OnCluster]


def test_the_page_has_every_row_as_it_was_measured_and_all_survived():
    measured = page.rows()
    assert [*measured] == [row.title for row in FAULTS]
    for row in FAULTS:
        tries, ours, others, papermill, _said = measured[row.title]
        if ours == "not tried":
            assert row in CLUSTER and not tries
            continue
        assert int(tries) >= (10 if row.moments else 1) and ours == "survived", row.title
        assert bool(others) == (papermill not in {"not its job", "not tried"}), row.title
        assert row.papermill == (papermill != "not its job"), row.title


def numbers(row):
    """What papermill lost, by what each number counts, of words in English."""
    return {what: int(count) for count, what in re.findall(r"(\d+) ([a-z-]+)", row)}


def test_what_is_told_of_papermill_is_what_was_measured():
    measured, told = page.rows(), {}
    for name in ("docs/rerunning.md", "docs/rerunning.zh.md"):
        text = (ROOT / name).read_text(encoding="utf-8")
        table = re.search(r"\| `minelib sweep` \| [^\n]*\n\| --- .*\n((?:\|.*\n)+)", text)[1]
        told[name] = [line.strip("| ").split(" | ") for line in table.splitlines()]
    english, chinese = told.values()
    for (title, ours, papermill), row in zip(english, chinese, strict=True):
        assert ours.startswith("nothing lost") and numbers(papermill), title
        assert numbers(papermill) == numbers(measured[title][3]), title
        assert re.findall(r"\d+", row[2]) == re.findall(r"\d+", papermill), row


def test_what_was_played_is_written_into_its_row_and_no_other(tmp_path):
    copy, row = tmp_path / "faults.md", ROWS["ctrl-c"]
    copy.write_bytes(page.PAGE.read_bytes())
    page.write([(row, {"minelib": Outcome(tries=1)})], copy)
    before = page.rows(copy)
    page.write([(row, {"papermill": Outcome(tries=3, lost=2)})], copy)
    ours, said = before[row.title][:2], before[row.title][4]
    assert page.rows(copy)[row.title] == [*ours, "3", "2 lost", said]
    page.write([(row, {"minelib": Outcome(tries=4, raw=1, said="a | b /x/faults-1/c")})], copy)
    after = page.rows(copy)
    assert after.pop(row.title) == ["4", "1 raw error", "3", "2 lost", "a \\| b FOLDER/c"]
    before.pop(row.title)
    assert after == before


@pytest.mark.timeout(1200)
def test_a_lost_result_is_seen(undisturbed):
    def lose(scene, _at):
        scene.finished()
        place = scene.places()[0]
        for path in place.iterdir():
            path.unlink()
        place.rmdir()
        scene.code = 0

    assert play(Fault("lost", lose, goes_on=False), count=3).lost == 1


@pytest.mark.timeout(1200)
def test_what_a_kill_leaves_counts_once_and_only_if_the_next_command_leaves_it_too(undisturbed):
    def litter(scene, at):
        ROWS["command-killed"].play(scene, at)
        (scene.output / "runs" / ".unfinished-mine").mkdir(parents=True)
        (scene.temporary / "stays").touch()

    assert play(Fault("litter", litter), count=3).left == ["file stays"]
