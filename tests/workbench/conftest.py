# SPDX-License-Identifier: MIT
import os
import signal
import sys

import pytest

from workbench.support import House


@pytest.fixture
def house(tmp_path, monkeypatch):
    made = House(tmp_path)
    monkeypatch.setenv("MINELIB_NOTEBOOKS", str(made.root))
    monkeypatch.setattr("minelib.studies.__path__", [])
    yield made
    for name in [n for n in sys.modules if n.startswith("minelib.studies.")]:
        if str(made.root) in str(getattr(sys.modules[name], "__file__", "")):
            del sys.modules[name]
    for pid in made.processes():
        os.kill(pid, signal.SIGKILL)
