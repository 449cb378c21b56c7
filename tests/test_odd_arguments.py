# SPDX-License-Identifier: MIT
"""Every public function called with one odd argument: a sentence of the package, or an answer.

An answer is no answer where the annotation of the argument does not allow the value: then it was
taken with another meaning.
"""

import inspect
import signal
from collections import Counter
from functools import cache, partial

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from beartype.door import is_bearable

import minelib as ml
from minelib.errors import MinelibError

pytestmark = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")

ROOMS = (
    *("carbon", "catalog", "chain", "claims", "economics", "employment", "energy", "explorer"),
    *("figures", "geography", "impact", "lessons", "pools", "published", "timeline", "display"),
)
ODD = {
    "None": None,
    "NaN": float("nan"),
    "empty text": "",
    "bytes": b"x",
    "empty list": [],
    "empty dict": {},
    "empty frame": pd.DataFrame(),
    "zero": 0,
    "minus one": -1,
    "huge": 1e12,
    "True": True,
    "day as a number": 20210924,
    "no day": "2021-13-45",
    "a list of a day": ["2021-01-01"],
    "an object": object(),
    "infinite": float("inf"),
}
# what a required argument is when another one is odd
GIVEN = {
    "name": "country_share",
    "economics.name": "Antminer S19",
    "geography.name": "china",
    "figures.name": "places",
    "source": "bitcoin",
    "machines": "Antminer S19",
    "machine": "Antminer S19",
    "dates": "2021-06-20",
    "date": "2021-06-20",
    "start": "2021-01-01",
    "end": "2021-06-30",
    "intervention": "2021-05-21",
    "month": "2021-04",
    "months": ["2021-04", "2021-05"],
    "destination": "kazakhstan",
    "option": "sell",
    "tariff_usd_kwh": 0.05,
    "published.id": "ccaf_2023_energy_2021",
    "claim": "cn_share_may2021_70",
    "claims.id": "cn_share_may2021_70",
    "document": "notice_924",
    "key": "china",
    "number": "1",
    "lesson": "1",
    "lessons.path": None,
    "lessons.student": "s01",
    "lessons.numbers": ["1"],
    "exercise": "q1",
    "answers": {},
    "text": "one",
    "bits": 0x1D00FFFF,
    "count": 100,
    "blocks": 30,
    "total": 100,
    "points": {"a": 1.0},
    "band": (0.0, 2.0),
    "authors": "A. Author and B. Author",
    "prices": [0.05],
    "revenue_usd": 1e6,
    "hashrate_eh_s": 100.0,
    "first": "2020-06",
    "second": "2021-06",
    "values": [1.0, 2.0],
    "places": ["china"],
    "place": "china",
    "year": 2021,
    "titles": ["One"],
    "tables": "country_share",
    "version": "1.4.0",
    "target": "nothing",
}
MADE = {
    "chain.header_hex": lambda: GENESIS,
    "chain.frame": lambda: ml.load("difficulty_epochs"),
    "chain.blocks": lambda: ml.load("blocks").tail(4100),
    "chain.epochs": lambda: ml.load("difficulty_epochs"),
    "display.frame": lambda: ml.load("halvings"),
    "energy.machines": lambda: ml.load("index_machines"),
    "energy.network": lambda: ml.load("network_daily"),
    "geography.source": lambda: ml.load("country_share"),
    "impact.effect": lambda: ml.impact.effect("2021-05-21", horizon_days=84, draws=200),
    "impact.breaks": lambda: ml.impact.breakpoints(n_boot=99, max_breaks=2),
    "impact.stages": lambda: ml.impact.stages(n_placebo=20),
    "impact.evidence": lambda: pd.DataFrame([EVIDENCE]),
    "impact.course": lambda: pd.DataFrame([COURSE]),
    "published.table": lambda: ml.published.table(),
    "figures.table": lambda: ml.carbon.multiverse(),
    "figures.still": lambda: ml.explorer.view("china").figure(),
    "figures.frame": lambda: ml.geography.by_country(),
    "figures.result": lambda: ml.geography.flows(),
    "figures.view": lambda: ml.explorer.view(),
    "figures.effect": lambda: ml.impact.effect("2021-05-21", horizon_days=84, draws=200),
    "figures.placebo": lambda: None,
    "claims.claims": lambda: ml.claims.claims(),
}
EVIDENCE = {"date": pd.Timestamp("2025-10-01"), "share_of": "world", "estimator": "one"}
EVIDENCE |= {"share_pct": 14.0, "lower_pct": None, "upper_pct": None}
COURSE = {"place": "usa", "mapped_lower_pct": 1.0, "mapped_upper_pct": 2.0}
COURSE |= {"lower_pct": 3.0, "upper_pct": 4.0}
GENESIS = (
    "0100000000000000000000000000000000000000000000000000000000000000000000003ba3ed"
    "fd7a7b12b27ac72c3e67768f617fc81bc3888a51323a9fb8aa4b1e5e4a29ab5f49ffff001d1dac2b7c"
)
# Arguments that say themselves what they take, or take anything.
ANYTHING = (object, inspect.Parameter.empty)
RAW = (
    *(TypeError, ValueError, AttributeError, LookupError, AssertionError, ArithmeticError),
    *(OSError, MemoryError),
)


