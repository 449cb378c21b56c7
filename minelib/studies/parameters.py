# SPDX-License-Identifier: MIT
"""The parameters of a study: types and constraints of pydantic, and what breaks them in words."""

import datetime
import re
from collections.abc import Callable, Iterable
from functools import cache
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, NamedTuple, Union, get_args, get_origin

from pydantic import AfterValidator, ConfigDict, Field, TypeAdapter, ValidationError, ValidationInfo
from pydantic.fields import FieldInfo

from minelib.catalog.own import PACKAGED, catalog_of, versions
from minelib.catalog.units import UNITS
from minelib.errors import MinelibError, UnknownName, nearest
from minelib.words import N_, gettext as _

__all__ = ["Data", "Day", "Language", "Month", "one_of", "parameter"]

CONFIG = ConfigDict(strict=True, allow_inf_nan=False)


def _as_day(value):
    """ISO text of a day, checked."""
    if re.fullmatch(r"\d{4}-\d{2}-\d{2}", value):
        try:
            return datetime.date.fromisoformat(value).isoformat()
        except ValueError:
            pass
    raise ValueError(_("is not a day of the calendar (YYYY-MM-DD)"))


def _as_month(value):
    """ISO text of a month's first day, from that or from ``YYYY-MM``."""
    match = re.fullmatch(r"(\d{4})-(\d{2})(?:-01)?", value)
    if match and 1 <= int(match[2]) <= 12 and int(match[1]) >= 1:
        return f"{match[1]}-{match[2]}-01"
    raise ValueError(_("is not a month (YYYY-MM, or its first day)"))


Day = Annotated[str, AfterValidator(_as_day)]
"""A day as ISO text, ``"2021-06-20"``: pandas takes it as it is, and it prints as it is."""

Month = Annotated[str, AfterValidator(_as_month)]
"""A month as the ISO text of its first day, ``"2021-06-01"``; ``"2021-06"`` is taken too."""

Language = Literal["en", "zh"]
"""Language of prose, figures and tables."""


def one_of(ask: Callable[[], Iterable[str]]) -> AfterValidator:
    """The constraint that a value is one of those that a function names.

    The function is asked only when a value was given: the default is known to be one of them,
    and asking may mean reading a table. Fixed choices are a `typing.Literal`.

    Examples
    --------
    >>> from minelib.studies.base import Study
    >>> class Named(Study):
    ...     pool: Annotated[str, one_of(lambda: ["f2pool", "antpool"])] = parameter("f2pool")
    >>> str(Named.checked({"pool": "f2pol"})[1][0])
    "pool = 'f2pol': must be one of: f2pool, antpool; did you mean 'f2pool'."
    """

    def look_up(value: Any, info: ValidationInfo) -> Any:
        if info.context and value not in list(ask()):
            raise ValueError
        return value

    look_up.ask = ask  # type: ignore[attr-defined]
    return AfterValidator(look_up)


def _as_version(value, info):
    """The name of a version of the data; that there is one is asked where it was given."""
    if info.context and value != PACKAGED:
        try:
            catalog_of(value)
        except MinelibError as error:
            raise ValueError(str(error)) from None
    return value


_as_version.ask = versions  # type: ignore[attr-defined]
Data = Annotated[str, AfterValidator(_as_version)]
"""Version of the data: ``"packaged"``, or the reader's own, ``"mine"`` (the newest), ``"mine-1"``.
`minelib.studies.study` lets every table be read from it."""


def parameter(default: Any, *, unit: str = "", meaning: str = "", **bounds: Any) -> Any:
    """Declare one parameter of a study.

    Parameters
    ----------
    default : str, int, float, bool, None or list of them
        A literal; the notebook's parameters cell states the same.
    unit : str
        A unit of `minelib.catalog.units.UNITS`; "" for none.
    meaning : str
        One line for the reader, in English; "" where the comment above the parameter in the
        notebook's parameters cell says it.
    **bounds : number or str
        ``ge``, ``le`` (inclusive), ``gt``, ``lt`` (exclusive), as in `pydantic.Field`. Days and
        months as ISO text. Those of a list's members stand in its type:
        ``list[Annotated[Day, Field(ge="2018-01-01")]]``.

    Raises
    ------
    UnknownName
        A unit that is not in the list.

    Examples
    --------
    >>> from minelib.studies.base import Study
    >>> class Priced(Study):
    ...     price_usd_kwh: float = parameter(0.05, unit="USD/kWh", gt=0, le=1)
    >>> Priced().price_usd_kwh
    0.05
    """
    if unit not in UNITS:
        raise UnknownName("unit", unit, UNITS)
    return Field(default, description=meaning, json_schema_extra={"unit": unit}, **bounds)


# kind -> its name, what a value must be, what the members of a list must be
_WORDS = {
    _as_day: (N_("day"), N_("must be a day"), N_("each must be a day")),
    _as_month: (N_("month"), N_("must be a month"), N_("each must be a month")),
    int: (N_("whole number"), N_("must be a whole number"), N_("must be a list")),
    float: (N_("number"), N_("must be a number"), N_("must be a list")),
    str: (N_("text"), N_("must be text"), N_("must be a list")),
    bool: (N_("true or false"), N_("must be true or false"), N_("must be a list")),
}


