# SPDX-License-Identifier: MIT
"""Dates and bodies of policy acts in prose, held against the tables of events and documents."""

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pandas as pd
from babel.messages.pofile import read_po

import minelib as ml
from minelib.words import LOCALE_FOLDER

ROOT = Path(__file__).resolve().parents[1]
PAGES = {
    "README.md": "en",
    "README.zh.md": "zh",
    "docs/datasheet.md": "en",
    "docs/datasheet.zh.md": "zh",
    "docs/rerunning.md": "en",
    "docs/rerunning.zh.md": "zh",
    "docs/tables.md": "en",
    "docs/tables.zh.md": "zh",
    "docs/teachers.md": "en",
    "docs/teachers.zh.md": "zh",
}
# what the acts themselves are: the tables that prose is held against, and the words of the
# article, which are quoted and not ours
OWN = {"events", "documents", "bodies", "terms"}
QUOTED = ("claim_en", "claim_zh")

MONTHS = [pd.Timestamp(2021, month, 1).month_name() for month in range(1, 13)]
_M = "|".join(MONTHS)

# a sentence is about an act where it has one of these words
ACTS = {
    "en": re.compile(
        r"\b(notices?|bans?|banned|forbid\w*|forbade|outlaw\w*|orders?|ordered|prohibit\w*|"
        r"crackdown|crack\w* down|decree\w*|circular|decision|catalogue|campaigns?|surcharges?|"
        r"clos(?:e|es|ed|ures?)|shut|shutdowns?)\b",
        re.IGNORECASE,
    ),
    "zh": re.compile("通知|禁|叫停|清退|关停|整治|公告|取缔|淘汰|目录|发文|差别电价|打击"),
}
_SENTENCE = {
    "en": re.compile(r"(?<=[.!?:;])\s+|\n\n|\n[-*|#] ?"),
    "zh": re.compile(r"(?<=[。！？；：])|\n\n|\n[-*|#] ?"),
}
_CODE = re.compile(r"```.*?```|`[^`]*`", re.DOTALL)
_DATE = {
    "en": re.compile(
        rf"(?:(?P<d>\d{{1,2}})(?: ?(?:and|to|or|/|–) ?(?P<d2>\d{{1,2}}))? )?"
        rf"\b(?P<m>{_M})\b(?: (?P<d3>\d{{1,2}}),)?"
        rf"(?: (?:and|to|or) (?P<m2>{_M})\b)?(?: (?P<y>20\d\d)\b)?"
        r"|\b(?P<yi>20\d\d)-(?P<mi>\d\d)-(?P<di>\d\d)\b"
        r"|\b(?P<ya>20\d\d)\b"
    ),
    "zh": re.compile(
        r"(?:(?P<y>20\d\d) ?年 ?)?(?P<m>\d{1,2})(?: ?(?:至|到|和|与|、) ?(?P<m2>\d{1,2}))? ?月"
        r"(?: ?(?P<d>\d{1,2})(?: ?(?:至|到|和|与|、) ?(?P<d2>\d{1,2}))? ?日)?"
        r"|\b(?P<yi>20\d\d)-(?P<mi>\d\d)-(?P<di>\d\d)\b"
        r"|(?P<ya>20\d\d) ?年"
    ),
}
_NUMBERS = {
    "en": {"three": 3, "five": 5, "seven": 7, "eight": 8, "ten": 10, "eleven": 11, "twelve": 12},
    "zh": {"三": 3, "五": 5, "七": 7, "八": 8, "十": 10, "十一": 11, "十二": 12},
}
_COUNTED = {
    "en": re.compile(
        rf"\b({'|'.join(_NUMBERS['en'])})[- ](?:bodies|body|departments?|ministr\w+|associations?)",
        re.IGNORECASE,
    ),
    "zh": re.compile(r"(十一|十二|三|五|七|八|十)(?:个)?(?:部门|部委|协会)"),
}
# names of bodies, whether the table knows them or not
_OFFICIAL = {
    "en": re.compile(
        r"(?:\b[Cc]ommittee of the )?\bState Council(?:(?:['’]s)? (?:financial )?committee|"
        r"['’]s Financial Stability and Development Committee)?|"
        r"\bMinistry of [A-Z]\w+(?: and [A-Z]\w+)*|"
        r"\bNational [A-Z]\w+(?: (?:and )?[A-Z]\w+)* (?:Commission|Administration|Association)|"
        r"\bNDRC\b|\bPBo?C\b|\bMIIT\b|\bCBIRC\b|\bcentral bank\b"
    ),
    "zh": re.compile(
        r"国务院(?:金融稳定发展委员会|金融委)?|国家发展(?:和)?改革委(?:员会)?|发改委|工信部|"
        r"人民银行|央行|银保监会|公安部|财政部"
    ),
}


