# SPDX-License-Identifier: MIT
"""The events of the story as a table that can be filtered, each linked to the claims it decides.

>>> events("policy", "sichuan", start="2021-06-01", end="2021-06-30")["event"].tolist()
['sichuan_order', 'sichuan_deadline']
"""

import pandas as pd

from minelib.catalog import default, load
from minelib.catalog.columns import value, vocabulary
from minelib.catalog.names import name_of
from minelib.checks import as_day, as_span, language, name_in
from minelib.checks.door import Day, Lang, Names, door
from minelib.errors import OutOfCoverage
from minelib.words import date, gettext as _

__all__ = ["CATEGORIES", "categories", "events", "in_force", "legal_status"]

CATEGORIES = vocabulary("category")


def categories(lang: Lang | None = None) -> dict[str, str]:
    """Keys of the sorts of event and their names.

    Examples
    --------
    >>> categories("en")["energy"]
    'Electricity'
    """
    return {key: value("category", key, lang) for key in CATEGORIES}


def events(
    category: str | Names | None = None,
    place: str | Names | None = None,
    start: Day | None = None,
    end: Day | None = None,
    window: bool = False,
    lang: Lang | None = None,
) -> pd.DataFrame:
    """The events, oldest first.

    Parameters
    ----------
    category : str, list of str or None
        Keys of `CATEGORIES`.
    place : str, list of str or None
        Keys of table ``places``: a country takes in its provinces and states.
    start, end : str, date or None
        First and last day, both inclusive. An event known to the month or year stands on its
        first day.
    window : bool
        Only 2013 to 2024, the years of the story.
    lang : {"en", "zh"} or None
        Language of ``title``, ``description`` and ``issuing_bodies``.

    Returns
    -------
    pandas.DataFrame
        ``event``, ``date``, ``date_precision``, ``time`` (UTC, where a source says the hour)
        and ``time_kind``, ``title``, ``category``, ``government``, ``act``, ``country``,
        ``place``, ``issuing_bodies``, ``document_number``, ``description``, ``source``,
        ``address``, ``source_kind``, ``source_seen``, ``seen_in``, ``confidence`` and
        ``claims`` (ids of the claims of the article it touches, separated by semicolons). What
        a document does to mining and what to trading says table ``documents``.

    Raises
    ------
    UnknownName
        Of a category or a place, with the nearest.
    BadParameter
        A day that is none, or a start after the end.

    Examples
    --------
    >>> acts = events("policy", "china", start="2021-06-01", end="2021-09-20")
    >>> acts.loc[acts["government"] == "provincial", "event"].iloc[-1]
    'hebei'
    >>> events(place="kazakhstan", start="2022-01-01", end="2022-01-31")["event"].tolist()
    ['kz_levy_2022', 'kz_internet', 'kegoc_cut', 'ca_blackout']
    """
    said = language(lang)
    frame = load("events")
    if category is not None:
        frame = frame[frame["category"].isin(_known("category", category, CATEGORIES))]
    if place is not None:
        places = _known("place", place, load("places")["place"].tolist())
        frame = frame[frame["country"].isin(places) | frame["place"].isin(places)]
    first, last = as_span(start, end)
    frame = frame[frame["date"].between(first or frame["date"].min(), last or frame["date"].max())]
    if window:
        frame = frame[frame["is_in_window"]]
    numbers = load("documents").set_index("document")["number"]
    frame = frame.assign(
        claims=frame["event"].map(_claims_by_event()).fillna(""),
        bodies=_each(frame["bodies"], lambda key: name_of("bodies", key, said), said),
        documents=_each(frame["documents"], numbers.get, said),
    )
    frame.insert(list(frame).index("date_precision") + 1, "time", _times(frame))
    frame = frame.rename(columns=lambda name: name.removesuffix(f"_{said}"))
    frame = frame.rename(columns={"bodies": "issuing_bodies", "documents": "document_number"})
    hidden = frame.columns.str.fullmatch("is_in_window|label|time_local|time_zone|.*_(en|zh)")
    return frame.loc[:, ~hidden].reset_index(drop=True)


_SUBJECTS = ("mining", "trading")
_DAY = pd.Timedelta(days=1)


