# SPDX-License-Identifier: MIT
"""Everything that is read from outside the package, with what nobody would write on purpose.

A case ends in a value or in one of the package's errors, in bounded time and memory.

python -m tests.faults.fuzz --cases 2000
python -m tests.faults.fuzz "class lists" --cases 100
"""

import argparse
import contextlib
import io
import json
import resource
import sys
import tempfile
import time
import traceback
from functools import cache
from pathlib import Path
from unittest import mock

import pandas as pd
from hypothesis import HealthCheck, Phase, given, settings, strategies as st

import minelib as ml
from minelib.errors import MinelibError
from minelib.lessons import lesson_numbers
from minelib.lessons.parameters import parameters, read_draws
from minelib.studies.notebooks import Notebook, select
from minelib.workbench.grading.identity import who_is_it
from minelib.workbench.grading.submissions import read
from minelib.workbench.lessons import read_class
from minelib.workbench.runs import sweeps
from minelib.workbench.runs.plan import Task, check_notebook, judged
from minelib.workbench.site.outputs import read_outputs
from minelib.workbench.site.record import page

SECONDS = 20.0
"""Of the processor, for one case: far above what any takes, far below for ever."""
MEGABYTES = 600
"""That the process may grow by, over all cases of a kind."""

NEST = 100_000
_numbers = st.one_of(
    st.integers(), st.floats(), st.sampled_from([2**63, -1, 0, 1e308, 1e-308, float("nan")])
)
_texts = st.one_of(
    st.text(max_size=12),
    st.sampled_from(["", "2021-13-45", "1:1e9:1", "\x00", "../../x", "\ud800", "九", "NaN"]),
    st.just("x" * 5000),
)
_plain = st.one_of(st.none(), st.booleans(), _numbers, _texts)
_values = st.recursive(
    _plain,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=6), inner, max_size=3)
    ),
    max_leaves=8,
)
_bytes = st.one_of(
    st.binary(max_size=60),
    st.sampled_from(
        [b"", b"\xff\xfe", b"\xef\xbb\xbf", b"PK\x03\x04", b"null", b"[]", b"0", b'"x"', b"{}"]
        + [b"[" * NEST, b'{"a":' * NEST, b"1" * NEST, b"\x00" * NEST, b"a," * NEST, b"a=" * NEST]
    ),
)


@st.composite
def hurt(draw, content):
    """The bytes of a good file with a few places changed, or quite other bytes."""
    if draw(st.integers(0, 5)) == 0:
        return draw(_bytes)
    for _ in range(draw(st.integers(0, 4))):
        at = draw(st.integers(0, max(0, len(content))))
        gone = draw(st.sampled_from([0, 1, 1, 2, 40, len(content)]))
        content = content[:at] + draw(_bytes) + content[at + gone :]
    encoded = draw(st.sampled_from(["utf-8", "utf-8", "utf-8", "utf-16", "gb18030", "utf-8-sig"]))
    with contextlib.suppress(ValueError):
        content = content.decode("utf-8").encode(encoded)
    return content


@st.composite
def odd(draw, value, share=8):
    """Plain data with some of its parts gone or put in place of by any other."""
    if draw(st.integers(0, share)) == 0:
        return draw(_values)
    if isinstance(value, dict):
        kept = {k: draw(odd(v, share * 2)) for k, v in value.items() if draw(st.integers(0, 30))}
        if draw(st.integers(0, 20)) == 0:
            kept[draw(st.text(max_size=6))] = draw(_values)
        return kept
    if isinstance(value, list):
        return [draw(odd(v, share * 2)) for v in value[:6] if draw(st.integers(0, 30))]
    return value


def _json(value):
    return json.dumps(value).encode()


def either(value):
    """A JSON file, hurt as plain data or as bytes."""
    return st.one_of(odd(value).map(_json), hurt(_json(value)))


# ------------------------------------------------------------------ what is read
def _file(name, content):
    path = Path(tempfile.mkdtemp(prefix="fuzz-", dir=_scratch()), name)
    path.write_bytes(content)
    return path


@cache
def _scratch():
    return tempfile.mkdtemp(prefix="fuzz-")


