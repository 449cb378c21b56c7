# SPDX-License-Identifier: MIT
"""The article on trial: where its quotations stand, and the proof that they are its words.

The text itself is not part of the package. What is kept of it are its length and its digest,
and for each quotation its place; whoever holds the text can check all of them.
"""

import hashlib

import pandas as pd

from minelib.catalog import load
from minelib.checks import need_columns
from minelib.checks.door import Lang
from minelib.errors import BadInput
from minelib.words import N_
from minelib.words import gettext as _

__all__ = ["LENGTH", "SECTIONS", "SHA256", "check_quotations", "quotation_digest", "sections"]

LENGTH = 2497  # characters, line ends included
SHA256 = "93621dff1ca58b668820ee0beaaa1e17ea5632f6b64f4ba376acfd284339da9e"
QUOTATIONS_SHA256 = "e105a9ebf13926c7a508438bc0a855fb1401ebbea3217ff61b27d26ec2405435"

_QUOTATION = ["claim", "position", "claim_zh"]

SECTIONS = {
    "lead": N_("Lead"),
    "boom": N_("Boom"),
    "crackdown": N_("Crackdown"),
    "aftermath": N_("Aftermath"),
    "reasons": N_("Reasons"),
    "outlook": N_("Outlook"),
}


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
    >>> quotation_digest(ml.load("claims")) == QUOTATIONS_SHA256
    True
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
