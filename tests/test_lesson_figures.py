# SPDX-License-Identifier: MIT
"""Figures as exercises: however they are drawn, they are judged by what they show."""

import pickle
import re
from pathlib import Path

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
import seaborn as sns
import seaborn.objects as so

import minelib as ml
from minelib import lessons
from minelib.checks.alike import agree
from minelib.display.picture import picture
from minelib.lessons import student
from minelib.lessons.checks import SAYS
from minelib.words import LANGUAGES, gettext, use
from minelib.workbench.grading.answers import decode, encode

mpl.use("agg")
FIGURES = [
    (number, task.name, name)
    for number in lessons.lesson_numbers()
    for task in lessons.lesson(number).exercises.values()
    for name in task.figures
]
WHO = "s01"


@pytest.fixture(autouse=True)
def tidy():
    plt.close("all")  # a figure left open by another file's test would be drawn upon
    ml.use("en")
    yield
    plt.close("all")
    use("en")


def drawn(number, upto, code=None):
    """Names after the solutions up to an exercise, with seaborn itself, and then some code."""
    names = {"ml": ml, "np": np, "pd": pd, "sns": sns, "student": WHO}
    names["p"] = lessons.parameters(number, WHO)
    for name, task in lessons.lesson(number).exercises.items():
        exec(task.solution, names)
        if name == upto:
            break
    if code:
        exec(code, names)
    return names


def told(number, exercise, names, **more):
    answers = {a: names[a] for a in lessons.lesson(number).exercise(exercise).answers}
    return lessons.judge(number, exercise, answers, WHO, **more)


@pytest.mark.parametrize(("number", "exercise", "name"), FIGURES)
def test_solutions_as_drawn_earn_full_marks_and_mistakes_as_drawn_are_named(number, exercise, name):
    task = lessons.lesson(number).exercise(exercise)
    for lang in LANGUAGES:
        ml.use(lang)
        names = drawn(number, exercise)
        assert told(number, exercise, names).messages == []
        plain = decode(encode(picture(names[name])))  # as it comes from a submission
        assert told(number, exercise, names | {name: plain}).points == task.points
    ml.use("en")
    seen, right = 0, lessons.right(number, WHO)
    for mistake in task.mistakes:
        wrong = drawn(number, exercise, mistake.code)
        if all(agree(picture(wrong[a]), right[a]) for a in task.answers):
            continue  # with these numbers the mistake happens to be right
        found = [told(number, exercise, wrong, lang=lang) for lang in LANGUAGES]
        assert not any(each.points for each in found)
        seen += all(
            gettext(mistake.hint, lang) in each.messages
            for lang, each in zip(LANGUAGES, found, strict=True)
        )
    assert seen >= 3, f"{seen} of the usual mistakes are named"


def cut(ax):
    low, high = ax.get_ylim()
    ax.set_ylim(low, low + (high - low) / 2)


def cut_aside(ax):
    low, high = ax.get_xlim()
    ax.set_xlim(low, low + (high - low) / 2)


def no_unit(ax):
    ax.set(xlabel="", ylabel="y")


def second_scale(ax):
    ax.twinx().plot(*np.array([ax.get_xlim(), ax.get_ylim()]) * 0.9)


def no_legend(ax):
    for legend in (ax.get_legend(), *ax.figure.legends):
        if legend is not None:
            legend.remove()


def larger(ax):
    """Every mark a third higher: the form is right, the values are not."""
    for line in ax.lines:
        line.set_ydata(np.asarray(line.get_ydata(), float) * 4 / 3)
    for points in ax.collections:
        points.set_offsets(np.asarray(points.get_offsets()) * [1, 4 / 3])
    for bar in ax.patches:
        bar.set_height(bar.get_height() * 4 / 3)
    ax.relim()
    ax.autoscale()


SPOILT = {
    "cut": cut,
    "cut_aside": cut_aside,
    "no_unit": no_unit,
    "twin": second_scale,
    "no_legend": no_legend,
    "not_right": larger,
}


@pytest.mark.parametrize(("number", "exercise", "name"), FIGURES)
def test_every_figure_of_the_course_spoilt_gets_no_points_and_the_hint(number, exercise, name):
    names = drawn(number, exercise)
    whole = pickle.dumps(names[name].figure)
    several = len(picture(names[name]).series()) > 1
    (asked,) = re.findall(
        r"c\.figure\(([^)]*)\)",
        "".join(source for _hidden, source in lessons.lesson(number).exercise(exercise).tests),
    )
    left_out = set() if several else {"no_legend"}
    left_out |= set() if re.match(r'env, "\w+", "', asked) else {"no_unit"}
    for what, spoil in SPOILT.items():
        if what in left_out:
            continue
        figure = pickle.loads(whole)
        for ax in figure.axes:
            spoil(ax)
        says = what.removesuffix("_aside")
        wanted = [
            says,
            *(["cut_bars"] if says == "cut" else ["sum", "sum_all"] if "adds_up" in asked else []),
        ]
        for lang in LANGUAGES:
            found = told(number, exercise, names | {name: figure}, lang=lang)
            assert found.points == 0, what
            assert any(fixed(each, lang) in found.messages[0] for each in wanted), (what, found)
        plt.close("all")


