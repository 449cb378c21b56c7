# SPDX-License-Identifier: MIT
"""Words in two languages, through one gettext catalogue, and numbers by the language's habit.

English is the source. The Chinese catalogue is ``minelib/locale/zh/LC_MESSAGES/minelib.po``
and is read as it stands, so that what a translator edits is what the reader sees.
"""

from functools import cache
from pathlib import Path
from typing import Any, Literal

__all__ = [
    "LANGUAGES",
    "N_",
    "check_language",
    "compact",
    "current",
    "date",
    "decimals",
    "figure",
    "gettext",
    "interval",
    "month",
    "number",
    "percent",
    "quantity",
    "short_month",
    "use",
    "within",
]

LANGUAGES = ("en", "zh")
LOCALE_FOLDER = Path(__file__).parent / "locale"

_BABEL = {"en": "en_GB", "zh": "zh_Hans_CN"}
_state = {"language": "en"}


def check_language(lang: str | None = None) -> str:
    """Return ``lang`` when it is known, the current language for None.

    Raises
    ------
    LookupError
        `minelib.checks.language` raises the package's own.

    Examples
    --------
    >>> check_language("zh")
    'zh'
    """
    if lang is None:
        return current()
    if lang not in LANGUAGES:
        raise LookupError(f"There is no language named {lang!r}. Known: {', '.join(LANGUAGES)}.")
    return lang


def use(lang: str) -> None:
    """Make ``lang`` the current language of this process (a notebook's kernel)."""
    _state["language"] = check_language(lang)


def current() -> str:
    """The current language: ``"en"`` until `use` says otherwise."""
    return _state["language"]


def N_(message: str) -> str:
    """Mark a message for the catalogue without translating it here."""
    return message


@cache
def _messages(lang):
    if lang == "en":
        return {}
    from babel.messages.pofile import read_po

    path = LOCALE_FOLDER / lang / "LC_MESSAGES" / "minelib.po"
    if not path.exists():
        return {}
    with path.open("rb") as file:
        catalogue = read_po(file, locale=_BABEL[lang])
    return {m.id: m.string for m in catalogue if m.id and m.string and not m.fuzzy}


def prepare() -> None:
    """Read the messages of every language now, so that forked processes find them read."""
    for lang in LANGUAGES:
        _messages(lang)


def gettext(message: str, lang: str | None = None) -> str:
    """The message in the language; the English one where the catalogue has none.

    Parameters
    ----------
    message : str
        The English text, literally as it stands in the code.
    lang : str or None
        None for the current language.

    Examples
    --------
    >>> gettext("Hash rate (EH/s)", "en")
    'Hash rate (EH/s)'
    """
    return _messages(check_language(lang)).get(message, message)


def _locale(lang):
    return _BABEL[check_language(lang)]


def number(
    value: float | None, decimals: int = 0, lang: str | None = None, signed: bool = False
) -> str:
    """A number with grouped thousands and a fixed count of decimals.

    Examples
    --------
    >>> number(1234.567, 1, "en")
    '1,234.6'
    """
    from decimal import Decimal

    if value is None or value != value:
        return "–"
    # the decimal as it prints, halves to even: both languages group by thousands
    text = format(abs(Decimal(str(value))), f",.{decimals}f")
    rounded_to_zero = not any(c in "123456789" for c in text)
    sign = "" if rounded_to_zero else "−" if value < 0 else "+" if signed else ""
    return sign + text


def percent(
    value: float | None, decimals: int = 1, lang: str | None = None, signed: bool = False
) -> str:
    """A value already in percent, with its sign.

    Examples
    --------
    >>> percent(46.04, 1, "en")
    '46.0%'
    """
    if value is None or value != value:
        return "–"
    return number(value, decimals, lang, signed) + "%"


def decimals(value: float) -> int:
    """The decimals a number is told with where no column says how many.

    Two figures at least behind a leading zero, two decimals below ten, one below a thousand, none
    above.

    Examples
    --------
    >>> [decimals(value) for value in (0.00123, 0.55, 6.8, 46.04, 1234.5)]
    [4, 2, 2, 1, 0]
    """
    from math import floor, log10

    size = abs(value)
    if size == 0 or size >= 1000 or size != size:
        return 0
    return 1 if size >= 10 else 2 if size >= 0.1 else 1 - floor(log10(size))


def figure(value: float | None, lang: str | None = None, signed: bool = False) -> str:
    """A number as it is told everywhere: whole ones without decimals, others as `decimals` says.

    Examples
    --------
    >>> figure(46.04), figure(500_000), figure(0.0012)
    ('46.0', '500,000', '0.0012')
    """
    whole = value is not None and value == value and float(value).is_integer()
    places = 0 if whole or value is None else decimals(value)
    return number(value, places, lang, signed)


