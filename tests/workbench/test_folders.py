# SPDX-License-Identifier: MIT
import errno
import os
import resource
import shutil
import subprocess
import sys
import threading

import pytest

from minelib.errors import RunFailed
from minelib.workbench.runs import folders
from minelib.workbench.runs.folders import (
    CannotWrite,
    Locked,
    WriteFailed,
    check_writable,
    lock,
    replace,
    scratch,
    tidy,
    write_beside,
    writing,
)

from .support import wait_for


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
        wait_for(lambda: said)
        order.append("first")
    thread.join()
    assert order == ["first", "second"]
    assert len(said) == 1 and "Waiting" in said[0]


def test_a_lock_ends_with_its_process(tmp_path):
    code = (
        "import sys, time; from minelib.workbench.runs.folders import lock\n"
        "with lock(sys.argv[1]): print('held', flush=True); time.sleep(10_000)"
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


def test_a_place_is_refused_before_the_work_begins(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(CannotWrite) as caught, writing(tmp_path / "file" / "below"):
        pytest.fail("the work began")
    assert not isinstance(caught.value, RunFailed), "nothing was started"
    with writing(tmp_path / "new" / "below") as folder:
        assert folder.is_dir()


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (OSError(errno.ENOSPC, "No space left on device"), "{folder}: no space left on the disk."),
        (OSError(errno.ENOSPC, "No space", "/elsewhere"), "/elsewhere: no space left on the disk."),
        (OSError(errno.EIO, "Input/output error", 7), "{folder}: Input/output error."),
        (PermissionError(errno.EACCES, "no", "{folder}/a/b"), "{folder}/a/b: permission denied."),
        (PermissionError(errno.EACCES, "no", b"{folder}/a"), "{folder}/a: permission denied."),
        (FileNotFoundError(errno.ENOENT, "Gone.", "{folder}/a"), "{folder}/a: Gone."),
        (
            PermissionError(errno.EACCES, "no", "{folder}/b/.unfinished-a-0/a"),
            "{folder}/b: permission denied.",
        ),
        (shutil.Error([("a", "b", "[Errno 28] No space")]), "{folder}: no space left on the disk."),
        (CannotWrite("/below", OSError(errno.EDQUOT, "")), "/below: the disk quota is used up."),
    ],
)
def test_what_ends_the_work_is_a_sentence_with_the_place(tmp_path, error, said):
    if isinstance(error.filename, str):
        error.filename = error.filename.format(folder=tmp_path)
    elif isinstance(error.filename, bytes):
        error.filename = error.filename.decode().format(folder=tmp_path).encode()
    with pytest.raises(WriteFailed) as caught, writing(tmp_path):
        raise error
    assert str(caught.value) == "Cannot write to " + said.format(folder=tmp_path)
    assert isinstance(caught.value, RunFailed), "something was started"


@pytest.mark.parametrize(
    "error",
    [
        FileNotFoundError(errno.ENOENT, "No such file", "/elsewhere/class.csv"),
        PermissionError(errno.EACCES, "Permission denied", "/elsewhere/class.csv"),
        ConnectionRefusedError(errno.ECONNREFUSED, "Connection refused"),
        RunFailed("a cell failed"),
        ValueError("something else"),
    ],
)
def test_what_is_not_about_writing_passes(tmp_path, error):
    with pytest.raises(type(error)) as caught, writing(tmp_path):
        raise error
    assert caught.value is error


def test_a_file_is_replaced_whole_or_not_at_all(tmp_path, monkeypatch):
    path = tmp_path / "table.csv"
    write_beside(path, "old")

    def full(*_file):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(folders.os, "fsync", full)
    with pytest.raises(WriteFailed, match="no space left"), writing(tmp_path):
        write_beside(path, "new")
    assert path.read_text() == "old\n"
    assert [p.name for p in tmp_path.iterdir()] == ["table.csv"]
