# SPDX-License-Identifier: MIT
"""The command line: ``minelib run``, ``minelib data`` and the others.

Exit codes: 0 all well, 1 something ran and failed, 2 the request was wrong and nothing was
started, 130 interrupted.
"""

import os
import signal
import sys
from contextlib import suppress

from minelib.cli import console

__all__ = ["main"]


def main(arguments: list[str] | None = None) -> None:
    """Entry of the ``minelib`` command. Ends the process with the exit code."""
    for name in ("SIGTERM", "SIGHUP"):  # told to end, or the terminal was closed: tidy up first
        number = getattr(signal, name, None)
        if number is not None and signal.getsignal(number) == signal.SIG_DFL:
            signal.signal(number, _end)
    sys.exit(run(arguments))


def machine_language() -> str:
    """The language of this machine: of its environment, or of Windows; English for any other.

    Examples
    --------
    >>> machine_language() in ("en", "zh")
    True
    """
    names = ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG")
    said = next((os.environ[name] for name in names if os.environ.get(name)), "")
    if not said and sys.platform == "win32":
        import ctypes
        import locale

        said = locale.windows_locale.get(ctypes.windll.kernel32.GetUserDefaultUILanguage(), "")
    return "zh" if said.lower().startswith("zh") else "en"


def _end(number, _frame):
    sys.exit(128 + number)


def run(arguments: list[str] | None = None) -> int:
    """Do what the arguments say; return the exit code.

    Examples
    --------
    >>> run(["params", "no-such-notebook"])
    2
    """
    from minelib.words import use

    console.set_up()
    use(machine_language())
    try:
        return _done(arguments)
    finally:
        if lost := console.what_was_lost():
            with suppress(OSError):
                print(f"minelib: {lost}", file=sys.stderr)


def _done(arguments):
    from minelib.errors import DamagedData, MinelibError, RunFailed
    from minelib.words import gettext as _, use

    use(machine_language())
    try:
        import typer

        from minelib.cli.app import app
    except ImportError as error:
        return _without_libraries(arguments, error)
    command = typer.main.get_command(app)
    try:
        code = command.main(args=arguments, prog_name="minelib", standalone_mode=False)
        sys.stdout.flush()
        return _interrupted() if code == 130 else code or 0
    except (typer.Abort, KeyboardInterrupt):
        return _interrupted()
    except MinelibError as error:
        _complain(error)
        return 1 if isinstance(error, DamagedData | RunFailed) else 2
    except Exception as error:
        if hasattr(error, "show") and hasattr(error, "exit_code"):  # wrong usage
            error.show(file=sys.stderr)
            return error.exit_code
        if os.environ.get("MINELIB_DEBUG"):
            raise
        if isinstance(error, ImportError):
            return _without_libraries(arguments, error)
        if isinstance(error, OSError):  # a full disk, a folder without rights
            reason = error.strerror or str(error)
            sentence = _("{place} cannot be read or written: {reason}.")
            _complain(sentence.format(place=error.filename or "stdout", reason=reason))
            return 1
        _complain(f"{type(error).__name__}: {error}")
        print("minelib: MINELIB_DEBUG=1 shows where this happened.", file=sys.stderr)
        return 1


def _without_libraries(arguments, error):
    """A library does not load: the doctor alone, asked without its command line, does without."""
    given = sys.argv[1:] if arguments is None else list(arguments)
    if given[:1] == ["doctor"]:
        from minelib.cli.doctor import doctor_command

        return doctor_command("zh" if given[-1] == "zh" else None)
    _complain(f"{type(error).__name__}: {error}")
    print("minelib: `minelib doctor` says what mends it.", file=sys.stderr)
    return 1


def _complain(error):
    for line in str(error).splitlines():
        print(f"minelib: {line}", file=sys.stderr)


def _interrupted():
    from minelib.words import gettext as _

    _complain(_("interrupted."))
    return 130
