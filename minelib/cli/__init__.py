# SPDX-License-Identifier: MIT
"""The command line: ``minelib run``, ``minelib data`` and the others.

Exit codes: 0 all well, 1 something ran and failed, 2 the request was wrong and nothing was
started, 130 interrupted.
"""

import os
import signal
import sys

__all__ = ["main"]


def main(arguments: list[str] | None = None) -> None:
    """Entry of the ``minelib`` command. Ends the process with the exit code."""
    for name in ("SIGTERM", "SIGHUP"):  # told to end, or the terminal was closed: tidy up first
        number = getattr(signal, name, None)
        if number is not None and signal.getsignal(number) == signal.SIG_DFL:
            signal.signal(number, _end)
    sys.exit(run(arguments))


def _end(number, _frame):
    sys.exit(128 + number)


def run(arguments: list[str] | None = None) -> int:
    """Do what the arguments say; return the exit code.

    Examples
    --------
    >>> run(["params", "no-such-notebook"])
    2
    """
    from minelib.errors import DamagedData, MinelibError, RunFailed
    from minelib.words import gettext as _

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
    except BrokenPipeError:  # the reader of our output has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except MinelibError as error:
        _complain(error)
        return 1 if isinstance(error, DamagedData | RunFailed) else 2
    except Exception as error:
        if hasattr(error, "show") and hasattr(error, "exit_code"):  # wrong usage
            error.show()
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