def texts() -> Iterator[tuple[str, str, str]]:
    """Place, language and words of every text a reader may see."""
    with (LOCALE_FOLDER / "zh" / "LC_MESSAGES" / "minelib.po").open("rb") as file:
        messages = read_po(file, locale="zh_Hans_CN")
    for message in messages:
        if message.id:
            place = message.locations[0][0]
            yield place, "en", message.id
            yield place, "zh", message.string
    for page, lang in PAGES.items():
        yield page, lang, (ROOT / page).read_text(encoding="utf-8")
    catalog = ml.catalog.default()
    for d in catalog.descriptors():
        frame = catalog.read(d.name)
        for column in frame.columns:
            if d.name not in OWN and column[-3:] in ("_en", "_zh") and column not in QUOTED:
                for row, said in frame[column].dropna().items():
                    yield f"{d.csv_file}, line {row + 2}, {column}", column[-2:], said


def sentences(lang: str, text: str) -> list[str]:
    """The sentences of a text, without code and line breaks."""
    found = _SENTENCE[lang].split(_CODE.sub("", text))
    return [" ".join(each.split()) for each in found if each.strip()]


def dates(lang: str, sentence: str) -> list[tuple[int | None, int | None, int | None]]:
    """Year, month and day of each date in a sentence; None for what it leaves out."""
    found = []
    for match in _DATE[lang].finditer(sentence):
        part = match.groupdict()
        if part["ya"]:
            found.append((int(part["ya"]), None, None))
        elif part["yi"]:
            found.append((int(part["yi"]), int(part["mi"]), int(part["di"])))
        else:
            named = [part["m"], part["m2"]]
            months = [MONTHS.index(m) + 1 if lang == "en" else int(m) for m in named if m]
            days = [int(part[d]) for d in ("d", "d2", "d3") if part.get(d)]
            year = int(part["y"]) if part["y"] else None
            found += [(year, m, d) for m in months for d in (days or [None])]
    return found


@cache
def acts() -> pd.DataFrame:
    """A row per act and a day of it: day, precision, places and bodies."""
    events, documents = ml.load("events"), ml.load("documents")
    bodies = ml.load("bodies").set_index("body")
    rows = []
    for e in events[events["category"] == "policy"].itertuples():
        by = _listed(e.bodies)
        where = {e.place, e.country, *bodies.loc[sorted(by), "place"]}
        precise = e.date_precision == "day"
        rows.append((e.event, e.date, precise, where, by))
    for d in documents.itertuples():
        by = _listed(d.bodies)
        where = {*bodies.loc[sorted(by), "place"], *bodies.loc[sorted(by), "country"]}
        for day in (d.signed, d.published, d.in_force_from, d.in_force_until):
            if pd.notna(day):
                rows.append((d.document, day, True, where, by))
    frame = pd.DataFrame(rows, columns=["act", "day", "precise", "places", "bodies"])
    parents = ml.load("places").set_index("place")["parent"].dropna().to_dict()
    frame["places"] = [_with_parents(each, parents) for each in frame["places"]]
    return frame


def _listed(keys):
    return {each.strip() for each in str(keys).split(";")} if pd.notna(keys) else set()


def _with_parents(places, parents):
    found = {each for each in places if isinstance(each, str)}
    for each in list(found):
        while each in parents:
            each = parents[each]
            found.add(each)
    return found