def legal_status(start: Day | None = None, end: Day | None = None) -> pd.DataFrame:
    """What national documents make of mining and of trading in China, span by span.

    On every day the strictest status counts that a document in force sets. A document is in
    force from the day it names, else from the day it was published or signed, until the day
    before another repeals it or the last day it names.

    Parameters
    ----------
    start, end : str, date or None
        First and last day, both inclusive; None for the first document and for the latest.

    Returns
    -------
    pandas.DataFrame
        ``subject`` (mining, trading), ``start`` and ``end`` (both inclusive; NaT where nothing
        known ends it), ``status`` (ordered, the mildest first), ``documents`` (keys of those in
        force that set it, separated by semicolons; empty before the first).

    Raises
    ------
    BadParameter
        A day that is none, or a start after the end.

    Examples
    --------
    >>> mining = legal_status().query("subject == 'mining'")
    >>> mining["status"].tolist()[:3]
    ['unregulated', 'guided_out', 'phased_out']
    """
    first, last = as_span(start, end)
    documents, order = _documents(), _statuses()
    rows = []
    for subject in _SUBJECTS:
        acts = documents.dropna(subset=[f"{subject}_status"])
        ranks = acts[f"{subject}_status"].map(order.index)
        days = sorted({documents["start"].min(), *acts["start"], *(acts["end"].dropna() + _DAY)})
        for day, until in zip(days, [*(day - _DAY for day in days[1:]), pd.NaT], strict=True):
            held = ranks[(acts["start"] <= day) & ~(acts["end"] < day)]
            rank = int(held.max()) if len(held) else 0
            rows.append((subject, day, until, order[rank], ";".join(held.index[held == rank])))
    spans = pd.DataFrame(rows, columns=["subject", "start", "end", "status", "documents"])
    spans["status"] = pd.Categorical(spans["status"], order, ordered=True)
    if first is not None:
        spans = spans[~(spans["end"] < first)]
        spans["start"] = spans["start"].where(spans["start"] > first, first)
    if last is not None:
        spans = spans[spans["start"] <= last]
        spans["end"] = spans["end"].where(spans["end"] < last, last)
    return spans.reset_index(drop=True)


def in_force(document: str, day: Day | None = None, lang: Lang | None = None) -> str:
    """Whether a document is in force on a day, and what holds then, as a sentence.

    Parameters
    ----------
    document : str
        A key of table ``documents``.
    day : str, date or None
        None for the day of the latest document known.
    lang : {"en", "zh"} or None

    Returns
    -------
    str

    Raises
    ------
    UnknownName
        Of a document.
    OutOfCoverage
        A day before the first document or after the latest.

    Examples
    --------
    >>> in_force("notice_924", lang="en").partition(";")[0]
    '银发〔2021〕237号 was in force from 24 September 2021 to 5 February 2026'
    """
    said, documents = language(lang), _documents()
    name_in("document", document, documents.index)
    latest = documents["start"].max()
    asked = latest if day is None else as_day("day", day)
    if not documents["start"].min() <= asked <= latest:
        known = [date(documents["start"].min(), said), date(latest, said)]
        raise OutOfCoverage("documents", date(asked, said), " – ".join(known))
    row = documents.loc[document]
    facts = {"name": _called(document, said), "other": _called(row["repealed_by"], said)}
    facts |= {end: date(row[end], said) for end in ("start", "end") if pd.notna(row[end])}
    sentence = _("{name} has been in force since {start}; nothing known ends it.", said)
    if "end" in facts and facts["other"]:
        sentence = _("{name} was in force from {start} to {end}; {other} repealed it.", said)
    elif "end" in facts:
        sentence = _("The term of {name} runs from {start} to {end}.", said)
    spans = legal_status(asked, asked).itertuples()
    parts = [sentence.format(**facts), *(_holds(span, asked, said) for span in spans)]
    return ("" if said == "zh" else " ").join(parts)


def _holds(span, day, lang):
    by = [_called(key, lang) for key in span.documents.split(";") if key]
    words = {name: value(name, getattr(span, name), lang) for name in ("subject", "status")}
    return _("{subject} on {day}: {status} ({documents}).", lang).format(
        day=date(day, lang), documents=_(", ", lang).join(by) or "–", **words
    )


def _documents():
    """The documents with the first and last day they are in force, and who repealed them."""
    documents = load("documents").set_index("document")
    repeals = load("document_relations").query("relation == 'repeals'")
    begins = documents["in_force_from"].fillna(documents["published"]).fillna(documents["signed"])
    by = repeals.set_index("other_document")["document"].reindex(documents.index)
    ends = documents["in_force_until"].fillna(by.map(begins) - _DAY)
    return documents.assign(start=begins, end=ends, repealed_by=by).dropna(subset=["start"])


def _statuses():
    columns = default().descriptor("documents").columns
    return list(next(c.enum for c in columns if c.name == "mining_status"))


def _called(document, lang):
    """A document's number, else its title; empty where there is none."""
    number = load("documents").set_index("document")["number"].get(document)
    return number if isinstance(number, str) else name_of("documents", document, lang) or ""


def _each(keys, say, lang):
    """What each of the keys of a cell stands for, in one cell again; missing where none does."""
    said = keys.str.split(";").explode().map(say, na_action="ignore").dropna()
    return said.groupby(level=0, sort=False).agg(_("; ", lang).join).reindex(keys.index)


def _times(events):
    """Day and hour in UTC; NaT where the hour is not known."""
    known = events.dropna(subset=["time_local"])
    moments = [
        pd.Timestamp(f"{row.date:%Y-%m-%d} {row.time_local}", tz=row.time_zone).tz_convert(None)
        for row in known.itertuples()
    ]
    return pd.Series(moments, known.index, "datetime64[ns]").reindex(events.index)


def _known(kind, asked, known):
    names = [asked] if isinstance(asked, str) else list(asked)
    return [name_in(kind, name, known) for name in names]


def _claims_by_event():
    claims = load("claims").dropna(subset=["events"]).sort_values(["position", "claim"])
    pairs = claims.assign(event=claims["events"].str.split(";")).explode("event")
    return pairs.groupby("event")["claim"].agg(";".join)


door(globals())
