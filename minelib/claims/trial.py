# SPDX-License-Identifier: MIT
"""A text of one's own on trial, by the rules and the tables that the article was tried by."""

import re
import tomllib
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import pandas as pd

from minelib import html
from minelib.catalog import default
from minelib.checks import between, language, whole
from minelib.checks.door import Lang, Number, Whole
from minelib.claims.decisions import tried
from minelib.claims.display import Annotated
from minelib.claims.evidence import Case, Tables, tables_of
from minelib.claims.ledger import framed, judge_all, read
from minelib.claims.proposals import WANTED, Proposal, fit
from minelib.claims.rules import TOLERANCE_PCT, VERDICTS, Outcome
from minelib.claims.statement import Claim
from minelib.errors import BadInput
from minelib.words import LANGUAGES, gettext as _

__all__ = ["EXAMPLES", "Trial"]

_MOST_BYTES, _MOST_CLAIMS = 1_000_000, 500
EXAMPLES = Path(__file__).with_name("examples")
_TEXTS = ("title", "lang", "text")
_QUOTES = re.compile("\"{3}|'{3}")
_HEAD = re.compile(r"\s*\[\[\s*claims\s*\]\]")


@dataclass(frozen=True)
class Trial:
    """A text and its claims, each with the table and the rule proposed for it.

    Attributes
    ----------
    title, text : str
    tongue : str
        Language of the text, "en" or "zh".
    proposals_made : tuple of Proposal
        In the order of the text; empty for the article itself.
    rows : pandas.DataFrame
        The claims in the form of table ``claims``.

    Examples
    --------
    >>> trial = Trial.from_text('''
    ... text = "In May 2021 China still had 44 percent of the hash rate."
    ... [[claims]]
    ... words = "China still had 44 percent"
    ... kind = "value"
    ... quantity = "share of hash rate"
    ... value = 44
    ... unit = "percent"
    ... place = "China"
    ... period = "2021-05"
    ... ''')
    >>> trial.ledger("en")["verdict"].tolist()
    ['supported']
    """

    title: str
    text: str
    tongue: str
    proposals_made: tuple[Proposal, ...]
    rows: pd.DataFrame

    @classmethod
    def seed(cls) -> "Trial":
        """The article that the package began with, as a trial: the ledger of the package."""
        from minelib.claims.article import text

        title = _("An anonymous Chinese article")
        return cls(title, text(), "zh", (), tables_of(None)["claims"])

    @classmethod
    def from_file(cls, path: str | Path) -> "Trial":
        """Read a text and its claims from a file.

        Parameters
        ----------
        path : str or pathlib.Path
            The name of an example of the package ("relocation", "mountains"), or a TOML file in
            UTF-8: ``title``, ``lang`` ("en" or "zh"), ``text``, and a section
            ``[[claims]]`` a statement with ``words`` (as they stand in the text), ``kind``,
            ``quantity``, ``value``, ``unit``, ``place`` and ``period``; ``table`` and ``take``
            change what is proposed, ``note`` is shown.

        Returns
        -------
        Trial

        Raises
        ------
        BadInput
            A file that cannot be read, or naming its line and what is wanted there.
        """
        path = Path(path)
        if path.name == str(path) and (EXAMPLES / f"{path}.toml").is_file():
            path = EXAMPLES / f"{path}.toml"
        try:
            if path.stat().st_size > _MOST_BYTES:
                raise ValueError(_("it is larger than {size} kB").format(size=_MOST_BYTES // 1000))
            text = path.read_text(encoding="utf-8-sig")
        except (OSError, ValueError) as error:
            sentence = _("{file} cannot be read as a trial: {error}.")
            raise BadInput(sentence.format(file=path.name, error=error)) from None
        return cls.from_text(text, path.name)

    @classmethod
    def from_text(cls, content: str, name: str = "trial.toml") -> "Trial":
        """As `from_file`, of the text of such a file.

        Parameters
        ----------
        content : str
        name : str
            By which errors call the file.

        Raises
        ------
        BadInput
            As `from_file`.
        """
        try:
            held = tomllib.loads(content)
        except (tomllib.TOMLDecodeError, RecursionError, ValueError) as error:
            sentence = _("{file} cannot be read as a trial: {error}.")
            raise BadInput(sentence.format(file=name, error=error)) from None
        lines = _lines(content)

        def refuse(number, key, wanted, **facts):
            line = lines.get((number, key)) or lines.get((number, "")) or 1
            what, place = _(WANTED[wanted]).format(**facts), _("{file}, line {line}: {what}")
            raise BadInput(place.format(file=name, line=line, what=what)) from None

        return _made(held, refuse)

    def choose(self, number: Whole, **changes: str) -> "Trial":
        """The same trial with another choice for one claim.

        Parameters
        ----------
        number : int
            Of the claim, from 1, as `proposals` numbers it.
        **changes : str
            Keys of the claim: ``table``, ``take``, ``kind``, ``unit``, ``place``, ``period``.

        Raises
        ------
        BadParameter
            A number that is none.
        BadInput
            A number without a claim; a choice that does not fit, with what is wanted.
        """
        at = whole("number", number, 1) - 1
        if at >= len(self.proposals_made):
            sentence = _("There is no claim {number}; the text has {count}.")
            raise BadInput(sentence.format(number=number, count=len(self.proposals_made)))

        def refuse(key, wanted, **facts):
            what = _(WANTED[wanted]).format(**facts)
            raise BadInput(_("Claim {number}: {what}").format(number=number, what=what)) from None

        made = list(self.proposals_made)
        made[at] = fit(made[at].entry | changes, refuse)
        return replace(self, proposals_made=tuple(made), rows=_rows(self.text, made))

    def proposals(self, lang: Lang | None = None) -> pd.DataFrame:
        """The table and the rule proposed for each claim.

        Parameters
        ----------
        lang : {"en", "zh"} or None
            None for the current language.

        Returns
        -------
        pandas.DataFrame
            One row a claim: ``number``, ``words``, ``kind``, ``quantity`` (in the language),
            ``table``, ``take``, ``rule``, ``unit``, ``place``, ``period`` and ``others``
            (quantities that fit too, to be chosen as ``table``); all but the number are text.
        """
        language(lang)
        rows = [
            {"number": n, "words": p.entry["words"], "kind": p.entry["kind"], **p.shown(lang)}
            for n, p in enumerate(self.proposals_made, 1)
        ]
        return pd.DataFrame(rows)

    def claims(
        self, lang: Lang | None = None, tolerance_pct: Number = TOLERANCE_PCT
    ) -> list[Claim]:
        """All claims, decided, in the order of the text.

        Parameters
        ----------
        lang : {"en", "zh"} or None
        tolerance_pct : float
            0 to 100, both included.

        Returns
        -------
        list of Claim

        Raises
        ------
        UnknownName, BadParameter
            Another language; a tolerance out of bounds.
        """
        if not self.proposals_made:
            return judge_all(language(lang), None, tolerance_pct)
        given = Tables({"claims": self.rows})
        return judge_all(language(lang), given, tolerance_pct, decider=self._decide)

    def _decide(self, claim: str, tables: Tables, tolerance_pct: Number) -> Outcome:
        made = self.proposals_made[int(claim.removeprefix("claim_")) - 1]
        tolerance_pct = between("tolerance_pct", tolerance_pct, 0, 100)
        return tried(Case.of(claim, tables, tolerance_pct, made.declared()), made.decide)

    def ledger(
        self, lang: Lang | None = None, tolerance_pct: Number = TOLERANCE_PCT
    ) -> pd.DataFrame:
        """The claims as a table, with the columns of `minelib.claims.ledger`."""
        return framed(self.claims(lang, tolerance_pct), lang)

    def readings(
        self, lang: Lang | None = None, tolerance_pct: Number = TOLERANCE_PCT
    ) -> pd.DataFrame:
        """What was found for each reading, with the columns of `minelib.claims.readings`."""
        return read(self.claims(lang, tolerance_pct))

    def annotated(
        self, lang: Lang | None = None, tolerance_pct: Number = TOLERANCE_PCT
    ) -> Annotated:
        """The text with its claims marked and judged."""
        own = (self.text, self.tongue, self.title) if self.proposals_made else None
        return Annotated(self.claims(lang, tolerance_pct), language(lang), own=own)

    def report(self, lang: Lang | None = None, tolerance_pct: Number = TOLERANCE_PCT) -> str:
        """A page of its own: the text with its marks, the score, and every claim in full.

        Parameters
        ----------
        lang, tolerance_pct
            As in `claims`.

        Returns
        -------
        str
            HTML, with nothing loaded from elsewhere.
        """
        judged = self.claims(lang, tolerance_pct)
        counts = pd.Series([c.verdict for c in judged]).value_counts()
        score = [(_(verdict, lang), int(counts.get(verdict, 0))) for verdict in VERDICTS]
        return html.render(
            "trial.html",
            lang=language(lang),
            title=self.title,
            score=score,
            text=html.markup(self.annotated(lang, tolerance_pct)._repr_html_()),
            claims=[html.markup(c._repr_html_()) for c in judged],
        )

    def _repr_html_(self):
        return self.annotated()._repr_html_()


def _lines(content):
    """Claim (from 0; -1 for the head of the file) and key to the line on which they stand."""
    found, number, within = {}, -1, ""
    for line, text in enumerate(content.splitlines(), 1):
        if not within:
            if _HEAD.match(text):
                number += 1
                found[number, ""] = line
            elif key := re.match(r"\s*[\"']?([\w-]+)[\"']?\s*=", text):
                found.setdefault((number, key[1]), line)
        for mark in re.findall(_QUOTES, text):
            within = "" if mark == within else within or mark
    return found


def _made(held, refuse):
    """The trial that a file holds."""
    for key, value in held.items():
        if key not in (*_TEXTS, "claims"):
            refuse(-1, key, "head", given=key, known=", ".join((*_TEXTS, "claims")))
        if key in _TEXTS and not isinstance(value, str):
            refuse(-1, key, "text", given=key)
    text, tongue, entries = held.get("text", "").strip(), held.get("lang", "en"), held.get("claims")
    if not text:
        refuse(-1, "text", "body")
    if tongue not in LANGUAGES:
        refuse(-1, "lang", "lang", lang=tongue)
    good = isinstance(entries, list) and all(isinstance(entry, dict) for entry in entries)
    if not good or not 0 < len(entries) <= _MOST_CLAIMS:
        refuse(-1, "claims", "claims", most=_MOST_CLAIMS)
    made = []
    for number, entry in enumerate(entries):
        said = entry.get("words")
        if not isinstance(said, str) or not said.strip() or said not in text:
            refuse(number, "words", "words")
        made.append(fit(entry, partial(refuse, number)))
    made.sort(key=lambda each: text.index(each.entry["words"]))
    return Trial(held.get("title", ""), text, tongue, tuple(made), _rows(text, made))


def _rows(text, made):
    """The claims in the form of table ``claims``."""
    columns = [column.name for column in default().descriptor("claims").columns]
    rows = [
        {
            "claim": f"claim_{number:03}",
            "position": text.index(each.entry["words"]),
            "paragraph": text.count("\n") + 1,  # the text is shown whole
            "section": "own",
            "kind": "computed",
            "confidence": "high",
            "value_claimed": str(each.entry.get("value", "")),
            "value_low": each.low,
            "value_high": each.high,
            "unit": each.entry.get("unit"),
            "period": str(each.entry.get("period", "")),
            "named": each.place or None,
            "tables": each.shown()["table"] or None,
            **{f"claim_{lang}": each.entry["words"] for lang in LANGUAGES},
            **{f"note_{lang}": each.entry.get("note") for lang in LANGUAGES},
        }
        for number, each in enumerate(made, 1)
    ]
    return pd.DataFrame(rows, columns=columns).astype({"value_low": float, "value_high": float})