def test_forty_wrong_answers_and_twenty_wrong_figures_a_course_are_tried():
    """The two short courses of the teacher's page; what becomes of each, the tests above say."""
    page = (Path(__file__).parents[1] / "docs/teachers.md").read_text(encoding="utf-8")
    (both,) = re.findall(r"alone; ([\d, ]+) and ([\d, ]+) make two short courses", page)
    assert sorted(re.findall(r"\d", "".join(both))) == lessons.lesson_numbers()
    for numbers in (re.findall(r"\d", each) for each in both):
        tasks = [t for n in numbers for t in lessons.lesson(n).exercises.values()]
        assert sum(len(t.mistakes) for t in tasks if not t.figures) >= 40
        assert sum(len(t.mistakes) for t in tasks if t.figures) >= 20
        spoilt = len(SPOILT) - 2  # at least, of each figure: not all have a legend and a unit
        assert spoilt * sum(number in numbers for number, *_rest in FIGURES) >= 20


@pytest.fixture(scope="module")
def three():
    """The right table of lesson 2, exercise 6: month, place, share_pct."""
    shares = ml.load("country_share")
    own = lessons.parameters("2", WHO).place
    named = shares["place"].where(shares["place"].isin(["china", own]), "other")
    grouped = shares.assign(place=named).groupby(["month", "place"], as_index=False)["share_pct"]
    return grouped.sum()


def lines(three, **look):
    ax = sns.lineplot(three, x="month", y="share_pct", hue="place", **look)
    ax.set_ylabel("Share (%)")
    return ax


def pyplot(three, labelled=True):
    _figure, ax = plt.subplots()
    for place, part in three.groupby("place"):
        ax.plot(part["month"], part["share_pct"], label=place)
    if labelled:
        ax.legend()
    ax.set_ylabel("percent of the world")
    return ax


def objects(three):
    return (
        so.Plot(three, x="month", y="share_pct", color="place").add(so.Line()).label(y="Share (%)")
    )


def panels(three):
    grid = sns.relplot(three, x="month", y="share_pct", col="place", kind="line")
    grid.set_ylabels("Share (%)")
    return grid


RIGHT = {
    "axes-level": lines,
    "figure-level": lambda t: sns.relplot(
        t, x="month", y="share_pct", hue="place", kind="line"
    ).set_ylabels("Share (%)"),
    "panels": panels,
    "objects": objects,
    "objects, drawn": lambda t: objects(t).plot(),
    "pandas": lambda t: t.pivot(index="month", columns="place", values="share_pct").plot(
        ylabel="Anteil in %"
    ),
    "pandas, periods": lambda t: (
        t.assign(month=t["month"].dt.to_period("M"))
        .pivot(index="month", columns="place", values="share_pct")
        .plot(ylabel="%")
    ),
    "pyplot": pyplot,
    "pyplot, its figure": lambda t: pyplot(t).figure,
    "pyplot, figure and axes": lambda t: (pyplot(t).figure, plt.gca()),
    "finished": lambda t: ml.finish(lines(t), "country_share"),
    "finished in Chinese": lambda t: (ml.use("zh"), ml.finish(lines(t), "country_share"))[1],
    "points": lambda t: (
        sns.scatterplot(t, x="month", y="share_pct", hue="place").set_ylabel("%") and plt.gca()
    ),
    "another order": lambda t: lines(t.sort_values("share_pct").sort_values("month")),
}


@pytest.mark.parametrize("how", RIGHT)
def test_a_figure_is_understood_however_it_was_drawn(three, how):
    figure = RIGHT[how](three)
    found = lessons.judge("2", "q6", {"fig_shares": figure}, WHO, lang="en")
    assert found.messages == [] and found.points == 3


def limits(ax, **limits):
    ax.set(**limits)
    return ax


def two_scales(three):
    parts = dict(list(three.groupby("place")))
    ax = pyplot(parts.pop("other"))
    second = ax.twinx()
    for place, part in parts.items():
        second.plot(part["month"], part["share_pct"], label=place)
    second.legend()
    return ax


def crossed(three):
    """The names of two lines exchanged in the legend."""
    own = lessons.parameters("2", WHO).place
    swap = {"china": own, own: "china"}
    return lines(three.assign(place=three["place"].replace(swap)))


def months_as_text(three):
    text = three["month"].dt.strftime("%Y-%m")
    odd = three.assign(month=text, n=three["month"].dt.month).sort_values("n", kind="stable")
    return lines(odd, sort=False)


def unsorted_line(three):
    return pyplot(three.sample(frac=1, random_state=3))


def two_figures(three):
    return [lines(three.query("place == 'other'")), pyplot(three.query("place == 'china'"))]


