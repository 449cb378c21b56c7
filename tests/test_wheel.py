# SPDX-License-Identifier: MIT
"""The data travels in the wheel: built from the checkout, used in another folder."""

import subprocess
import sys
import sysconfig
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def run(*command, cwd):
    done = subprocess.run([str(c) for c in command], cwd=cwd, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_wheel_works_in_another_environment_and_folder(tmp_path):
    run(sys.executable, "-m", "build", "--no-isolation", "--wheel", "--outdir", tmp_path, cwd=ROOT)
    wheel = next(tmp_path.glob("*.whl"))
    home = tmp_path / "an empty 环境"
    venv.create(home, with_pip=False, symlinks=True)
    python = home / "bin" / "python"
    site = Path(
        run(
            python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))", cwd=tmp_path
        ).strip()
    )
    run(
        sys.executable,
        "-m",
        "pip",
        "install",
        "--quiet",
        "--no-index",
        "--no-deps",
        "--target",
        site,
        wheel,
        cwd=tmp_path,
    )
    # the dependencies of this environment, behind the wheel's own files; no .pth of ours is read
    (site / "dependencies.pth").write_text(sysconfig.get_path("purelib") + "\n")
    code = (
        "import minelib as ml; frame = ml.load('country_share'); "
        "assert len(frame) == ml.describe('country_share').rows; "
        "report = ml.verify(); assert report.ok, str(report); "
        "print(len(ml.catalog.list())); print(ml.__file__)"
    )
    tables, where = run(python, "-c", code, cwd=tmp_path).splitlines()[-2:]
    assert int(tables) >= 30
    assert where.startswith(str(home)), "the wheel's package, not the checkout's"
