# SPDX-License-Identifier: MIT
"""A class of thirty submissions, right to hostile, graded with two at a time."""

import sys
import tempfile
import time
from importlib import import_module
from pathlib import Path


def measure():
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests"))
    import classroom

    from minelib.workbench import grading

    make, kept = import_module("minelib.workbench.lessons"), {}

    def of(number):
        def version(student, lang):
            if (number, lang) not in kept:
                kept[number, lang] = make._assign(number, lang)["student"]
            return make._for(kept[number, lang], student)

        return version

    with tempfile.TemporaryDirectory() as folder:
        classroom.write(classroom.thirty(of("1"), of("2")), Path(folder))
        begin = time.perf_counter()
        grading.grade(folder)
        yield "grade a class of thirty, two at a time", time.perf_counter() - begin, 20, "s"
