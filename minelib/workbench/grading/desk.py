# SPDX-License-Identifier: MIT
"""A page on this computer on which the teacher marks answers in words, side by side, unnamed.

Every mark is on the disk, and in tables and pages, before the page says that it is saved. The
address holds a word that no other page knows, and a request under another host's name is refused:
so no other page of the browser reaches it.
"""

import asyncio
import hashlib
import json
import secrets
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from tornado.httpserver import HTTPServer
from tornado.netutil import bind_sockets
from tornado.web import Application, RequestHandler

from minelib import html, words
from minelib.checks.door import Lang
from minelib.workbench.grading.book import Book, chosen
from minelib.workbench.grading.files import write_csv
from minelib.workbench.grading.free import questions, text_of
from minelib.workbench.grading.report import Report
from minelib.workbench.grading.result import refused, says

_NEAR = 0.6  # of the groups of three letters in both texts


class Desk:
    """The answers of a class and the marks they get.

    Parameters
    ----------
    folder : pathlib.Path
        The output folder of the grading.
    lang : {"en", "zh"} or None
        Of the page.

    Raises
    ------
    BadInput
        Nothing was graded there, or nothing was answered in words.
    """

    def __init__(self, folder: Path, lang: Lang | None = None):
        self.folder, self.lang, self._asked = folder, lang or words.current(), []
        book = Book.read(folder)
        how = {key: book.how[key] for key in ("counts", "right_answers")}
        for number in book.lessons:
            report = Report(folder / f"lesson-{number}", lang, **how)
            report.results = report.earlier()
            results = chosen(report.results.values(), report.counts)
            for question in questions(number, self.lang).values():
                if answered := [r for r in results if text_of(r, question)]:
                    self._asked.append((report, question, answered))
        if not self._asked:
            raise refused("no_words", folder=folder)

    def page(self) -> str:
        """The page, with all answers and their marks so far."""
        groups = [beside([text_of(r, q) for r in results]) for _report, q, results in self._asked]
        template = Path(__file__).with_name("desk.html").read_text(encoding="utf-8")
        own = {"lang": self.lang, "says": partial(says, lang=self.lang), "text_of": text_of}
        return html.render(template, asked=[*zip(self._asked, groups, strict=True)], **own)

    def give(self, asked: int, answer: int, points: float | None) -> None:
        """Keep a mark: in the file of marks, the table, the gradebook and the student's page.

        Raises
        ------
        LookupError, ValueError
            No such answer, or points that are those of no level.
        """
        report, question, results = self._asked[asked]
        if points is not None and points not in [level.points for level in question.levels]:
            raise ValueError(points)
        report.marks.give(results[answer], question, points)
        report.show(results[answer].who)
        write_csv(self.folder / "gradebook.csv", Book.read(self.folder).rows())


def beside(texts: Sequence[str]) -> list[list[int]]:
    """Groups of near-equal texts, in an order that says nothing of who wrote them.

    Examples
    --------
    >>> sorted(map(sorted, beside(["a week is enough", "no", "a week is enough!"])))
    [[0, 2], [1]]
    """
    parts = [{t[i : i + 3] for i in range(max(len(t) - 2, 1))} for t in map(str.casefold, texts)]
    groups: list[list[int]] = []
    for n in sorted(range(len(texts)), key=lambda n: hashlib.sha256(texts[n].encode()).digest()):
        for group in groups:
            if any(len(parts[n] & parts[m]) >= _NEAR * len(parts[n] | parts[m]) for m in group):
                group.append(n)
                break
        else:
            groups.append([n])
    return groups


class _Page(RequestHandler):
    def get(self) -> None:
        self.write(self.settings["desk"].page())

    def post(self) -> None:
        try:
            self.settings["desk"].give(**json.loads(self.request.body))
        except (LookupError, ValueError, TypeError):
            self.set_status(400)


async def serve(desk: Desk, say: Callable[[str], object]) -> None:
    """Serve the page to this computer alone, until it is cancelled.

    Parameters
    ----------
    desk : Desk
    say : callable
        Called with the address.
    """
    place = f"/{secrets.token_urlsafe(16)}/"
    application = Application(desk=desk)
    application.add_handlers(r"127\.0\.0\.1", [(place, _Page)])
    (socket,) = bind_sockets(0, "127.0.0.1")
    HTTPServer(application).add_socket(socket)
    say(f"http://127.0.0.1:{socket.getsockname()[1]}{place}")
    await asyncio.Event().wait()