LISTS = (
    "学号,姓名,student\n20260001,张三,s01\n20260002,李四,s02\n".encode(),
    b"sep=;\r\nid;name\r\n1,23457E+09;A\r\n2;B\r\n",
    "Student ID\tName\ns01\tÅsa\ns02\t\n".encode("utf-16"),
    b"s01\ns02\n\ns03",
)


def class_lists(content):
    """A list of the class, as a spreadsheet may save it."""
    read_class(_file("class.csv", content))


def parameter_files(content):
    """``parameters.toml`` of a teacher."""
    path = _file("parameters.toml", content)
    read_draws(path)
    for number in lesson_numbers():
        parameters(number, "s01", path)


def trials(content):
    """A text of one's own with its claims: read, proposed, judged and reported."""
    trial = ml.claims.Trial.from_file(_file("trial.toml", content))
    trial.proposals()
    trial.report("zh")


@cache
def _trial_files():
    from minelib.claims.trial import EXAMPLES

    return [path.read_bytes() for path in sorted(EXAMPLES.glob("*.toml"))]


@st.composite
def odd_trials(draw):
    """A good trial hurt as any file is, or with other values behind some of its keys."""
    content = draw(st.sampled_from(_trial_files()))
    if draw(st.booleans()):
        return draw(hurt(content))
    lines = content.decode().splitlines()
    keys = [n for n, line in enumerate(lines) if " = " in line and '"""' not in line]
    odd_values = [
        "2021-05-01",
        "1e999",
        "nan",
        "-0.0",
        "[1, 2, 3]",
        '""',
        '"\\u0000"',
        "true",
        "{}",
    ]
    odd_values += [
        '"china"',
        '"2021"',
        '"mean"',
        '"change"',
        '"rank"',
        "2021",
        "[[1]]",
        '"USD"',
        "10",
    ]
    odd_values += [
        '"9999-12"',
        '"0001"',
        '"2021-06 to 2021-05"',
        '"country_share"',
        '"other"',
        "9" * 400,
    ]
    for at in draw(st.lists(st.sampled_from(keys), min_size=1, max_size=6)):
        lines[at] = lines[at].split(" = ")[0] + " = " + draw(st.sampled_from(odd_values))
    return "\n".join(lines).encode()


@cache
def _parameter_file():
    from minelib.lessons.master import lessons_folder

    return Path(lessons_folder(), "parameters.toml").read_bytes()


def _submission():
    code = {"cell_type": "code", "metadata": {}, "outputs": [], "execution_count": None, "id": "a"}
    words = {"cell_type": "markdown", "metadata": {}, "source": ["# One\n", "two"], "id": "b"}
    named = {**code, "metadata": {"tags": ["parameters"]}, "source": 'student = "s01"'}
    made = {"lesson": "1", "lang": "zh", "student": "s01", "version": "student"}
    cells = [words, named, {**code, "source": ["%matplotlib inline\n", "level = 1"]}]
    return {"cells": cells, "metadata": {"minelib": made}, "nbformat": 4, "nbformat_minor": 5}


def submissions(content):
    """A notebook as handed in."""
    path = _file("lesson-1 s01.ipynb", content)
    who_is_it(read(path, path.parent), ["s01", "s02"])


def notebooks(content):
    """A notebook of the package after somebody edited it."""
    path = _file("08-explore.ipynb", content)
    book = Notebook(8, "explore", path)
    check_notebook(book)
    judged(_task(path.parent, book))


@cache
def _explore():
    return select(["explore"])[0]


def _task(folder, book=None):
    book = book or _explore()
    values = book.study().checked({})[0]
    return Task(book, "en", values, folder / "08-explore", folder / "failed")


@cache
def _record():
    spec = _task(Path("/nowhere"))
    judged(spec)
    record = spec.spec()["record"]
    more = {"status": "ok", "seconds": 0.5, "cells": 9, "kernel": "forked", "tables": {}}
    return {**record, **more, "data": {}, "started": "2026-11-28T00:00:00.000Z", "finished": ""}


FOUND = {
    "format": 1,
    "notebook": "08-explore",
    "parameters": {"place": "world", "start": "2019-09-01"},
    "data": {"events": {"version": 1, "sha256": "0" * 64}},
    "findings": [
        {"name": "hash_rate", "value": 1.5, "lower": 1.0, "upper": 2.0, "level": None}
        | {"unit": "EH/s", "meaning": "Hash rate"}
    ],
}