class Shape(NamedTuple):
    """What the annotation and the constraints of a parameter come to."""

    kind: Any
    several: bool
    optional: bool
    unit: str
    bounds: dict
    ask: Callable | None

    @classmethod
    def of(cls, field):
        """Of a field of a model."""
        kind, several, optional, extras = field.annotation, False, False, list(field.metadata)
        while (origin := get_origin(kind)) in (Annotated, list, Union, UnionType):
            first, *others = [arg for arg in get_args(kind) if arg is not NoneType]
            if origin is Annotated:
                for extra in others:
                    extras += extra.metadata if isinstance(extra, FieldInfo) else [extra]
            several = several or origin is list
            optional = optional or origin in (Union, UnionType)
            kind = first
        functions = [extra.func for extra in extras if isinstance(extra, AfterValidator)]
        asks = [f.ask for f in functions if hasattr(f, "ask")]
        if origin is Literal:
            asks.append(lambda: get_args(kind))
        bounds = {
            rule: getattr(extra, rule)
            for rule in ("ge", "gt", "le", "lt")
            for extra in extras
            if hasattr(extra, rule)
        }
        known = next((f for f in functions if f in _WORDS), kind)
        unit = (field.json_schema_extra or {}).get("unit", "")
        return cls(known, several, optional, unit, bounds, asks[0] if asks else None)

    def _words(self):
        kind = getattr(self.kind, "__name__", str(self.kind))
        return _WORDS.get(self.kind) or (
            kind,
            *[_("must be of the kind {kind}").format(kind=kind)] * 2,
        )

    def choices(self):
        """The values allowed, as a list, or None."""
        return list(self.ask()) if self.ask else None

    def name(self, lang=None):
        """The type in words: ``day``, ``list (day)``, ``number, or none``."""
        name = _("choice", lang) if self.ask else _(self._words()[0], lang)
        if self.several:
            name = _("list ({type})", lang).format(type=name)
        return name + (_(", or none", lang) if self.optional else "")

    def range(self, lang=None):
        """The bounds in words: ``from 30 to 900``."""
        bounds = self.bounds
        if "ge" in bounds and "le" in bounds:
            return _("from {low} to {high}", lang).format(low=bounds["ge"], high=bounds["le"])
        words = {
            "ge": _("at least {bound}", lang),
            "gt": _("above {bound}", lang),
            "le": _("at most {bound}", lang),
            "lt": _("below {bound}", lang),
        }
        return _(" and ", lang).join(words[rule].format(bound=bounds[rule]) for rule in bounds)

    def must_be(self, given=None):
        """What a value must be, in words: ``must be a whole number from 30 to 900 (days)``."""
        choices = self.choices()
        if choices is None:
            sentence = _(self._words()[1 + self.several])
        else:
            listed = ", ".join(map(str, choices[:40])) + (", …" if len(choices) > 40 else "")
            many, one = _("each must be one of: {choices}"), _("must be one of: {choices}")
            sentence = (many if self.several else one).format(choices=listed)
        if self.bounds:
            sentence = _("{rule} {range}").format(rule=sentence, range=self.range())
        if self.unit:
            sentence = _("{rule} ({unit})").format(rule=sentence, unit=_(self.unit))
        if self.optional:
            sentence += _(", or none")
        near = nearest(given, choices or (), most=1)
        return sentence + (_("; did you mean {name!r}").format(name=near[0]) if near else "")


@cache
def _adapters(model):
    """What checks each parameter of a model by itself, so that all problems are told at once."""
    return {
        name: TypeAdapter(Annotated[field.annotation, field], config=CONFIG)
        for name, field in model.model_fields.items()
    }


def valid(
    model: Any, name: str, value: Any, from_text: bool, look_up: bool, newer: bool = False
) -> Any:
    """The value in the parameter's type, or ValueError with the rule it breaks.

    With newer data of the reader's own a day may lie after those of the packaged.
    """
    shape = Shape.of(model.model_fields[name])
    if from_text and isinstance(value, str):
        value = value.strip()
        if shape.optional and value.lower() in ("none", "null", ""):
            value = None
        elif shape.several:  # also as the notebook has it, with brackets and quotes
            members = (part.strip().strip("'\"") for part in value.strip("[]()").split(","))
            value = [member for member in members if member]
    try:
        return _adapters(model)[name].validate_python(
            value, strict=not from_text, context={"look up": True} if look_up else None
        )
    except ValidationError as error:
        first = error.errors()[0]
        if newer and shape.kind is _as_day and first["type"] == "less_than_equal":
            return value if shape.several else _as_day(value)
        own_words = str(first["ctx"]["error"]) if first["type"] == "value_error" else ""
        raise ValueError(own_words or shape.must_be(first["input"])) from None