def functions():
    for room in ROOMS:
        module = getattr(ml, room)
        for name in module.__all__:
            function = getattr(module, name)
            if callable(function) and not inspect.isclass(function):
                yield f"{room}.{name}", function


FUNCTIONS = dict(functions())


@cache
def made(key):
    return MADE[key]()


def given(room, parameter):
    for key in (f"{room}.{parameter.name}", parameter.name):
        if key in MADE:
            return made(key)
        if key in GIVEN:
            return GIVEN[key]
    pytest.fail(f"say in GIVEN what {parameter.name} of {room} is")


@cache
def imported():
    """All that a call imports on its way, so that none is cut off while it imports."""
    for key in ("impact.effect", "impact.breaks", "figures.table", "figures.view"):
        made(key)
    ml.lessons.right("1")


@cache
def called(name):
    """What became of each call: (argument, odd value, outcome)."""
    imported()
    function, room = FUNCTIONS[name], name.split(".")[0]
    parameters = inspect.signature(function, eval_str=True).parameters
    outcomes = []
    for odd in parameters.values():
        for kind, value in ODD.items():
            arguments = {
                p.name: given(room, p)
                for p in parameters.values()
                if p.kind not in (p.VAR_POSITIONAL, p.VAR_KEYWORD) and p.default is p.empty
            }
            if odd.kind is odd.VAR_KEYWORD:
                arguments["odd"] = value
            elif odd.kind is not odd.VAR_POSITIONAL:
                arguments[odd.name] = value
            beside = (value,) if odd.kind is odd.VAR_POSITIONAL else ()
            first = [arguments.pop(p) for p in list(arguments)] if beside else []
            outcomes.append((odd.name, kind, outcome(function, [*first, *beside], arguments, odd)))
            plt.close("all")  # a call that was stopped leaves its figure
    ml.words.use("en")
    return outcomes


class Running(BaseException):
    """A call that works on its answer was not refused."""


def at_most(seconds, call):
    """Call, and stop it after that many seconds of the processor."""
    working = True

    def stop(*_):
        if working:
            raise Running

    # of the processor: on a busy machine 0.2 s may pass before the first line has run
    before = signal.signal(signal.SIGPROF, stop)
    try:
        # again and again: what is raised while an object is taken down is swallowed
        signal.setitimer(signal.ITIMER_PROF, seconds, seconds)
        try:
            call()
        finally:
            working = False
    except Running:
        pass
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


def outcome(function, positional, arguments, odd):
    value = arguments.get(odd.name)
    try:
        at_most(0.2, partial(function, *positional, **arguments))
    except MinelibError as error:
        return "sentence" if len(str(error).splitlines()) == 1 else "several lines"
    except RAW as error:
        return f"{type(error).__name__}: {error}"
    hint = odd.annotation
    if odd.name in arguments and hint not in ANYTHING and not is_bearable(value, hint):
        return "taken with another meaning"
    return "answer"


@pytest.mark.parametrize("name", FUNCTIONS)
def test_every_argument_of_a_public_function_has_a_type(name):
    signature = inspect.signature(FUNCTIONS[name], eval_str=True)
    bare = [p.name for p in signature.parameters.values() if p.annotation is p.empty]
    assert bare == [] and signature.return_annotation is not signature.empty


@pytest.mark.parametrize("room", ROOMS)
def test_nothing_odd_is_taken_with_another_meaning(room):
    wrong = [
        (name, argument, kind)
        for name in FUNCTIONS
        if name.startswith(f"{room}.")
        for argument, kind, what in called(name)
        if what == "taken with another meaning"
    ]
    assert wrong == []


def test_odd_arguments_end_in_a_sentence():
    counted, raw = Counter(), []
    for name in FUNCTIONS:
        for argument, kind, what in called(name):
            counted[what if what in ("sentence", "answer") else "raw"] += 1
            if what not in ("sentence", "answer"):
                raw.append(f"{name}({argument}={kind}): {what}")
    assert sum(counted.values()) > 3_000, "the calls are made"
    assert counted["raw"] <= 0.02 * sum(counted.values()), "\n".join(raw)


@pytest.mark.parametrize("value", [True, np.bool_(True)])
def test_truth_is_no_number(value):
    with pytest.raises(MinelibError):
        ml.energy.index(value)
