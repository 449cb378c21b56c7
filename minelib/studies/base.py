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

import datetime
import re
import types
import typing
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, PrivateAttr, ValidationError

from minelib import text
from minelib.errors import BadParameter, BadParameters, UnknownName
from minelib.text import gettext as _
from minelib.units import UNITS

__all__ = ["Day", "Language", "Month", "Study", "Year", "before", "check", "parameter"]


def _day(value):
    if re.fullmatch(r"\d{4}-\d{2}-\d{2}", value):
        try:
            return datetime.date.fromisoformat(value).isoformat()
        except ValueError:
            pass
    raise ValueError(_("is not a day of the calendar (YYYY-MM-DD)"))


def _month(value):
    match = re.fullmatch(r"(\d{4})-(\d{2})(?:-01)?", value)
    if match and 1 <= int(match[2]) <= 12 and int(match[1]) >= 1:
        return f"{match[1]}-{match[2]}-01"
    raise ValueError(_("is not a month (YYYY-MM, or its first day)"))


Day = Annotated[str, AfterValidator(_day)]
"""A day as ISO text, ``"2021-06-20"``: pandas takes it as it is, and it prints as it is."""

Month = Annotated[str, AfterValidator(_month)]
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
        One line for the reader, in English, marked with `minelib.text.N_`.
    unit : str
        A unit of `minelib.units.UNITS`; "" for none.
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
    rules made with `before` or `check`. Values are read as attributes; they do not change.

    Raises
    ------
    BadParameters
        On construction, with every problem at once.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, allow_inf_nan=False)
    checks: ClassVar[tuple] = ()
    _findings: list = PrivateAttr(default_factory=list)

    def __init__(self, **values):
        values, problems = self.checked(values)
        if problems:
            raise BadParameters(problems)
        super().__init__(**values)
        if "lang" in values:
            text.use(values["lang"])

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
                good[name] = _checked(field, given, from_text and asked, look_up=asked)
            except ValueError as error:
                problems.append(BadParameter(name, given, str(error)))
        for rule in cls.checks:
            if all(name in good for name in rule.names):
                message = rule.broken(*(good[name] for name in rule.names))
                if message:
                    problems.append(BadParameters([f"{message}."]))
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
                    "type": _type_name(field, lang),
                    "unit": extra["unit"],
                    "default": field.default,
                    "range": _range_in_words(extra["range"], lang),
                    "choices": _choices(field),
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
            A unit of `minelib.units.UNITS`.
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
        from minelib.studies.findings import finding

        taken = [found["name"] for found in self._findings]
        self._findings.append(finding(name, value, unit, lower, upper, level, meaning, taken))
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


def _parts(field):
    """The field's type without None, and whether None is allowed."""
    kind, optional = field.annotation, False
    if typing.get_origin(kind) in (typing.Union, types.UnionType):
        members = [m for m in typing.get_args(kind) if m is not type(None)]
        optional = len(members) < len(typing.get_args(kind))
        kind = members[0] if len(members) == 1 else kind
    if typing.get_origin(kind) is Annotated:
        kind = typing.get_args(kind)[0]
    return kind, optional


def _is_list(kind):
    return kind is list or typing.get_origin(kind) in (list, tuple)


def _choices(field):
    choices = field.json_schema_extra["minelib"]["choices"]
    if choices is not None:
        return list(choices() if callable(choices) else choices)
    kind = _parts(field)[0]
    if _is_list(kind) and typing.get_args(kind):
        kind = typing.get_args(kind)[0]
    return list(typing.get_args(kind)) if typing.get_origin(kind) is Literal else None


def _adapter(field, _cache={}):  # noqa: B006 - one adapter a field, made when first needed
    from pydantic import TypeAdapter

    if id(field) not in _cache:
        kind = field.annotation
        for extra in field.metadata:
            kind = Annotated[kind, extra]
        _cache[id(field)] = (TypeAdapter(kind), field)
    return _cache[id(field)][0]


