# SPDX-License-Identifier: MIT
"""One page about a class: what was right, what went wrong how often, and where it stopped."""

import io
from collections.abc import Iterable
from pathlib import Path

import numpy as np
import pandas as pd

from minelib import html
from minelib.checks import language
from minelib.checks.door import Lang
from minelib.lessons.master import lesson
from minelib.words import gettext as _
from minelib.workbench.grading.book import Book
from minelib.workbench.grading.files import LOG, logged, write
from minelib.workbench.grading.result import PAGE, Result, plain, says

_KINDS = ("right", "follows", "mistake", "other", "none")  # what an answer was
_NO_METADATA = ("Creator", "Date", "Format", "Type")
_LEAST = 8  # students whose points are worth correlating


def write_class_page(
    folder: Path, book: Book, lang: Lang | None = None, names: bool = False
) -> None:
    """Write ``class.html`` for the lessons of a gradebook.

    Parameters
    ----------
    folder : pathlib.Path
    book : Book
    lang : {"en", "zh"} or None
    names : bool
        Whether it names students.
    """
    own = language(lang)
    body = "".join(_lesson(folder, book, number, own, names) for number in book.lessons)
    page = html.render(PAGE, lang=own, title=says("class", lang), body=html.markup(body))
    write(folder / "class.html", page)


def _rows(results: Iterable[Result]) -> pd.DataFrame:
    """A row an answer: whose, to which exercise, and what it was."""
    rows = [
        [plain(r.who), plain(r.student), q, _kind(own), own.get("hint"), bool(own.get("misled"))]
        for r in results
        for q, own in r.exercises.items()
    ]
    return pd.DataFrame(rows, columns=["who", "student", "exercise", "kind", "hint", "misled"])


def _kind(own):
    if own["points"]:
        return "right"
    if not own["own"]:
        return "none"
    return "follows" if own.get("follows") else "mistake" if own.get("hint") else "other"


def _lesson(folder, book, number, lang, names):
    one, results = lesson(number), book.lessons[number].values()
    rows = _rows(results)
    title = says("title", lang, number=number, title=one.title(lang))
    counts = {key: sum(r.status == key for r in results) for key in ("missing", "stopped")}
    counts["ran"] = rows["who"].nunique()
    head = html.render("<h2>{{ h }}</h2><p>{{ c }}</p>", h=title, c=says("counts", lang, **counts))
    if rows.empty:
        return head

    def table(heads, columns):
        lines = [[one.exercise(q).title(lang), *rest] for q, *rest in columns]
        heads = [says(h, lang) for h in ("exercise", *heads)]
        return html.table(heads, lines, row_heads=True) if lines else says("none_seen", lang)

    def seen(found, by):
        """How many students for each value of some columns, and who where names are on."""
        groups = found.groupby(by, sort=False)["student"].agg(sorted)
        for key, students in sorted(groups.items(), key=lambda item: -len(item[1])):
            q, *hint = key if isinstance(key, tuple) else [key]
            yield q, len(students), *[_(h, lang) for h in hint], *[", ".join(students)] * names

    later = rows["kind"].ne("none")[::-1].groupby(rows["who"]).cummax()  # answered here or later
    left = rows[~later[rows.index]].groupby("who").head(1)
    whose = ["who"] * names
    mistakes = seen(rows[rows["kind"] == "mistake"], ["exercise", "hint"])
    handed_in = logged(folder / f"lesson-{number}" / LOG).values()
    tries = _tries(_rows(sorted(handed_in, key=lambda r: r.when)))
    return html.render(
        "{{ head }}{{ picture }}{{ table }}<p>{{ how }}</p><h3>{{ mistakes }}</h3>{{ seen }}"
        "<h3>{{ stuck }}</h3>{{ left }}",
        head=head,
        picture=_picture(rows, one, title, lang),
        table=table(("right_share", "parts", "tries", "misled"), _exercises(rows, tries, lang)),
        seen=table(("students", "mistake", *whose), mistakes),
        left=table(("students", *whose), seen(left, "exercise")),
        **{key: says(key, lang) for key in ("how", "mistakes", "stuck")},
    )


def _tries(rows):
    """By exercise the median of hand-ins until it was right, of students with several."""
    number = rows.groupby(["who", "exercise"]).cumcount() + 1
    several = number.groupby(rows["who"]).transform("max") > 1
    right = rows.assign(number=number)[several & (rows["kind"] == "right")]
    return right.groupby(["who", "exercise"])["number"].min().groupby("exercise").median()


def _exercises(rows, tries, lang):
    """Share right, discrimination, tries and misleading checks of each exercise."""
    from scipy.stats import binomtest

    right = rows.assign(right=rows["kind"].eq("right").astype(float))
    right = right.pivot(index="who", columns="exercise", values="right")
    misled = rows.groupby("exercise")["misled"].sum()
    for q in rows["exercise"].unique():
        own = right[q]
        low, high = binomtest(int(own.sum()), len(own)).proportion_ci(method="wilson")
        share = says("share", lang, share=100 * own.mean(), low=100 * low, high=100 * high)
        apart = _correlation(own, right.drop(columns=q).sum(axis=1))
        yield q, share, apart, f"{tries[q]:g}" if q in tries else "–", misled[q] or "–"


def _correlation(own, rest):
    """Of an exercise with all others, and its interval of 90 % by Fisher's transformation."""
    if len(own) < _LEAST or not own.std() or not rest.std():
        return "–"
    r, half = own.corr(rest), 1.645 / np.sqrt(len(own) - 3)
    low, high = (np.tanh(np.arctanh(np.clip(r, -0.999, 0.999)) + way * half) for way in (-1, 1))
    return f"{r:.2f} ({low:.2f} – {high:.2f})".replace("-", "−")


def _picture(rows, one, title, lang):
    """What the answers to each exercise were, as bars in the package's style."""
    from matplotlib.figure import Figure

    from minelib.style import style

    counts = pd.crosstab(rows["exercise"], rows["kind"]).reindex(columns=_KINDS, fill_value=0)
    counts = counts.loc[rows["exercise"].unique()[::-1]]
    counts.index = [one.exercise(q).title(lang) for q in counts.index]
    counts.columns = [says(f"{kind}_kind", lang) for kind in _KINDS]
    out = io.StringIO()
    with style(lang):
        ax = Figure(figsize=(8, 1.2 + 0.34 * len(counts)), layout="constrained").subplots()
        counts.plot.barh(stacked=True, legend=False, ax=ax).set_xlabel(says("students", lang))
        ax.xaxis.get_major_locator().set_params(integer=True)
        ax.figure.legend(loc="outside lower center", ncols=len(_KINDS))
        ax.figure.savefig(out, format="svg", metadata=dict.fromkeys(_NO_METADATA))
    return html.render(
        '<figure role="img" aria-label="{{ alt }}">{{ svg }}</figure>',
        alt=says("picture", lang, title=title),
        svg=html.markup(out.getvalue().partition("?>")[2].partition(">")[2]),
    )
