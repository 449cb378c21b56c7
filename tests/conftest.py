# SPDX-License-Identifier: MIT
import random
import shutil
import signal
import sys

import pytest

import minelib as ml
from minelib import words


def pytest_addoption(parser):
    parser.addoption("--shuffle", type=int, metavar="SEED", help="run the tests in random order")


def pytest_configure(config):
    """What a shell ignores for jobs in the background, its children would ignore too."""
    for number in (signal.SIGINT, getattr(signal, "SIGHUP", signal.SIGINT)):
        if signal.getsignal(number) is signal.SIG_IGN:
            signal.signal(number, lambda *_given: None)


def pytest_collection_modifyitems(config, items):
    if (seed := config.getoption("--shuffle")) is not None:
        random.Random(seed).shuffle(items)


@pytest.fixture
def calls():
    """How many calls a function makes in all: its work, however busy the machine is.

    Python makes about two million a second.
    """

    def counted(function):
        count = 0

        def one_more(_frame, event, _argument):
            nonlocal count
            count += event in ("call", "c_call")

        sys.setprofile(one_more)
        try:
            function()
        finally:
            sys.setprofile(None)
        return count

    return counted


@pytest.fixture(autouse=True)
def english():
    """Each test starts in English, whatever the one before did."""
    words.use("en")
    yield
    words.use("en")


@pytest.fixture
def data_copy(tmp_path):
    """A copy of the data folder that a test may damage."""
    return shutil.copytree(ml.catalog.data_folder(), tmp_path / "data 数据")
