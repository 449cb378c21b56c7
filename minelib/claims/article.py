# SPDX-License-Identifier: MIT
"""The article on trial: where its statements stand, the words between them, and the whole.

The words of the statements stand in table ``claims``; all other words stand in table
``article_spans``, each run with the reason why it cannot be checked. `text` joins the two, and
the digest of the whole proves that nothing is missing and nothing added.
"""

import hashlib
from itertools import chain, repeat

import pandas as pd

from minelib.catalog import load
from minelib.checks import need_columns
from minelib.checks.door import Lang
from minelib.claims.rules import WORDS
from minelib.errors import BadInput
from minelib.words import gettext as _

__all__ = [
    *("LENGTH", "SECTIONS", "SHA256", "check_quotations", "pieces", "quotation_digest"),
    *("sections", "text"),
]

LENGTH = 2497  # characters, line ends included
SHA256 = "93621dff1ca58b668820ee0beaaa1e17ea5632f6b64f4ba376acfd284339da9e"

_QUOTATION = ["claim", "position", "claim_zh"]

SECTIONS = WORDS["sections"]


def sections(lang: Lang | None = None) -> dict[str, str]:
    """Keys of the article's parts and their names, in order.

    Parameters
    ----------
    lang : {"en", "zh"} or None
        None for the current language.

    Returns
    -------
    dict of str to str

    Raises
    ------
    UnknownName
        Another language.

    Examples
    --------
    >>> sections("en")["boom"]
    'Boom'
    """
    return {key: _(name, lang) for key, name in SECTIONS.items()}


def pieces(
    claims: pd.DataFrame | None = None, spans: pd.DataFrame | None = None
) -> list[tuple[int, str, str]]:
    """Every piece of the article: place, words, and why they cannot be checked.

    Parameters
    ----------
    claims, spans : pandas.DataFrame or None
        Tables ``claims`` and ``article_spans``; None loads them.

    Returns
    -------
    list of (int, str, str)
        In the order of the article; of a statement the reason is ``""``. Statements may lie
        within or across others.

    Raises
    ------
    BadInput
        A frame without the columns it needs.

    Examples
    --------
    >>> at, words, why = pieces()[0]
    >>> at, why
    (0, '')
    """
    claims = load("claims") if claims is None else claims
    spans = load("article_spans") if spans is None else spans
    need_columns("claims", claims, _QUOTATION)
    need_columns("article_spans", spans, ["position", "text_zh", "reason"])
    stated = zip(claims["position"], claims["claim_zh"], repeat(""), strict=False)
    words = spans["text_zh"].str.replace("\\n", "\n", regex=False)
    between = zip(spans["position"], words, spans["reason"], strict=True)
    return sorted((int(at), words, why) for at, words, why in chain(stated, between))


def text(claims: pd.DataFrame | None = None, spans: pd.DataFrame | None = None) -> str:
    """The article, joined from its statements and the words between them.

    Parameters
    ----------
    claims, spans : pandas.DataFrame or None
        As in `pieces`.

    Returns
    -------
    str

    Raises
    ------
    BadInput
        Naming the character that no piece covers, or on which two pieces disagree, or that a
        statement and a span both claim; or a frame without the columns it needs.

    Examples
    --------
    >>> len(text()) == LENGTH
    True
    """
    letters: dict[int, str] = {}
    owner: dict[int, str] = {}
    for at, words, why in pieces(claims, spans):
        for place, letter in enumerate(words, at):
            same = letters.setdefault(place, letter) == letter
            if not same or owner.setdefault(place, why) != why:
                sentence = _("Two pieces of the article part at character {position}: {words}.")
                raise BadInput(sentence.format(position=place, words=words))
    for place in range(max(letters, default=-1) + 1):
        if place not in letters:
            sentence = _(
                "Character {position} of the article lies in no statement and in no span: give it "
                "a row of article_spans, with the reason why it cannot be checked."
            )
            raise BadInput(sentence.format(position=place))
    return "".join(letters[place] for place in sorted(letters))


def quotation_digest(claims: pd.DataFrame) -> str:
    """SHA-256 over all quotations with their places: changes when one character does.

    Parameters
    ----------
    claims : pandas.DataFrame
        Table ``claims``, or its columns ``claim``, ``position`` and ``claim_zh``.

    Returns
    -------
    str
        64 hexadecimal digits.

    Raises
    ------
    BadInput
        A frame without these columns.

    Examples
    --------
    >>> import minelib as ml
    >>> claims = ml.load("claims")
    >>> quotation_digest(claims) == quotation_digest(claims.iloc[1:])
    False
    """
    need_columns("claims", claims, _QUOTATION)
    rows = claims.sort_values("claim")
    lines = [f"{p}:{q}" for p, q in zip(rows["position"], rows["claim_zh"], strict=True)]
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def check_quotations(text: str, claims: pd.DataFrame | None = None) -> bool:
    """Check that every quotation stands word for word at its place in a text.

    Parameters
    ----------
    text : str
        The article, if you have it.
    claims : pandas.DataFrame or None
        As in `quotation_digest`; None loads the table.

    Returns
    -------
    bool
        True when the text is the article itself (by its digest), False when it is another
        text in which all quotations nevertheless stand.

    Raises
    ------
    BadInput
        Naming the first quotation that does not stand at its place; or a frame without the
        columns it needs.

    Examples
    --------
    >>> check_quotations("")  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    ...
    minelib.errors.BadInput: The words of claim 'n924_date_title' do not stand at character 0 ...
    """
    rows = load("claims") if claims is None else claims
    need_columns("claims", rows, _QUOTATION)
    for claim, position, quotation in rows[_QUOTATION].itertuples(index=False, name=None):
        if not text.startswith(quotation, position):
            sentence = _(
                "The words of claim '{claim}' do not stand at character {position} of the text."
            )
            raise BadInput(sentence.format(claim=claim, position=position))
    return hashlib.sha256(text.encode()).hexdigest() == SHA256
