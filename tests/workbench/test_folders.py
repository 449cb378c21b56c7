# SPDX-License-Identifier: MIT
import errno
import os
import resource
import subprocess
import sys
import threading
import time

import pytest

from minelib.workbench.runs import folders
from minelib.workbench.runs.folders import (
    CannotWrite,
    Locked,
    check_writable,
    lock,
    replace,
    scratch,
    tidy,
)


def filled(folder, text):
    folder.mkdir()
    (folder / "file").write_text(text)
    return folder


def test_a_new_folder_takes_the_place_of_the_old(tmp_path):
    new, final = filled(tmp_path / "new", "new"), filled(tmp_path / "final", "old")
    replace(new, final)
    assert (final / "file").read_text() == "new"
    assert [p.name for p in tmp_path.iterdir()] == ["final"]


def test_the_same_where_two_folders_cannot_change_places(tmp_path, monkeypatch):
    monkeypatch.setattr(folders, "_exchange", lambda a, b: False)
    new, final = filled(tmp_path / "new", "new"), filled(tmp_path / "final", "old")
    replace(new, final)
    assert (final / "file").read_text() == "new"
    assert [p.name for p in tmp_path.iterdir()] == ["final"]


def test_a_reader_never_sees_half_a_folder(tmp_path):
    final, stop, seen = tmp_path / "final", threading.Event(), set()
    filled(final, "0" * 10)

    def read():
        while not stop.is_set():
            try:
                seen.add((final / "file").read_text())
            except FileNotFoundError:
                seen.add(None)

    reader = threading.Thread(target=read)
    reader.start()
    for number in range(1, 60):
        with scratch(final) as folder:
            (folder / "file").write_text(str(number % 10) * 10)
            replace(folder, final)
    stop.set()
    reader.join()
    assert all(text is None or len(set(text)) == 1 and len(text) == 10 for text in seen)
    if sys.platform == "linux":
        assert None not in seen - {None} and len(seen) > 1


def test_what_was_interrupted_is_put_right(tmp_path):
    filled(tmp_path / ".unfinished-old-kept", "old")  # moved aside, the new one never came
    filled(tmp_path / ".unfinished-half-abc", "half")
    filled(tmp_path / ".unfinished-old-done", "older")
    filled(tmp_path / "done", "new")
    tidy(tmp_path)
    assert sorted(p.name for p in tmp_path.iterdir()) == ["done", "kept"]
    assert (tmp_path / "kept" / "file").read_text() == "old"
    assert (tmp_path / "done" / "file").read_text() == "new"


def test_a_failure_leaves_nothing_behind(tmp_path):
    with pytest.raises(ZeroDivisionError), scratch(tmp_path / "final") as folder:
        (folder / "file").write_text("x")
        1 / 0  # noqa: B018
    assert list(tmp_path.iterdir()) == []


def test_the_second_waits_for_the_first_and_says_so(tmp_path):
    said, order = [], []

    def second():
        with lock(tmp_path, say=said.append):
            order.append("second")

    with lock(tmp_path):
        with (
            pytest.raises(Locked, match=f"process {os.getpid()}, since"),
            lock(tmp_path, wait=False),
        ):
            pass
        thread = threading.Thread(target=second)
        thread.start()
        time.sleep(0.4)
        order.append("first")
    thread.join(5)
    assert order == ["first", "second"]
    assert len(said) == 1 and "Waiting" in said[0]


def test_a_lock_ends_with_its_process(tmp_path):
    code = (
        "import sys, time; from minelib.workbench.runs.folders import lock\n"
        "with lock(sys.argv[1]): print('held', flush=True); time.sleep(60)"
    )
    command = [sys.executable, "-c", code, str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout.readline() == "held\n"
        with pytest.raises(Locked), lock(tmp_path, wait=False):
            pass
        process.kill()
    with lock(tmp_path, wait=False):
        pass


def test_places_that_cannot_be_written_are_named(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(CannotWrite, match="a part of the path is a file"):
        check_writable(tmp_path / "file" / "below")
    with pytest.raises(CannotWrite, match="a file of that name is in the way"):
        check_writable(tmp_path / "file")
    with pytest.raises(CannotWrite, match="the name is too long"):
        check_writable(tmp_path / ("x" * 300))
    if os.path.isdir("/sys/kernel"):
        with pytest.raises(CannotWrite, match="Cannot write to /sys/kernel/here: "):
            check_writable("/sys/kernel/here")


def test_the_largest_file_size_is_met_as_a_sentence(tmp_path):
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1024, before[1]))
    try:
        with pytest.raises(CannotWrite, match="largest file size") as caught:
            check_writable(tmp_path)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert caught.value.errno == errno.EFBIG
    assert list(tmp_path.iterdir()) == []
