# SPDX-License-Identifier: MIT
"""The events of the story as a table that can be filtered, each linked to the claims it decides.

>>> events("policy", "sichuan", start="2021-06-01", end="2021-06-30")["event"].tolist()
['sichuan_order', 'sichuan_deadline']
"""

from collections.abc import Collection

import pandas as pd

from minelib.catalog import load
from minelib.checks import as_span, language
from minelib.checks.door import Day, Lang, Names, door
from minelib.errors import UnknownName
from minelib.words import N_
from minelib.words import gettext as _

__all__ = ["CATEGORIES", "categories", "events"]

CATEGORIES = {
    "policy": N_("Policy"),
    "energy": N_("Electricity"),
    "relocation": N_("Relocation"),
    "company": N_("Companies"),
    "network": N_("Network"),
    "price": N_("Price"),
    "market": N_("Market"),
    "data": N_("Data releases"),
}


def categories(lang: Lang | None = None) -> dict[str, str]:
    """Keys of the sorts of event and their names.

    Examples
    --------
    >>> categories("en")["energy"]
    'Electricity'
    """
    return {key: _(name, lang) for key, name in CATEGORIES.items()}


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
        ``event``, ``date``, ``date_precision``, ``title``, ``category``, ``country``,
        ``place``, ``issuing_bodies``, ``document_number``, ``description``, ``source``,
        ``address``, ``source_seen``, ``confidence`` and ``claims`` (ids of the claims of the
        article it touches, separated by semicolons).

    Raises
    ------
    UnknownName
        Of a category or a place, with the nearest.
    BadParameter
        A day that is none, or a start after the end.

    Examples
    --------
    >>> len(events())
    123
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
    frame = frame.assign(claims=frame["event"].map(_claims_by_event()).fillna(""))
    frame = frame.rename(columns=lambda name: name.removesuffix(f"_{said}"))
    hidden = frame.columns.str.fullmatch("is_in_window|note|.*_(en|zh)")
    return frame.loc[:, ~hidden].reset_index(drop=True)


def _known(kind: str, asked: str | Names, known: Collection[str]) -> list[str]:
    names = [asked] if isinstance(asked, str) else list(asked)
    for name in names:
        if name not in known:
            raise UnknownName(kind, name, known)
    return names


def _claims_by_event():
    claims = load("claims").dropna(subset=["events"]).sort_values(["position", "claim"])
    pairs = claims.assign(event=claims["events"].str.split(";")).explode("event")
    return pairs.groupby("event")["claim"].agg(";".join)


door(globals())