@cache
def names(table: str, lang: str) -> dict[str, str]:
    """Every name of a row of a table of names in a language, to its key; the longest first."""
    frame = ml.load(table)
    found = {}
    for row in frame.to_dict("records"):
        for name in [row[f"name_{lang}"], *str(row["aliases"]).split(";")]:
            if isinstance(name, str) and (name := name.strip()) and name != "nan":
                found.setdefault(name, row[frame.columns[0]])
    return dict(sorted(found.items(), key=lambda each: -len(each[0])))


@cache
def _places(lang):
    """Names of the places where acts were, mainland China itself left out."""
    known = set().union(*acts()["places"]) - {"china", "world"}
    return {name: key for name, key in names("places", lang).items() if key in known}


def _named(known, lang, sentence):
    """Keys of the names that stand in a sentence, none inside a longer one."""
    found, rest = set(), sentence
    for name, key in known.items():
        pattern = rf"\b{re.escape(name)}\b" if name.isascii() else re.escape(name)
        rest, count = re.subn(pattern, "¶", rest)
        if count:
            found.add(key)
    return found


def faults(lang: str, sentence: str) -> list[str]:
    """What a sentence says of policy acts that no row of the tables says."""
    found = []
    if ACTS[lang].search(sentence):
        found += _untied_dates(lang, sentence)
    found += _unknown_bodies(lang, sentence)
    found += _wrong_counts(lang, sentence)
    found += _mining_in_924(lang, sentence)
    return found


def _untied_dates(lang, sentence):
    every, told = acts(), dates(lang, sentence)
    where = _named(_places(lang), lang, sentence)
    who = _named(names("bodies", lang), lang, sentence)
    issued = set()
    for year, month, day in told:
        then = every["day"].dt
        fits = (then.year == year) if year else pd.Series(True, every.index)
        if month:
            fits &= then.month == month
        if day:
            fits &= (then.day == day) & every["precise"]
        issued = issued.union(*every.loc[fits, "bodies"])
        shown = "-".join(str(part) for part in (year, month, day) if part)
        if not fits.any():
            yield f"no act is of {shown}"
        elif month and where and not any(places & where for places in every.loc[fits, "places"]):
            yield f"no act of {shown} is of {', '.join(sorted(where))}"
    if any(month for _year, month, _day in told) and who and not who & issued:
        yield f"no act of these days is by {', '.join(sorted(who))}"


def _unknown_bodies(lang, sentence):
    known = set(names("bodies", lang))
    for match in _OFFICIAL[lang].finditer(sentence):
        said = match.group()
        longer = [name for name in known if said in name and name in sentence]
        if said not in known and not longer:
            yield f"{said!r} is no body of the table"


def _wrong_counts(lang, sentence):
    issued = set(ml.load("documents")["bodies"].map(lambda keys: len(_listed(keys))))
    for match in _COUNTED[lang].finditer(sentence):
        number = _NUMBERS[lang][match.group(1).lower()]
        if number not in issued:
            yield f"no document is by {number} bodies"


_924 = {
    "en": re.compile(r"\b924\b|\bten[- ](?:body|bodies|departments?)\b", re.IGNORECASE),
    "zh": re.compile(r"924|十部门|银发〔2021〕237号"),
}
_BANS_MINING = {
    "en": re.compile(
        r"\b(?:ban(?:s|ned)?|forbid\w*|forbade|outlaw\w*|prohibit\w*|end(?:ed|s)|stop\w*)\b"
        r"[^,;.]*\bmin(?:ing|ers?|es)\b|\bmin(?:ing|ers?|es)\b[^,;.]*\b(?:ban(?:ned)?|forbidden|"
        r"outlawed|prohibited)\b",
        re.IGNORECASE,
    ),
    "zh": re.compile(
        "(?:禁止|叫停|取缔|终结|结束)[^，。；]*(?:挖矿|矿场)|挖矿[^，。；]*(?:被禁|遭禁|取缔)"
    ),
}


def _mining_in_924(lang, sentence):
    if _924[lang].search(sentence) and _BANS_MINING[lang].search(sentence):
        yield "the notice on trading did not ban mining"
