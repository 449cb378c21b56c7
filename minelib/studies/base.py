# SPDX-License-Identifier: MIT
"""The model of a notebook's parameters: typed, with units, ranges and meanings.

A study is a pydantic model. It checks every parameter at once, before anything is computed,
sets the language, and gathers what the notebook found (`Study.record`, `Study.finish`).

>>> class Example(Study):
...     start: Day = parameter("2021-05-01", meaning="First day")
...     end: Day = parameter("2021-09-24", meaning="Last day")
...     horizon_days: int = parameter(180, unit="days", ge=30, le=900, meaning="Horizon")
...     lang: Language = parameter("en", meaning="Language")
...     checks = (before("start", "end"),)
>>> Example(start="2021-06-20").start
'2021-06-20'
>>> Example(horizon_days="abc", end="2021-02-30")
Traceback (most recent call last):
...
minelib.errors.BadParameters: end = '2021-02-30': is not a day of the calendar (YYYY-MM-DD).
horizon_days = 'abc': must be a whole number from 30 to 900 (days).
"""

import re
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, PrivateAttr

from minelib import words
from minelib.catalog.units import UNITS
from minelib.errors import BadParameter, BadParameters, UnknownName
from minelib.studies.fields import (
    as_day,
    as_month,
    checked,
    choices_of,
    range_in_words,
    type_name,
)
from minelib.words import gettext as _

__all__ = ["Day", "Language", "Month", "Study", "Year", "before", "check", "parameter"]


Day = Annotated[str, AfterValidator(as_day)]
"""A day as ISO text, ``"2021-06-20"``: pandas takes it as it is, and it prints as it is."""

Month = Annotated[str, AfterValidator(as_month)]
"""A month as the ISO text of its first day, ``"2021-06-01"``; ``"2021-06"`` is taken too."""

Year = int
"""A calendar year."""

Language = Literal["en", "zh"]
"""Language of prose, figures and tables."""


def parameter(default, *, meaning, unit="", ge=None, le=None, gt=None, lt=None, choices=None):
    """Declare one parameter of a study.

    Parameters
    ----------
    default : str, int, float, bool, None or list of them
        A literal; the notebook's parameters cell states the same.
    meaning : str
        One line for the reader, in English, marked with `minelib.words.N_`.
    unit : str
        A unit of `minelib.catalog.units.UNITS`; "" for none.
    ge, le : number or str, optional
        Lowest and highest value allowed, both inclusive. Days and months as ISO text.
    gt, lt : number or str, optional
        The same, exclusive.
    choices : iterable, or callable without arguments returning one, optional
        The values allowed; for a list, what its members may be. A callable is asked only
        when a value is checked.

    Raises
    ------
    UnknownName
        A unit that is not in the list.

    Examples
    --------
    >>> class Priced(Study):
    ...     price_usd_kwh: float = parameter(0.05, unit="USD/kWh", gt=0, le=1, meaning="Tariff")
    >>> Priced().price_usd_kwh
    0.05
    """
    if unit not in UNITS:
        raise UnknownName("unit", unit, UNITS)
    rules = {"ge": ge, "le": le, "gt": gt, "lt": lt}
    extra = {"unit": unit, "meaning": meaning, "choices": choices}
    extra["range"] = {k: v for k, v in rules.items() if v is not None}
    return Field(default, validate_default=True, json_schema_extra={"minelib": extra})


@dataclass(frozen=True)
class check:
    """A rule between parameters.

    Parameters
    ----------
    names : tuple of str
        The parameters it looks at.
    broken : callable
        Given their values in that order, returns None when all is well, else a message.

    Examples
    --------
    >>> rule = check(("low", "high"), lambda low, high: "low must be below high"
    ...              if low >= high else None)
    >>> rule.broken(1, 2) is None
    True
    """

    names: tuple
    broken: Any


def before(first, second, or_equal=False):
    """The rule that one date (or number) comes before another.

    Parameters
    ----------
    first, second : str
        Names of parameters of the same type. A None in either is not compared.
    or_equal : bool
        Whether they may be the same.

    Returns
    -------
    check
    """

    def broken(a, b):
        if a is None or b is None or a < b or (or_equal and a == b):
            return None
        if or_equal:
            sentence = _("{first} ({a}) must not be later than {second} ({b})")
        else:
            sentence = _("{first} ({a}) must come before {second} ({b})")
        return sentence.format(first=first, second=second, a=a, b=b)

    return check((first, second), broken)


