# SPDX-License-Identifier: MIT
"""Is China back, and did the relocation last? Answers in sentences made from frames."""

import pandas as pd

from minelib import words
from minelib.catalog.columns import value
from minelib.catalog.names import place_name
from minelib.checks import language, need_columns
from minelib.checks.door import Lang
from minelib.errors import BadInput
from minelib.words import N_, gettext as _

__all__ = ["lasted", "returned"]

_LEAST_PP = 1.0  # methods that share nothing do not agree better
_TENTHS = 10.0  # a figure that is told with one decimal
_FIGURE = ["share_pct", "lower_pct", "upper_pct"]
_KINDS = {  # what can show machines in China; the seat of a pool is no place of machines
    "world": N_("the estimates of the whole world"),
    "revenue": N_("a maker's sales"),
    "hydropower": N_("the wet season"),
}
_ANSWERS = (
    N_("Nothing here shows that mining is back in China"),
    N_("Mining may be back in China"),
    N_("Mining is most likely back in China, or never wholly went"),
)


def returned(evidence: pd.DataFrame, lang: Lang | None = None) -> str:
    """Is China back? Two sentences: how much is estimated, and how sure that is.

    Parameters
    ----------
    evidence : pandas.DataFrame
        A row a figure: ``date``, ``share_of`` ("world": the world's hash rate; "revenue": a
        maker's sales; "hydropower": hash rate that stands still in the dry months, by `swing`;
        other kinds show no place of machines and decide nothing), ``estimator`` (key or
        missing), ``share_pct`` with ``lower_pct`` and ``upper_pct``, any of them missing.
    lang : {"en", "zh"} or None

    Returns
    -------
    str

    Raises
    ------
    BadInput
        A column is missing, or no row is an estimate of the world.

    Notes
    -----
    Of each estimator the latest figure counts. A kind of evidence speaks for mining in China
    where all its latest figures leave out zero: with two such kinds it is called most likely,
    with one it may be, with none it is not shown. How much is told by the range of the estimates
    of the world, which is no interval of confidence: nobody else has seen their data.

    Examples
    --------
    >>> row = {"date": pd.Timestamp("2025-10-01"), "share_of": "world", "share_pct": 14.05}
    >>> frame = pd.DataFrame([row | {"estimator": "one", "lower_pct": None, "upper_pct": None}])
    >>> returned(frame, "en").partition(":")[0]
    'Mining may be back in China'
    """
    need_columns(_("The evidence"), evidence, ["date", "share_of", "estimator", *_FIGURE])
    said, rows = language(lang), _ranges(evidence[evidence["share_of"].isin(_KINDS)])
    rows = rows.drop_duplicates(["share_of", "estimator"], keep="last")
    ends = rows.groupby("share_of").agg({"low": "min", "high": "max"})
    if "world" not in ends.index:
        raise BadInput(_("The evidence holds no estimate of the world's hash rate."))
    shown = [kind for kind in _KINDS if kind in ends.index and ends["low"][kind] > 0]
    world = rows[rows["share_of"] == "world"]
    facts = {
        "answer": _(_ANSWERS[min(len(shown), 2)], said),
        "who": _("; ", said).join(value("estimator", each, lang) for each in world["estimator"]),
        "share": _spoken(ends.loc["world"], said),
        "start": words.month(world["date"].min(), said),
        "end": words.month(world["date"].max(), said),
        "kinds": _listed((_(_KINDS[kind], said) for kind in shown), said),
    }
    sentences = [
        _(
            "{answer}: those who speak of the whole world ({who}) put {share} of its hash rate "
            "there in their latest figures, {start} to {end}.",
            said,
        ),
        _("How sure: zero is left out by {kinds} alone; their data nobody else has seen.", said),
    ]
    if "hydropower" in ends.index:
        facts["room"] = _spoken(ends.loc["hydropower"], said)
        sentences[1] = _(
            "How sure: zero is left out by {kinds} alone, whose data nobody else has seen; the "
            "blocks, which anybody can count, leave room for {room} of the world's hash rate on "
            "rivers that fall dry in winter.",
            said,
        )
    return _joined(sentences, facts, said)


def lasted(course: pd.DataFrame, lang: Lang | None = None) -> str:
    """Did the relocation last? Two sentences: where there is more, less, or as much as then.

    Parameters
    ----------
    course : pandas.DataFrame
        A row a place: ``place``; ``mapped_lower_pct``, ``mapped_upper_pct``: the range of its
        share in the last month of the mining map, missing where the map does not name it;
        ``lower_pct``, ``upper_pct``: the range of the latest estimates of the world since.
    lang : {"en", "zh"} or None

    Returns
    -------
    str

    Raises
    ------
    BadInput
        A column is missing, or there is no row.

    Notes
    -----
    A place holds more, or less, where the two ranges lie more than one percentage point apart.
    They come from methods that share nothing, so that a smaller difference says nothing.

    Examples
    --------
    >>> columns = ["place", "mapped_lower_pct", "mapped_upper_pct", "lower_pct", "upper_pct"]
    >>> rows = [["kazakhstan", 13, 14, 1, 4], ["russia", 4, 5, 15, 16], ["oman", None, None, 3, 3]]
    >>> lasted(pd.DataFrame(rows, columns=columns), "en").partition(". ")[2]
    'Of the 2 places abroad on both lists, 1 kept at least as much as then.'
    """
    ends = ["mapped_lower_pct", "mapped_upper_pct", "lower_pct", "upper_pct"]
    need_columns(_("The frame"), course, ["place", *ends])
    if course.empty:
        raise BadInput(_("{what} has no rows."), what=_("The frame"))
    said = language(lang)
    low, high, since_low, since_high = (course[end].astype("float64") for end in ends)
    more, less = since_low > high + _LEAST_PP, since_high < low - _LEAST_PP
    sides = {"more": more, "less": less, "new": low.isna()}
    sides["same"] = ~(sides["more"] | sides["less"] | sides["new"])
    facts = {
        side: _listed((place_name(key, said) for key in course["place"][at]), said)
        for side, at in sides.items()
    }
    abroad = (course["place"] != "china") & ~sides["new"]
    facts |= {"all": int(abroad.sum()), "kept": int((abroad & ~sides["less"]).sum())}
    first = _(
        "Set against the last month of the map, estimates since put more in: {more}; less in: "
        "{less}; about as much in: {same}; and name places that the map did not: {new}.",
        said,
    )
    second = _(
        "Of the {all} places abroad on both lists, {kept} kept at least as much as then.", said
    )
    return _joined([first, second], facts, said)


def _ranges(rows):
    """The rows by date, each with its lowest and highest figure."""
    figures = rows[_FIGURE].astype("float64")
    return rows.assign(low=figures.min(axis=1), high=figures.max(axis=1)).sort_values("date")


def _spoken(ends, lang):
    low, high = ends[["low", "high"]]
    return words.within(low, high, _TENTHS, "percent", lang) or words.percent(low, 1, lang)


def _listed(names, lang):
    return _(", ", lang).join(dict.fromkeys(names)) or _("none", lang)


def _joined(sentences, facts, lang):
    return ("" if lang == "zh" else " ").join(sentences).format(**facts)
