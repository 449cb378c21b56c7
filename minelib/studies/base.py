# SPDX-License-Identifier: MIT
"""The model of a notebook's parameters: typed, with units, ranges and meanings.

A study is a pydantic model. It checks every parameter at once, before anything is computed,
sets the language, and gathers what the notebook found (`Study.record`, `Study.finish`).

>>> class Example(Study):
...     start: Day = parameter("2021-05-01")
...     end: Day = parameter("2021-09-24")
...     horizon_days: int = parameter(180, unit="days", ge=30, le=900)
...     lang: Language = parameter("en")
...     checks = (before("start", "end"),)
>>> Example(start="2021-06-20").start
'2021-06-20'
>>> Example(horizon_days="abc", end="2021-02-30")
Traceback (most recent call last):
...
minelib.errors.BadParameters: end = '2021-02-30': is not a day of the calendar (YYYY-MM-DD).
horizon_days = 'abc': must be a whole number from 30 to 900 (days).
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar

from pydantic import BaseModel, ConfigDict, PrivateAttr

from minelib import words
from minelib.catalog.own import PACKAGED
from minelib.errors import BadParameter, BadParameters, MinelibError, UnknownName
from minelib.studies.findings import DECLARED, checked, data_versions, finding, found_in
from minelib.studies.notebooks import comments_of
from minelib.studies.parameters import (
    CONFIG,
    Data,
    Day,
    Language,
    Month,
    Shape,
    one_of,
    parameter,
    valid,
)
from minelib.studies.registry import slug_of
from minelib.studies.table import Findings
from minelib.words import gettext as _

__all__ = [
    "Data",
    "Day",
    "Language",
    "Month",
    "Study",
    "before",
    "check",
    "finding",
    "one_of",
    "parameter",
]


@dataclass(frozen=True)
class check:
    """A rule between parameters.

    Parameters
    ----------
    names : tuple of str
        The parameters it looks at.
    broken : callable
        Given their values in that order, returns None when all is well, else a message; the
        message of a `MinelibError` that it raises counts, too.

    Examples
    --------
    >>> rule = check(("low", "high"), lambda low, high: "low must be below high"
    ...              if low >= high else None)
    >>> rule.broken(1, 2) is None
    True
    """

    names: tuple[str, ...]
    broken: Callable[..., str | None]


def before(first: str, second: str) -> check:
    """The rule that one date (or number) comes before another.

    Parameters
    ----------
    first, second : str
        Names of parameters of the same type. A None in either is not compared.

    Returns
    -------
    check
    """

    def broken(a, b):
        if a is None or b is None or a < b:
            return None
        sentence = _("{first} ({a}) must come before {second} ({b})")
        return sentence.format(first=first, second=second, a=a, b=b)

    return check((first, second), broken)


class Study(BaseModel):
    """Base of all studies.

    A subclass declares its parameters with `parameter` and may set ``checks``, a tuple of
    rules made with `before` or `check`. The findings it may `keep` stand in ``findings.toml``
    under its slug; ``finds``, name to `finding`, adds to them. Values are read as attributes;
    they do not change.

    Raises
    ------
    BadParameters
        On construction, with every problem at once.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, validate_default=True, **CONFIG)
    checks: ClassVar[tuple] = ()
    finds: ClassVar[dict[str, finding]] = {}
    _findings: dict = PrivateAttr(default_factory=dict)

    @classmethod
    def __pydantic_init_subclass__(cls, **_options: Any) -> None:
        cls.finds = DECLARED.get(cls.slug(), {}) | cls.__dict__.get("finds", {})

    def __init__(self, **values: Any) -> None:
        values, problems = self.checked(values)
        if problems:
            raise BadParameters(problems)
        super().__init__()
        self.__dict__.update(values)  # checked, and by other bounds where data are newer
        if "lang" in values:
            words.use(values["lang"])

    @classmethod
    def slug(cls) -> str:
        """The notebook's slug.

        Examples
        --------
        >>> class ElectricityCarbon(Study):
        ...     pass
        >>> ElectricityCarbon.slug()
        'electricity-carbon'
        """
        return slug_of(cls.__name__)

    @classmethod
    def checked(cls, values: dict[str, Any], from_text: bool = False) -> tuple[dict, list]:
        """Check values without making a study.

        Parameters
        ----------
        values : dict
            Some of the parameters by name; the others keep their defaults.
        from_text : bool
            Whether strings stand for numbers, truth values and lists (``"90"``, ``"true"``,
            ``"a,b"``), as they come from a command line.

        Returns
        -------
        values : dict
            Every parameter with its value, in the order of declaration; those with a
            problem are missing.
        problems : list of MinelibError
            Empty when all is well. Everything that is wrong, not only the first.
        """
        fields = cls.model_fields
        problems: list[MinelibError] = [
            UnknownName(_("parameter"), n, fields) for n in values if n not in fields
        ]
        good: dict[str, Any] = {}
        newer = values.get("data", PACKAGED) != PACKAGED
        for name, field in fields.items():
            given, asked = values.get(name, field.default), name in values
            try:
                good[name] = valid(cls, name, given, from_text and asked, asked, newer)
            except ValueError as error:
                problems.append(BadParameter(name, given, str(error)))
        for rule in cls.checks:  # the defaults are known to be in order
            if any(name in values for name in rule.names) and good.keys() >= {*rule.names}:
                try:
                    message = rule.broken(*(good[name] for name in rule.names))
                except MinelibError as error:
                    message = str(error)
                if message:
                    ended = message[-1] in ".?!。？！"
                    message = message if ended else _("{sentence}.").format(sentence=message)
                    problems.append(BadParameters([message]))
        return good, problems

    @classmethod
    def parameters(cls, lang: str | None = None) -> list[dict]:
        """What the parameters are, for a table of them.

        Parameters
        ----------
        lang : str or None
            Language of the meanings.

        Returns
        -------
        list of dict
            ``name``, ``type``, ``unit``, ``default``, ``range`` (in words), ``choices``
            (list or None) and ``meaning``, in the order of declaration. The meaning is the
            comment above the parameter in the notebook's parameters cell, where the
            declaration has none.
        """
        comments = comments_of(cls.slug())
        listed = []
        for name, field in cls.model_fields.items():
            shape = Shape.of(field)
            listed.append(
                {
                    "name": name,
                    "type": shape.name(lang),
                    "unit": shape.unit,
                    "default": field.default,
                    "range": shape.range(lang),
                    "choices": shape.choices(),
                    "meaning": _(field.description or comments.get(name, ""), lang),
                }
            )
        return listed

    @classmethod
    def units(cls) -> dict[str, str]:
        """The unit of each parameter that has one."""
        units = {name: Shape.of(field).unit for name, field in cls.model_fields.items()}
        return {name: unit for name, unit in units.items() if unit}

    def values(self) -> dict[str, Any]:
        """The parameters of this study as a dict, in the order of declaration."""
        return {name: getattr(self, name) for name in type(self).model_fields}

    def record(
        self,
        name: str,
        value: Any,
        unit: str = "",
        *,
        lower: Any = None,
        upper: Any = None,
        level: float | None = None,
        meaning: str = "",
    ) -> Any:
        """Note one finding.

        Parameters
        ----------
        name : str
            Short name, ``snake_case``, unique in the notebook.
        value : number, bool, str, date or None
            None (or NaN, NaT) when it could not be computed.
        unit : str
            A unit of `minelib.catalog.units.UNITS`.
        lower, upper : number, str or date, optional
            Bounds of the interval, both inclusive.
        level : float, optional
            Probability the interval stands for, between 0 and 1.
        meaning : str
            What it is, for the reader, in the current language.

        Returns
        -------
        the value, so that a cell may show it

        Raises
        ------
        BadInput
            A name used twice or not ``snake_case``, a value that is no single value, bounds
            in the wrong order.
        UnknownName
            A unit that is not in the list.
        """
        found = {"value": value, "unit": unit, "lower": lower, "upper": upper, "level": level}
        self._findings[name] = checked(name, self._findings, **found, meaning=meaning)
        return value

    def keep(self, name: str, value: Any) -> Any:
        """Keep a finding that the study declares.

        Parameters
        ----------
        name : str
            As declared (``"largest_seasonal_move"``), one of a family
            (``"index_2021"`` of ``"index_{year}"``), or, for a frame, the family itself.
        value : scalar, row or frame
            A scalar; a row (Series, dict, named tuple) with the declared columns; a frame
            with a row per finding, whose names are made from its columns (or its index) and
            from ``{n}``, the number of the row from 1.

        Returns
        -------
        the value, so that a cell may show it

        Raises
        ------
        UnknownName
            A name that the study does not declare; the nearest are offered.
        BadInput
            A frame for a single finding, a declared column that is not there, a value that
            is no single value, bounds in the wrong order.

        Notes
        -----
        A second call with the same name replaces the first, so that a cell may run again.

        Examples
        --------
        >>> class Seasons(Study):
        ...     finds = {"moved": finding("Moved", "moved_pp", "percentage points")}
        >>> study = Seasons()
        >>> _ = study.keep("moved", {"moved_pp": 12.5})
        >>> study.finish().rows()
        [('Moved', '12.5', '', 'percentage points')]
        """
        self._findings.update(found_in(self.finds, name, value, self.values()))
        return value

    def finish(self) -> Findings:
        """Show the findings and hand them out as data. The last cell of every notebook.

        Returns
        -------
        minelib.studies.table.Findings
            Shown in a notebook as a table, and as data under the type
            ``application/vnd.minelib.findings+json``.
        """
        found = [dict(each) for each in self._findings.values()]
        return Findings(self.slug(), self.values(), found, data_versions())