class Study(BaseModel):
    """Base of all studies.

    A subclass declares its parameters with `parameter` and may set ``checks``, a tuple of
    rules made with `before` or `check`, and ``finds``, the findings it may `keep`: name to
    `minelib.studies.findings.finding`. Values are read as attributes; they do not change.

    Raises
    ------
    BadParameters
        On construction, with every problem at once.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, allow_inf_nan=False)
    checks: ClassVar[tuple] = ()
    finds: ClassVar[dict] = {}
    _findings: list = PrivateAttr(default_factory=list)

    def __init__(self, **values):
        values, problems = self.checked(values)
        if problems:
            raise BadParameters(problems)
        super().__init__(**values)
        if "lang" in values:
            words.use(values["lang"])

    @classmethod
    def slug(cls):
        """The notebook's slug.

        Examples
        --------
        >>> class ElectricityCarbon(Study):
        ...     pass
        >>> ElectricityCarbon.slug()
        'electricity-carbon'
        """
        return re.sub(r"(?<!^)(?=[A-Z])", "-", cls.__name__).lower()

    @classmethod
    def checked(cls, values, from_text=False):
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
        problems = [
            UnknownName(_("parameter"), name, cls.model_fields)
            for name in values
            if name not in cls.model_fields
        ]
        good = {}
        for name, field in cls.model_fields.items():
            given = values.get(name, field.default)
            try:
                # a default is known to be one of the choices; asking may mean reading a table
                asked = name in values
                good[name] = checked(field, given, from_text and asked, look_up=asked)
            except ValueError as error:
                problems.append(BadParameter(name, given, str(error)))
        for rule in cls.checks:  # the defaults are known to be in order
            if any(name in values for name in rule.names) and good.keys() >= {*rule.names}:
                message = rule.broken(*(good[name] for name in rule.names))
                if message:
                    ended = message[-1] in ".?!。？！"
                    message = message if ended else _("{sentence}.").format(sentence=message)
                    problems.append(BadParameters([message]))
        return good, problems

    @classmethod
    def parameters(cls, lang=None):
        """What the parameters are, for a table of them.

        Parameters
        ----------
        lang : str or None
            Language of the meanings.

        Returns
        -------
        list of dict
            ``name``, ``type``, ``unit``, ``default``, ``range`` (in words), ``choices``
            (list or None) and ``meaning``, in the order of declaration.
        """
        listed = []
        for name, field in cls.model_fields.items():
            extra = field.json_schema_extra["minelib"]
            listed.append(
                {
                    "name": name,
                    "type": type_name(field, lang),
                    "unit": extra["unit"],
                    "default": field.default,
                    "range": range_in_words(extra["range"], lang),
                    "choices": choices_of(field),
                    "meaning": _(extra["meaning"], lang),
                }
            )
        return listed

    def values(self):
        """The parameters of this study as a dict, in the order of declaration."""
        return {name: getattr(self, name) for name in type(self).model_fields}

    def record(self, name, value, unit="", *, lower=None, upper=None, level=None, meaning=""):
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
        from minelib.studies.findings import checked

        taken = [found["name"] for found in self._findings]
        self._findings.append(checked(name, value, unit, lower, upper, level, meaning, taken))
        return value

    def keep(self, name, value):
        """Keep a finding that the study declares.

        Parameters
        ----------
        name : str
            As declared (``"largest_seasonal_move"``), one of a family
            (``"index_2021"`` of ``"index_{year}"``), or, for a frame, the family itself.
        value : scalar, row or frame
            A scalar; a row (Series, dict, named tuple) with the declared columns; a frame
            with a row a finding, whose names are made from its columns (or its index) and
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
        >>> from minelib.studies.findings import finding
        >>> class Seasons(Study):
        ...     finds = {"moved": finding("moved_pp", unit="percentage points", meaning="Moved")}
        >>> study = Seasons()
        >>> _ = study.keep("moved", {"moved_pp": 12.5})
        >>> study.finish().rows()
        [('Moved', '12.5', '', 'percentage points')]
        """
        from minelib.studies.findings import checked, read
        from minelib.studies.namespace import family_of, rows_of

        pattern = name if name in self.finds else family_of(name, self.finds)
        for each, parts, row in rows_of(name, pattern, value):
            found = checked(each, **read(self.finds[pattern], each, row, parts, self.values()))
            places = {f["name"]: i for i, f in enumerate(self._findings)}
            if each in places:
                self._findings[places[each]] = found
            else:
                self._findings.append(found)
        return value

    def finish(self):
        """Show the findings and hand them out as data. The last cell of every notebook.

        Returns
        -------
        minelib.studies.findings.Findings
            Shown in a notebook as a table, and as data under the type
            ``application/vnd.minelib.findings+json``.
        """
        from minelib.studies.findings import Findings, data_versions

        return Findings(
            study=self.slug(),
            parameters=self.values(),
            findings=[dict(found) for found in self._findings],
            data=data_versions(),
        )
