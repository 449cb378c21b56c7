# SPDX-License-Identifier: MIT
"""The events of the story as a table that can be filtered, each linked to the claims it decides.

>>> events("policy", "sichuan", start="2021-06-01", end="2021-06-30")["event"].tolist()
['sichuan_order', 'sichuan_deadline']
"""

import pandas as pd

from minelib.catalog import load
from minelib.checks import language
from minelib.errors import BadParameter, UnknownName
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


def categories(lang=None):
    """Keys of the sorts of event and their names.

    Examples
    --------
    >>> categories("en")["energy"]
    'Electricity'
    """
    return {key: _(name, lang) for key, name in CATEGORIES.items()}


def events(category=None, place=None, start=None, end=None, window=False, lang=None):
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
    lang = language(lang)
    frame = load("events")
    if category is not None:
        frame = frame[frame["category"].isin(_known("category", category, CATEGORIES))]
    if place is not None:
        places = _known("place", place, load("places")["place"].tolist())
        frame = frame[frame["country"].isin(places) | frame["place"].isin(places)]
    first, last = _day("start", start), _day("end", end)
    if first is not None and last is not None and first > last:
        raise BadParameter("start", start, _("must not lie after the end ({end})").format(end=end))
    if first is not None:
        frame = frame[frame["date"] >= first]
    if last is not None:
        frame = frame[frame["date"] <= last]
    if window:
        frame = frame[frame["is_in_window"]]
    frame = frame.assign(claims=frame["event"].map(_claims_by_event()).fillna(""))
    for name in ("title", "description", "issuing_bodies"):
        frame[name] = frame[f"{name}_{lang}"]
    return frame[_COLUMNS].reset_index(drop=True)


_COLUMNS = [
    "event",
    "date",
    "date_precision",
    "title",
    "category",
    "country",
    "place",
    "issuing_bodies",
    "document_number",
    "description",
    "source",
    "address",
    "source_seen",
    "confidence",
    "claims",
]


def _known(kind, asked, known):
    asked = [asked] if isinstance(asked, str) else list(asked)
    for each in asked:
        if each not in known:
            raise UnknownName(kind, each, known)
    return asked


def _day(name, value):
    if value is None:
        return None
    try:
        return pd.Timestamp(value)
    except (ValueError, TypeError):
        raise BadParameter(name, value, _("must be a day (YYYY-MM-DD)")) from None


def _claims_by_event():
    claims = load("claims").dropna(subset=["events"]).sort_values(["position", "claim"])
    pairs = claims.assign(event=claims["events"].str.split(";")).explode("event")
    return pairs.groupby("event")["claim"].agg(";".join)