def _result(run, found, runs):
    folder = _file("runs.json", runs).parent
    place = folder / "08-explore"
    place.mkdir()
    (place / "run.json").write_bytes(run)
    (place / "findings.json").write_bytes(found)
    (place / "08-explore.ipynb").write_bytes(_explore().path.read_bytes())
    return folder


def records(content):
    """``run.json`` of an earlier run: what is to be run again, one table of all, the site."""
    folder = _result(content, _json(FOUND), b"{}")
    judged(_task(folder))
    _collected(folder)


def findings(content):
    """``findings.json`` of an earlier run."""
    folder = _result(_json(_record()), content, b"{}")
    judged(_task(folder))
    _collected(folder)


def commands(content):
    """``runs.json``: what a command did."""
    folder = _result(_json(_record()), _json(FOUND), content)
    for pages in read_outputs(folder).pages.values():
        page(pages)


def _collected(folder):
    for shape in ("wide", "long"):
        with contextlib.suppress(MinelibError):
            ml.collect(folder, shape)
    for pages in read_outputs(folder).pages.values():
        page(pages)


RUNS = {
    "format": 1,
    "notebook": "08-explore",
    "slug": "explore",
    "lang": "en",
    "varied": ["price_usd_kwh"],
    "runs": [{"id": "0001-abcdef01", "parameters": {"price_usd_kwh": 0.05, "place": "world"}}],
}


def plans(content):
    """``sweep.json``: what a sweep was to do; its runs are not run."""
    folder = _file("sweep.json", content).parent
    with contextlib.suppress(MinelibError):
        ml.collect(folder)
    with mock.patch.object(sweeps, "run_tasks", lambda *a, **k: []):
        sweeps.resume_sweep(folder)


def grids(asked):
    """``-g NAME=...`` and ``-p NAME=...``."""
    grid, fixed = asked
    for book in (_explore(), select(["crackdown"])[0]):
        sweeps.combinations(book, grid, fixed, from_text=True)


_names = st.sampled_from(["place", "start", "end", "freq", "price_usd_kwh", "level", "lang", "x"])
_given = st.one_of(
    _texts,
    st.sampled_from(["0.01:0.02:0.001", "1:1e9:1", "0:1:0", "1:2:-1", "1e999:1:1", "1:2:nan"]),
    st.sampled_from(["2021-01-01:2021-03-01:7", "0001-01-01:9999-12-31:1", "::", "a:b:c"]),
    st.just("0:1:1e-999999"),
    st.tuples(*[st.text("0123456789-.:eE", max_size=6)] * 3).map(":".join),
)
_grids = st.tuples(
    st.dictionaries(_names, _given, max_size=3), st.dictionaries(_names, _given, max_size=2)
)

MACHINES = [("2014-01-01", 700.0, 700.0, True), ("2016-06-01", 98.0, 99.0, True)]


@st.composite
def machine_tables(draw):
    """A machine table of somebody's own."""
    frame = pd.DataFrame(
        MACHINES * draw(st.integers(0, 2)),
        columns=["release", "efficiency_j_th", "weighting_efficiency_j_th", "in_1_3_1"],
    ).astype(object)
    for _ in range(draw(st.integers(0, 3))):
        if len(frame) and len(frame.columns):
            row, column = draw(st.integers(0, len(frame) - 1)), draw(st.sampled_from([*frame]))
            at = frame.columns.get_loc(column)
            if isinstance(at, int):
                frame.iat[row, at] = draw(st.one_of(_plain, st.dates(), st.datetimes()))
    change = draw(st.integers(0, 12))
    with contextlib.suppress(UnicodeError):  # what pandas does not take reaches us never
        if change == 1:
            frame = frame.drop(columns=draw(st.sampled_from([*frame])))
        elif change == 2:
            frame = frame.rename(columns={draw(st.sampled_from([*frame])): draw(_texts)})
        elif change == 3:
            frame.index = draw(st.lists(_plain, min_size=len(frame), max_size=len(frame)))
        elif change == 4:
            frame = pd.concat([frame, frame], axis=draw(st.integers(0, 1)))
        elif change == 5:
            text = draw(hurt(frame.to_csv(index=False).encode("utf-8", "backslashreplace")))
            with contextlib.suppress(Exception):  # what pandas does not read reaches us never
                frame = pd.read_csv(io.BytesIO(text))
        elif change == 6:
            frame = frame.convert_dtypes()
        elif change == 7:
            frame.columns = pd.MultiIndex.from_product([["a"], frame.columns])
        elif change == 8:
            frame = draw(st.one_of(_values, st.just(frame.to_dict())))
    return frame, draw(st.sampled_from(["1.4.0", "1.3.1", "1.2.0"]))


