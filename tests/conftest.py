# SPDX-License-Identifier: MIT
import shutil

import pytest

import minelib as ml
from minelib import words


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
