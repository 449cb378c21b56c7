# SPDX-License-Identifier: MIT
"""The pinned list is replaced only when the tests pass with the new one."""

import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tools"))
import renew_lock  # noqa: E402

OLD = "numpy==2.2.0\npandas==3.0.0 ; python_version < '3.14'\nseaborn==0.13.2\n"
NEW = "numpy==2.3.0\npandas==3.0.0 ; python_version < '3.14'\nrich==14.0\nseaborn==0.13.2\n"


@pytest.fixture
def lock(tmp_path, monkeypatch):
    path = tmp_path / "requirements.lock"
    path.write_text(OLD, encoding="utf-8")
    monkeypatch.setattr(
        renew_lock, "resolved", lambda _uv, _old, new: new.write_text(NEW, encoding="utf-8")
    )
    return path


def test_what_changed_is_said_line_by_line():
    assert renew_lock.changed(OLD, NEW) == ["numpy: 2.2.0 to 2.3.0", "rich: none to 14.0"]
    text = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    assert len(renew_lock.versions(text)) == text.count("==") - text.count(" == ")


def test_a_list_whose_tests_fail_is_not_kept(lock, monkeypatch, capsys):
    monkeypatch.setattr(renew_lock, "tested", lambda *_rest: 3)
    assert renew_lock.renew("uv", "python", [], lock) == 1
    assert lock.read_text(encoding="utf-8") == OLD
    assert "kept as it was: the tests failed with exit code 3" in capsys.readouterr().err


def test_a_list_whose_tests_pass_is_kept(lock, monkeypatch, capsys):
    seen = []
    monkeypatch.setattr(
        renew_lock,
        "tested",
        lambda _uv, new, *_rest: seen.append(new.read_text(encoding="utf-8")) or 0,
    )
    assert renew_lock.renew("uv", "python", [], lock) == 0
    assert seen == [NEW] and lock.read_text(encoding="utf-8") == NEW
    assert "renewed: 2 versions" in capsys.readouterr().out


def test_nothing_newer_tests_nothing(lock, monkeypatch):
    lock.write_text(NEW, encoding="utf-8")
    monkeypatch.setattr(renew_lock, "tested", lambda *_rest: pytest.fail("tested"))
    assert renew_lock.renew("uv", "python", [], lock) == 0


def test_without_uv_a_sentence(monkeypatch, capsys):
    monkeypatch.setattr(renew_lock.shutil, "which", lambda _name: None)
    assert renew_lock.main([]) == 2
    assert "pip install uv" in capsys.readouterr().err