@cache
def _network():
    frame = ml.load("network_daily").set_index("date")
    return frame.loc["2019-01-01":"2019-03-01", ["hashrate_eh_s", "revenue_usd"]]


def machines(asked):
    """A custom machine table."""
    table, version = asked
    ml.energy.index(machines=table, version=version, network=_network())


TARGETS = {
    "class lists": (st.one_of(*map(hurt, LISTS)), class_lists),
    "parameter files": (st.deferred(lambda: hurt(_parameter_file())), parameter_files),
    "trials": (odd_trials(), trials),
    "submissions": (either(_submission()), submissions),
    "notebooks": (st.deferred(lambda: either(json.loads(_explore().path.read_bytes()))), notebooks),
    "run.json": (st.deferred(lambda: either(_record())), records),
    "findings.json": (either(FOUND), findings),
    "runs.json": (either({"format": 1, "runs": [{"notebook": "08-explore"}]}), commands),
    "sweep.json": (either(RUNS), plans),
    "parameters and grids": (_grids, grids),
    "machine tables": (machine_tables(), machines),
}


class Broken(AssertionError):
    """A case that ended otherwise."""


def try_one(work, case):
    """One case: a value or an error of the package, within the time."""
    began = time.process_time()
    try:
        work(case)
    except MinelibError as error:
        if not str(error).strip():
            raise Broken("an error without a sentence") from error
    except Exception as error:
        frames = traceback.extract_tb(error.__traceback__)
        last = [frames[0], *(f for f in frames if "minelib" in f.filename)][-1]
        where = f"{last.filename}:{last.lineno}"
        raise Broken(f"{type(error).__name__}: {str(error)[:200]} at {where}") from error
    if time.process_time() - began > SECONDS:
        raise Broken(f"more than {SECONDS} s")


def campaign(name, cases, derandomize=True):
    """So many cases of one kind.

    Returns
    -------
    seconds : float
        The slowest of them.
    megabytes : float
        What the process grew by.
    """
    strategy, work = TARGETS[name]
    slowest = 0.0
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

    @settings(
        max_examples=cases,
        deadline=None,
        database=None,
        derandomize=derandomize,
        suppress_health_check=list(HealthCheck),
        phases=(Phase.generate,),
        print_blob=False,
    )
    @given(strategy)
    def all_of_them(case):
        nonlocal slowest
        began = time.process_time()
        try_one(work, case)
        slowest = max(slowest, time.process_time() - began)

    all_of_them()
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - memory) / 1024
    if grown > MEGABYTES:
        raise Broken(f"{grown:.0f} MB more memory")
    return slowest, grown


def main(arguments=None):
    """Print a line per kind; the exit code is 1 where a case was found that ended otherwise."""
    parser = argparse.ArgumentParser(prog="python -m tests.faults.fuzz")
    parser.add_argument("kinds", nargs="*", help=f"of {', '.join(TARGETS)}; all without one")
    parser.add_argument("--cases", type=int, default=2000)
    parser.add_argument("--random", action="store_true", help="other cases each time")
    asked = parser.parse_args(arguments)
    bad = 0
    for name in asked.kinds or TARGETS:
        began = time.monotonic()
        try:
            slowest, grown = campaign(name, asked.cases, not asked.random)
            told = f"all end well; slowest {slowest:.2f} s of processor, {grown:.0f} MB more"
        except BaseException as error:
            if not isinstance(error, Exception):
                raise
            bad, told = bad + 1, _told(error)
        seconds = time.monotonic() - began
        print(f"{name:22} {asked.cases} cases, {seconds:.0f} s: {told}", flush=True)
    return int(bool(bad))


def _told(error):
    errors = getattr(error, "exceptions", (error,))
    notes = [note for one in errors for note in getattr(one, "__notes__", ())]
    return "\n   ".join(["", *map(str, errors), *(n for n in notes if "Falsifying" in n)])[:3000]


if __name__ == "__main__":
    sys.exit(main())