def quantity(value: float | None, unit: str = "", lang: str | None = None) -> str:
    """A number with its unit, as it is told everywhere.

    Parameters
    ----------
    value : float or None
    unit : str
        In English; ``"rank"`` makes it a place in an order, that of an ``"index"`` is not told.
    lang : {"en", "zh"} or None

    Examples
    --------
    >>> quantity(46.04, "percent"), quantity(104.89, "TWh"), quantity(3, "rank", "zh")
    ('46.0%', '104.9 TWh', '第 3 位')
    """
    said = figure(value, lang)
    if value is None or value != value:
        return said
    if unit == "rank":
        return gettext("number {rank}", lang).format(rank=said)
    if unit == "percent":
        return f"{said}%"
    return said if unit in ("", "index") else f"{said} {gettext(unit, lang)}"


def within(
    lower: float | None,
    upper: float | None,
    value: float | None = None,
    unit: str = "",
    lang: str | None = None,
) -> str:
    """An interval with the decimals of its value; empty where it has no width or no bounds.

    Examples
    --------
    >>> within(37.9, 338.02, 104.89), within(44, 48.25, 46.04, "percent"), within(3, 3)
    ('37.9 to 338.0', '44.0% to 48.2%', '')
    """
    if lower is None or upper is None or lower != lower or upper != upper or lower == upper:
        return ""
    told = [lower, upper] if value is None or value != value else [value, lower, upper]
    whole = all(float(each).is_integer() for each in told)
    places = 0 if whole else decimals(told[0] or max(map(abs, told)))
    sign = "%" if unit == "percent" else ""
    ends = {"lower": number(lower, places, lang), "upper": number(upper, places, lang)}
    return gettext("{lower} to {upper}", lang).format(**{n: e + sign for n, e in ends.items()})


def compact(value: Any, decimals: int = 1, lang: str | None = None) -> str:
    """A large number in the words of the language: million, billion; 万, 亿.

    Examples
    --------
    >>> compact(1_500_000, 1, "en"), compact(150_000_000_000, 0, "zh")
    ('1.5 million', '1500亿')
    >>> compact(6.662, 1, "en"), compact(6662.4, 0, "zh")
    ('6.7', '6,662')
    """
    from babel.numbers import format_compact_decimal

    if value is None or value != value:
        return "–"
    # Chinese has only the short style; below its first word a number is written out
    styles: dict[str, tuple[Literal["long", "short"], float]]
    styles = {"en": ("long", 1e3), "zh": ("short", 1e4)}
    style, least = styles[check_language(lang)]
    if abs(value) < least:
        return number(value, decimals, lang)
    return format_compact_decimal(
        value, format_type=style, fraction_digits=decimals, locale=_locale(lang)
    )


def date(day: Any, lang: str | None = None) -> str:
    """A day in words.

    Examples
    --------
    >>> import datetime
    >>> date(datetime.date(2021, 6, 20), "en"), date(datetime.date(2021, 6, 20), "zh")
    ('20 June 2021', '2021年6月20日')
    """
    from babel.dates import format_date

    return format_date(_as_date(day), format="long", locale=_locale(lang))


def month(day: Any, lang: str | None = None) -> str:
    """A month in words.

    Examples
    --------
    >>> import datetime
    >>> month(datetime.date(2021, 6, 1), "en"), month(datetime.date(2021, 6, 1), "zh")
    ('June 2021', '2021年6月')
    """
    from babel.dates import format_skeleton

    return format_skeleton("yMMMM", _as_date(day), locale=_locale(lang))


def short_month(day: Any, lang: str | None = None) -> str:
    """A month in words as short as an axis needs.

    Examples
    --------
    >>> import datetime
    >>> short_month(datetime.date(2021, 6, 1), "en"), short_month(datetime.date(2021, 6, 1), "zh")
    ('Jun 2021', '2021年6月')
    """
    from babel.dates import format_skeleton

    return format_skeleton("yMMM", _as_date(day), locale=_locale(lang))


def interval(
    lower: float, upper: float, decimals: int = 1, lang: str | None = None, signed: bool = False
) -> str:
    """Two bounds in words.

    Examples
    --------
    >>> interval(-3.21, 4.0, 1, "en")
    '−3.2 to 4.0'
    """
    return gettext("{lower} to {upper}", lang).format(
        lower=number(lower, decimals, lang, signed), upper=number(upper, decimals, lang, signed)
    )


def _as_date(day):
    if isinstance(day, str):
        from datetime import date as date_type

        return date_type.fromisoformat(day[:10])
    return day.date() if hasattr(day, "date") and callable(day.date) else day
