# SPDX-License-Identifier: MIT
"""No command asks anything of the network: every socket but loopback is refused, and counted."""

import contextlib
import json
import os
import re
import signal
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

from minelib.workbench import lab

ROOT = Path(__file__).resolve().parents[1]
# in every Python that a command starts; an audit hook sees what C code asks for, too
GUARD = """
import ipaddress, os, sys

def local(host):
    if isinstance(host, bytes):
        host = host.decode("ascii", "replace")
    if host in (None, "", "localhost", "ip6-localhost", "0.0.0.0", "::", os.uname().nodename):
        return True
    try:
        return ipaddress.ip_address(host.partition("%")[0]).is_loopback
    except ValueError:
        return False

def guard(event, given):
    if event in ("socket.connect", "socket.sendto", "socket.sendmsg"):
        address = given[1]
        host = address[0] if isinstance(address, tuple) else None
    elif event in ("socket.getaddrinfo", "socket.gethostbyname", "socket.gethostbyaddr"):
        host = given[0]
    else:
        return
    if not local(host):
        with open(os.environ["ATTEMPTS"], "a") as file:
            print(event, host, sys.argv[:3], file=file)
        raise OSError(101, "Network is unreachable")

sys.addaudithook(guard)
"""


@pytest.fixture
def guarded(tmp_path):
    """The surroundings of a command, and the file in which attempts are noted."""
    folder = tmp_path / "guard"
    folder.mkdir()
    (folder / "sitecustomize.py").write_text(GUARD)
    attempts = tmp_path / "attempts"
    attempts.write_text("")
    path = os.pathsep.join([str(folder), str(ROOT)])
    return {**os.environ, "PYTHONPATH": path, "ATTEMPTS": str(attempts)}, attempts


def minelib(guarded, tmp_path, *arguments):
    command = [sys.executable, "-m", "minelib.cli", *arguments]
    return subprocess.run(command, cwd=tmp_path, env=guarded[0], capture_output=True, text=True)


@pytest.mark.skipif(not hasattr(os, "uname"), reason="the guard asks for the name of the machine")
def test_the_guard_sees_an_attempt(guarded):
    for code in (
        "import socket; socket.create_connection(('192.0.2.1', 80), 1)",
        "import urllib.request; urllib.request.urlopen('http://example.org', timeout=1)",
    ):
        subprocess.run([sys.executable, "-c", code], env=guarded[0], capture_output=True)
    assert "192.0.2.1" in guarded[1].read_text() and "example.org" in guarded[1].read_text()


@pytest.mark.parametrize(
    "commands",
    [
        [["--help"], ["params"], ["params", "crackdown"], ["data"], ["data", "pools"], ["claims"]],
        [["refresh", "--from", "blocks.csv"], ["data", "--diff", "packaged", "mine"]],
        [["published"], ["verify"], ["doctor"], ["sweep", "--list"], ["run", "--why"]],
        [["lessons"], ["lessons", "1", "-o", "class", "--lang", "en"], ["grade", "class/en"]],
        [["run", "boom", "--lang", "en"], ["site"], ["sweep", "boom", "-g", "lang=en"]],
    ],
    ids=lambda commands: commands[-1][0],
)
def test_no_command_asks_the_network(guarded, tmp_path, commands):
    guarded[0]["MINELIB_DATA"] = str(tmp_path / "mine")
    block = "height,timestamp,pool\n946237,1776895203,antpool\n"
    (tmp_path / "blocks.csv").write_text(block)
    for command in commands:
        done = minelib(guarded, tmp_path, *command)
        assert done.returncode == 0 or command[0] == "grade", (command, done.stderr)
        assert guarded[1].read_text() == "", command


@pytest.mark.parametrize("command", ["lab", "explore"])
def test_nothing_that_serves_asks_the_network(guarded, tmp_path, command):
    port = lab.free_port(19_100)
    arguments = [command, "--no-browser", "--port", str(port)]
    log = tmp_path / "log"
    environment = {**guarded[0], "PYTHONUNBUFFERED": "1"}
    for name in ("CONFIG", "DATA", "RUNTIME"):
        environment[f"JUPYTER_{name}_DIR"] = str(tmp_path / name)
    with log.open("w") as out:
        server = subprocess.Popen(
            [sys.executable, "-m", "minelib.cli", *arguments],
            cwd=tmp_path,
            env=environment,
            stdout=out,
            stderr=out,
            start_new_session=True,
        )
    try:
        end, page = time.monotonic() + 300, None
        while page is None and time.monotonic() < end:
            assert server.poll() is None, log.read_text()[-2000:]
            token = re.search(r"token=(\w+)", log.read_text())
            address = f"http://127.0.0.1:{port}/" + (
                f"lab?token={token[1]}" if token else "lab" if command == "lab" else ""
            )
            if token or command == "explore":
                with contextlib.suppress(OSError):
                    page = urllib.request.urlopen(address, timeout=120).read().decode()
            time.sleep(0.3)
        assert page and "<html" in page.casefold()
        if command == "lab":
            assert "@jupyterlab/apputils-extension:announcements" in page, "news are switched off"
            place = f"http://127.0.0.1:{port}/lab/api/%s?token={token[1]}"
            asked = place % "settings/@jupyterlab/apputils-extension:notification"
            settings = json.loads(urllib.request.urlopen(asked, timeout=120).read())
            defaults = settings["schema"]["properties"]
            assert defaults["fetchNews"]["default"] == "false"
            assert defaults["checkForUpdates"]["default"] is False
            for part in ("news", "update"):
                with contextlib.suppress(OSError):
                    urllib.request.urlopen(place % part, timeout=120).read()
    finally:
        os.killpg(server.pid, signal.SIGTERM)
        with contextlib.suppress(subprocess.TimeoutExpired):
            server.wait(20)
        if server.poll() is None:
            os.killpg(server.pid, signal.SIGKILL)
    assert guarded[1].read_text() == ""
