# SPDX-License-Identifier: MIT
"""The exceptions of the package. Each carries one sentence a reader can act on.

All of them derive from `MinelibError`, so that a caller may catch one class; each also
derives from the built-in exception a Python user would expect (``ValueError``, ``KeyError``).
"""

from collections.abc import Iterable
from difflib import get_close_matches

from minelib.words import gettext as _

__all__ = [
    "BadInput",
    "BadParameter",
    "BadParameters",
    "DamagedData",
    "MinelibError",
    "OutOfCoverage",
    "RunFailed",
    "UnknownName",
    "by_refresh",
    "nearest",
]


def nearest(name: object, known: Iterable[object], most: int = 3) -> list[str]:
    """The known names most like ``name``, best first, letter case ignored.

    Parameters
    ----------
    name : str
    known : iterable of str
    most : int
        How many at most.

    Returns
    -------
    list of str
        Empty when nothing is alike.

    Examples
    --------
    >>> nearest("country_shar", ["country_share", "pools"])
    ['country_share']
    """
    by_lower: dict[str, str] = {}
    for each in known:
        by_lower.setdefault(str(each).lower(), str(each))
    asked = str(name).lower()
    close = get_close_matches(asked, by_lower, n=most, cutoff=0.5)
    close += [k for k in by_lower if asked and asked in k and k not in close]
    return [by_lower[k] for k in close[:most]]


class MinelibError(Exception):
    """Base of every error the package raises on purpose."""

    def __str__(self):  # KeyError would show the repr of the sentence
        return str(self.args[0]) if self.args else ""


class UnknownName(MinelibError, KeyError):
    """A table, place, machine, notebook ... that does not exist.

    Parameters
    ----------
    kind : str
        What was looked for, in words ("table").
    name : str
        What was asked.
    known : iterable of str
        What there is; the nearest are offered.

    Examples
    --------
    >>> print(UnknownName("table", "pool", ["pools", "events"]))
    There is no table named 'pool'. Did you mean 'pools'?
    """

    def __init__(self, kind: str, name: object, known: Iterable[object] = ()) -> None:
        self.kind, self.name, self.known = kind, name, [str(k) for k in known]
        self.suggestions = nearest(name, self.known)
        sentence = _("There is no {kind} named {name!r}.").format(kind=_(kind), name=str(name))
        if self.suggestions:
            offered = _(" or ").join(repr(s) for s in self.suggestions)
            sentence += _(" Did you mean {offered}?").format(offered=offered)
        elif self.known and len(self.known) <= 40:
            sentence += _(" Known: {known}.").format(known=", ".join(self.known))
        super().__init__(sentence)


class BadParameter(MinelibError, ValueError):
    """A parameter whose value breaks a rule.

    Examples
    --------
    >>> print(BadParameter("horizon_days", -1, "must be at least 30"))
    horizon_days = -1: must be at least 30.
    """

    def __init__(self, name: str, value: object, rule: str) -> None:
        self.name, self.value, self.rule = name, value, str(rule).rstrip(".。")
        shown = repr(value)
        shown = type(value).__name__ if "\n" in shown else shown  # a frame
        shown = shown if len(shown) <= 80 else shown[:79] + "…"
        sentence = _("{name} = {value}: {rule}.")
        super().__init__(sentence.format(name=name, value=shown, rule=self.rule))


class BadParameters(MinelibError, ValueError):
    """Several parameters at once; ``problems`` holds one sentence each."""

    def __init__(self, problems: Iterable[object]) -> None:
        self.problems = [str(p) for p in problems]
        super().__init__("\n".join(self.problems))


class BadInput(MinelibError, ValueError):
    """A frame or series handed in by the user that cannot be worked with.

    Examples
    --------
    >>> print(BadInput("{what} has no rows.", what="energy"))
    energy has no rows.
    """

    def __init__(self, sentence: str, **words: object) -> None:
        super().__init__(sentence.format(**words) if words else sentence)


class OutOfCoverage(MinelibError, ValueError):
    """A date or month outside what the data cover, and what would extend them, as a sentence.

    Examples
    --------
    >>> print(OutOfCoverage("The mining map", "2023-01", "2019-09 to 2022-01"))
    The mining map does not cover 2023-01: it has 2019-09 to 2022-01.
    """

    def __init__(self, what, asked, covered, beyond=""):
        self.what, self.asked, self.covered, self.beyond = what, asked, covered, beyond
        sentence = _("{what} does not cover {asked}: it has {covered}.").format(
            what=what, asked=asked, covered=covered
        )
        told = _("{sentence} {more}").format(sentence=sentence, more=beyond)
        super().__init__(told if beyond else sentence)


def by_refresh() -> str:
    """What extends a series that a reader may fetch newer files of, as a sentence."""
    return _("Newer files of your own extend it: minelib refresh --from FILE")


class DamagedData(MinelibError):
    """A shipped file that is missing, altered or breaks its schema.

    Attributes
    ----------
    file : str
        Path of the file, relative to the data folder.
    line : int or None
        Line in the file, counted from 1 (the header).
    column : str or None
        Name of the column.
    value : str or None
        What stands there.
    rule : str
        What it breaks.

    Examples
    --------
    >>> e = DamagedData("pools/pools.csv", "is not one of: high, low", 3, "confidence", "hgih")
    >>> print(e)
    pools/pools.csv, line 3, column confidence, value 'hgih': is not one of: high, low
    """

    def __init__(self, file, rule, line=None, column=None, value=None):
        self.file, self.rule, self.line, self.column, self.value = file, rule, line, column, value
        place = str(file)
        if line is not None:
            place += f", line {line}"
        if column is not None:
            place += f", column {column}"
        if value is not None:
            place += f", value {value!r}"
        super().__init__(f"{place}: {rule}")


class RunFailed(MinelibError, RuntimeError):
    """A notebook that was started and did not finish."""