WRONG = {
    "no figure": (lambda t: t, "no_figure"),
    "a number": (lambda t: 3.0, "no_figure"),
    "dots": (lambda t: ..., "dots"),
    "nothing drawn": (lambda t: plt.figure(), "empty"),
    "empty axes": (lambda t: plt.subplots()[1], "empty"),
    "axis cut above": (lambda t: limits(lines(t), ylim=(0, 40)), "cut"),
    "axis cut below": (lambda t: limits(lines(t), ylim=(20, 110)), "cut"),
    "months cut off": (lambda t: limits(lines(t), xlim=(pd.Timestamp("2020-06-01"), None)), "cut"),
    "two scales": (two_scales, "twin"),
    "logarithmic": (lambda t: limits(lines(t[t["share_pct"] > 0]), yscale="log"), "no_log"),
    "no unit": (lambda t: limits(lines(t), ylabel="Share"), "no_unit"),
    "raw label": (lambda t: limits(lines(t), ylabel="share_pct"), "no_unit"),
    "no legend": (lambda t: pyplot(t, labelled=False), "no_legend"),
    "legend off": (lambda t: lines(t, legend=False), "no_legend"),
    "line runs back": (unsorted_line, "back"),
    "months as text, unsorted": (months_as_text, "back"),
    "one line left out": (lambda t: lines(t.query("place != 'other'")), "sum"),
    "fractions": (lambda t: lines(t.assign(share_pct=t["share_pct"] / 100)), "sum"),
    "legend crossed": (crossed, "The legend gives the names"),
    "a month missing": (lambda t: lines(t[t["month"] > "2019-09-01"]), "values, "),
    "another month twice as high": (
        lambda t: lines(t.assign(share_pct=t["share_pct"].to_numpy()[::-1])),
        "",
    ),
    "every place": (
        lambda t: ml.finish(
            sns.lineplot(ml.load("country_share"), x="month", y="share_pct", hue="place"),
            "country_share",
        ),
        "lines or groups of marks",
    ),
    "two figures, the last incomplete": (two_figures, "sum_all"),
}


def fixed(says, lang="en"):
    """The longest part of a sentence without its places."""
    sentence = gettext(SAYS.get(says, says), lang)
    return max(sentence.replace("{", "}").split("}")[::2], key=len).strip()


@pytest.mark.parametrize("what", WRONG)
def test_wrong_figures_get_no_points_and_the_hint_they_should(three, what):
    draw, says = WRONG[what]
    found = lessons.judge("2", "q6", {"fig_shares": draw(three)}, WHO, lang="en")
    assert found.points == 0
    assert fixed(says) in found.messages[0], found.messages
    assert any(
        "\u4e00" <= c <= "\u9fff"
        for c in "".join(
            lessons.judge("2", "q6", {"fig_shares": draw(three)}, WHO, lang="zh").messages
        )
    )


BARS = {
    "pandas": (lambda c: c.set_index("verdict")["claim_count"].plot.bar(), ""),
    "lying": (lambda c: sns.barplot(c, x="claim_count", y="verdict"), ""),
    "pandas, lying": (lambda c: c.set_index("verdict")["claim_count"].plot.barh(), ""),
    "counted by seaborn": (
        lambda c: sns.countplot(c.loc[c.index.repeat(c["claim_count"])], x="verdict"),
        "",
    ),
    "objects": (lambda c: so.Plot(c, x="verdict", y="claim_count").add(so.Bar()), ""),
    "pyplot": (lambda c: plt.bar(c["verdict"], c["claim_count"]), ""),
    "in Chinese": (
        lambda c: plt.bar([gettext(v, "zh") + "的" for v in c["verdict"]], c["claim_count"]),
        "",
    ),
    "foot cut off": (
        lambda c: limits(sns.barplot(c, x="verdict", y="claim_count"), ylim=(0.5, 9)),
        "cut_bars",
    ),
    "one more": (
        lambda c: sns.barplot(
            c.assign(claim_count=c["claim_count"] + 1), x="verdict", y="claim_count"
        ),
        "not_right",
    ),
}


@pytest.mark.parametrize("what", BARS)
def test_bars_stand_or_lie_and_begin_at_zero(what):
    draw, says = BARS[what]
    counts = drawn("6", "q2")["_counts"]
    plt.close("all")
    found = lessons.judge("6", "q2", {"fig_verdicts": draw(counts)}, WHO, lang="en")
    assert (found.messages == []) == (not says), found.messages
    assert not says or fixed(says) in found.messages[0]


def test_without_the_name_the_last_figure_drawn_before_the_check_counts(three):
    grader = lessons.start("2", WHO, "en")
    student.look()
    grader.check("q5", {})  # what other tests have drawn
    lines(three)
    student.look()
    assert grader.check("q6", {"grader": grader}).ok
    plt.close("all")
    assert grader.check("q6", {"grader": grader, "fig_shares": ...}).ok, "it is remembered"
    ml.finish(lines(three.query("place == 'china'")), "country_share")
    student.look()
    assert not grader.check("q6", {"grader": grader}).ok


def test_a_picture_that_a_submission_made_up_is_no_answer():
    for coded in (["g", 1, 2, 3], ["g", ["f", [], [[None], []]], ["d", []], 1]):
        answers = {}
        try:
            answers["fig_shares"] = decode(coded)
        except ValueError:
            continue
        assert lessons.judge("2", "q6", answers, WHO).points == 0