def _checked(field, value, from_text, look_up=True):
    """The value in the field's type, or ValueError with the rule it breaks."""
    kind, optional = _parts(field)
    if from_text and isinstance(value, str):
        if optional and value.strip().lower() in ("none", "null", ""):
            value = None
        elif _is_list(kind):
            value = [part.strip() for part in value.strip("[]()").split(",") if part.strip()]
    try:
        value = _adapter(field).validate_python(value, strict=not from_text)
    except ValidationError as error:
        first = error.errors()[0]
        if first["type"] == "value_error":
            raise ValueError(str(first["ctx"]["error"])) from None
        raise ValueError(_expected(field)) from None
    if isinstance(value, float) and value - value != 0:
        raise ValueError(_expected(field))
    members = value if _is_list(kind) and value is not None else [value]
    choices = _choices(field) if look_up else None
    for member in members:
        if member is None and optional:
            continue
        if choices is not None and member not in choices:
            raise ValueError(_expected(field) + _nearest(member, choices))
        if _out_of_range(member, field.json_schema_extra["minelib"]["range"]):
            raise ValueError(_expected(field))
    return value


def _out_of_range(value, rules):
    return (
        ("ge" in rules and value < rules["ge"])
        or ("le" in rules and value > rules["le"])
        or ("gt" in rules and value <= rules["gt"])
        or ("lt" in rules and value >= rules["lt"])
    )


def _nearest(value, choices):
    from minelib.errors import nearest

    close = nearest(value, choices, most=1)
    return _("; did you mean {name!r}").format(name=close[0]) if close else ""


def _expected(field):
    """What a value must be, in words: ``must be a whole number from 30 to 900 (days)``."""
    extra, (kind, optional) = field.json_schema_extra["minelib"], _parts(field)
    choices = _choices(field)
    if choices is not None:
        listed = ", ".join(str(choice) for choice in choices[:40])
        listed += ", …" if len(choices) > 40 else ""
        each = (
            _("each must be one of: {choices}")
            if _is_list(kind)
            else _("must be one of: {choices}")
        )
        sentence = each.format(choices=listed)
    else:
        sentence = {
            int: _("must be a whole number"),
            float: _("must be a number"),
            bool: _("must be true or false"),
            str: _("must be text"),
        }.get(
            kind,
            _("must be a list")
            if _is_list(kind)
            else _("must be {type}").format(type=_type_name(field)),
        )
    words = _range_in_words(extra["range"])
    sentence += f" {words}" if words else ""
    sentence += f" ({_(extra['unit'])})" if extra["unit"] else ""
    return sentence + (_(", or none") if optional else "")


def _range_in_words(rules, lang=None):
    low, high = rules.get("ge"), rules.get("le")
    if low is not None and high is not None:
        return _("from {low} to {high}", lang).format(low=low, high=high)
    words = []
    for rule, sentence in (
        ("ge", _("at least {bound}", lang)),
        ("gt", _("above {bound}", lang)),
        ("le", _("at most {bound}", lang)),
        ("lt", _("below {bound}", lang)),
    ):
        if rule in rules:
            words.append(sentence.format(bound=rules[rule]))
    return _(" and ", lang).join(words)


def _type_name(field, lang=None):
    kind, optional = _parts(field)
    validators = [m.func for m in field.metadata if isinstance(m, AfterValidator)]
    annotated = field.annotation
    for member in (annotated, *typing.get_args(annotated)):
        if typing.get_origin(member) is Annotated:
            validators += [
                m.func for m in typing.get_args(member)[1:] if isinstance(m, AfterValidator)
            ]
    if _day in validators:
        name = _("day", lang)
    elif _month in validators:
        name = _("month", lang)
    elif _is_list(kind):
        name = _("list", lang)
    elif typing.get_origin(kind) is Literal:
        name = _("choice", lang)
    else:
        name = {
            int: _("whole number", lang),
            float: _("number", lang),
            str: _("text", lang),
            bool: _("true or false", lang),
        }.get(kind, str(kind))
    return name + (_(", or none", lang) if optional else "")
