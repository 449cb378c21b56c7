# SPDX-License-Identifier: MIT
"""Faults of the machine: its clock, its network."""

import socket
import struct
import subprocess
import threading

from .table import Absent, fault, needs

_CLOCK = r"""
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/time.h>
#include <time.h>

/* the wall clock, off by the seconds that stand in a file */
static long shift(void) {
    static long *seconds;
    if (!seconds) {
        int file = open(getenv("SHIFT"), O_RDONLY);
        seconds = mmap(0, sizeof(long), PROT_READ, MAP_SHARED, file, 0);
    }
    return *seconds;
}
int clock_gettime(clockid_t clock, struct timespec *now) {
    static int (*real)(clockid_t, struct timespec *);
    if (!real) real = dlsym(RTLD_NEXT, "clock_gettime");
    int code = real(clock, now);
    if (clock == CLOCK_REALTIME) now->tv_sec += shift();
    return code;
}
"""


def _clock(name, title, seconds):
    def play(scene, at):
        needs("cc")
        library, shift = scene.root / "clock.so", scene.root / "shift"
        build = ["cc", "-shared", "-fPIC", "-O1", "-x", "c", "-", "-o", str(library), "-ldl"]
        subprocess.run(build, input=_CLOCK, text=True, check=True)
        shift.write_bytes(struct.pack("@l", 0))
        scene.start(env={"LD_PRELOAD": str(library), "SHIFT": str(shift)})
        scene.kernel(at)
        scene.strike()
        with shift.open("r+b") as file:
            file.write(struct.pack("@l", seconds))
        scene.end()
        scene.check_times()

    play.__name__ = name
    fault(title, moments=True)(play)


_clock("clock_back", "the clock is set back by a day", -86_400)
_clock("clock_forward", "the clock is set forward by a day", 86_400)


@fault("no network from the start")
def no_network(scene, _at):
    needs("unshare", "ip")
    wrap = ("unshare", "-rn", "sh", "-c", 'ip link set lo up; exec "$@"', "sh")
    scene.start(wrap=wrap)
    scene.end()


@fault("a network that never answers")
def network_hangs(scene, _at):
    """A proxy that accepts and says nothing; who goes to the network waits for it."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        asked = []
        place = f"http://127.0.0.1:{server.getsockname()[1]}"

        def listen():
            while True:
                try:
                    asked.append(server.accept())
                except OSError:
                    return

        threading.Thread(target=listen, daemon=True).start()
        names = ("http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY")
        scene.start(env={**dict.fromkeys(names, place), "no_proxy": "", "NO_PROXY": ""})
        scene.end()
        server.shutdown(socket.SHUT_RDWR)
    if asked:
        scene.wrong.append(f"the network was asked {len(asked)} times")


@fault("the language of the machine is unknown, its consoles are ASCII")
def odd_language(scene, _at):
    scene.start(env={"LC_ALL": "xx_XX", "LANG": "xx", "PYTHONIOENCODING": "ascii"})
    scene.end()


@fault("no home, and an unknown user")
def homeless(scene, _at):
    needs("unshare")
    unknown = ("unshare", "-U", "--map-user=54321")
    if subprocess.run([*unknown, "true"], capture_output=True).returncode:
        raise Absent("no user may be made up here")
    scene.start(wrap=(*unknown, "env", "-u", "HOME", "-u", "USER", "-u", "LOGNAME"))
    scene.end()
