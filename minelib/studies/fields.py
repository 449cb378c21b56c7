# SPDX-License-Identifier: MIT
"""One parameter of a study: its type, the rules for its value, and both in words."""

import datetime
import re
import types
import typing
from typing import Annotated, Literal

from pydantic import AfterValidator, ValidationError

from minelib.words import gettext as _

__all__ = ["as_day", "as_month", "checked", "choices_of", "range_in_words", "type_name"]


def as_day(value):
    """ISO text of a day, checked."""
    if re.fullmatch(r"\d{4}-\d{2}-\d{2}", value):
        try:
            return datetime.date.fromisoformat(value).isoformat()
        except ValueError:
            pass
    raise ValueError(_("is not a day of the calendar (YYYY-MM-DD)"))


def as_month(value):
    """ISO text of a month's first day, from that or from ``YYYY-MM``."""
    match = re.fullmatch(r"(\d{4})-(\d{2})(?:-01)?", value)
    if match and 1 <= int(match[2]) <= 12 and int(match[1]) >= 1:
        return f"{match[1]}-{match[2]}-01"
    raise ValueError(_("is not a month (YYYY-MM, or its first day)"))


def parts(field):
    """The field's type without None, and whether None is allowed."""
    kind, optional = field.annotation, False
    if typing.get_origin(kind) in (typing.Union, types.UnionType):
        members = [m for m in typing.get_args(kind) if m is not type(None)]
        optional = len(members) < len(typing.get_args(kind))
        kind = members[0] if len(members) == 1 else kind
    if typing.get_origin(kind) is Annotated:
        kind = typing.get_args(kind)[0]
    return kind, optional


def is_list(kind):
    """Whether a type is one of lists."""
    return kind is list or typing.get_origin(kind) in (list, tuple)


def choices_of(field):
    """The values allowed, as a list, or None."""
    choices = field.json_schema_extra["minelib"]["choices"]
    if choices is not None:
        return list(choices() if callable(choices) else choices)
    kind = parts(field)[0]
    if is_list(kind) and typing.get_args(kind):
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


def checked(field, value, from_text, look_up=True):
    """The value in the field's type, or ValueError with the rule it breaks."""
    kind, optional = parts(field)
    if from_text and isinstance(value, str):
        value = value.strip()
        if optional and value.lower() in ("none", "null", ""):
            value = None
        elif is_list(kind):  # also as the notebook has it, with brackets and quotes
            members = (part.strip().strip("'\"") for part in value.strip("[]()").split(","))
            value = [member for member in members if member]
    try:
        value = _adapter(field).validate_python(value, strict=not from_text)
    except ValidationError as error:
        first = error.errors()[0]
        if first["type"] == "value_error":
            raise ValueError(str(first["ctx"]["error"])) from None
        raise ValueError(expected(field)) from None
    if isinstance(value, float) and value - value != 0:
        raise ValueError(expected(field))
    members = value if is_list(kind) and value is not None else [value]
    choices = choices_of(field) if look_up else None
    for member in members:
        if member is None and optional:
            continue
        if choices is not None and member not in choices:
            raise ValueError(expected(field) + _nearest(member, choices))
        if _out_of_range(member, field.json_schema_extra["minelib"]["range"]):
            raise ValueError(expected(field))
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


def expected(field):
    """What a value must be, in words: ``must be a whole number from 30 to 900 (days)``."""
    extra, (kind, optional) = field.json_schema_extra["minelib"], parts(field)
    choices = choices_of(field)
    if choices is not None:
        listed = ", ".join(str(choice) for choice in choices[:40])
        listed += ", …" if len(choices) > 40 else ""
        each = (
            _("each must be one of: {choices}") if is_list(kind) else _("must be one of: {choices}")
        )
        sentence = each.format(choices=listed)
    else:
        sentence = _must_be(field, kind)
    words = range_in_words(extra["range"])
    if words:
        sentence = _("{rule} {range}").format(rule=sentence, range=words)
    if extra["unit"]:
        sentence = _("{rule} ({unit})").format(rule=sentence, unit=_(extra["unit"]))
    return sentence + (_(", or none") if optional else "")


def _must_be(field, kind):
    if _is_a(field, as_day):
        return _("each must be a day") if is_list(kind) else _("must be a day")
    if _is_a(field, as_month):
        return _("each must be a month") if is_list(kind) else _("must be a month")
    if is_list(kind):
        return _("must be a list")
    return {
        int: _("must be a whole number"),
        float: _("must be a number"),
        bool: _("must be true or false"),
        str: _("must be text"),
    }.get(kind) or _("must be {type}").format(type=type_name(field))


def range_in_words(rules, lang=None):
    """The bounds in words: ``from 30 to 900``."""
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


def _is_a(field, converter):
    found = [m.func for m in field.metadata if isinstance(m, AfterValidator)]
    for member in (field.annotation, *typing.get_args(field.annotation)):
        if typing.get_origin(member) is Annotated:
            extras = typing.get_args(member)[1:]
            found += [m.func for m in extras if isinstance(m, AfterValidator)]
    return converter in found


def type_name(field, lang=None):
    """The type in words: ``day``, ``list (day)``, ``number, or none``."""
    kind, optional = parts(field)
    member = (*typing.get_args(kind), None)[0] if is_list(kind) else kind
    if _is_a(field, as_day):
        name = _("day", lang)
    elif _is_a(field, as_month):
        name = _("month", lang)
    elif field.json_schema_extra["minelib"]["choices"] or typing.get_origin(member) is Literal:
        name = _("choice", lang)
    else:
        name = {
            int: _("whole number", lang),
            float: _("number", lang),
            str: _("text", lang),
            bool: _("true or false", lang),
        }.get(member, str(member))
    if is_list(kind):
        name = _("list ({type})", lang).format(type=name)
    return name + (_(", or none", lang) if optional else "")
