# SPDX-License-Identifier: MIT
"""`ml.finish` and `ml.show`: figures and tables as a reader draws them, in both languages."""

import io
import re
import warnings
from pathlib import Path

import matplotlib as mpl
import numpy as np
import pandas as pd
import pytest
import seaborn as sns
from matplotlib import pyplot as plt

import minelib as ml
from minelib import words
from minelib.display import MIME, events as policy, number_figures
from minelib.display.table import source_line
from minelib.errors import BadInput, BadParameter, UnknownName
from minelib.style import event_days, palette

SHARE = ml.load("country_share")
FOUR = SHARE[SHARE["place"].isin(["china", "usa", "kazakhstan", "russia"])]
PROVINCES = ml.load("province_share")
LANGUAGES = ("en", "zh")
ROOT = Path(__file__).resolve().parents[1]
TITLE = re.compile(r'title=\\"([^"\\]+)')


@pytest.fixture(autouse=True)
def kernel():
    """Everything as after the set-up cell, and put back afterwards; no glyph may miss."""
    before = words.current()
    with mpl.rc_context(), warnings.catch_warnings():
        warnings.simplefilter("error")
        ml.use("en")
        yield
    words.use(before)
    number_figures([])
    plt.close("all")


def line():
    return sns.lineplot(FOUR, x="month", y="share_pct", hue="place")


def heat():
    grid = PROVINCES.pivot(index="province", columns="month", values="share_of_china_pct")
    return sns.heatmap(grid)


def wide():
    return SHARE.pivot(index="month", columns="place", values="share_pct")


def picture(finished):
    out = io.BytesIO()
    finished.savefig(out, format="png")
    return out.getvalue()


def written(figure):
    return [t.get_text() for t in figure.findobj(mpl.text.Text) if t.get_text() and t.get_visible()]


def legend_of(ax):
    return [entry.get_text() for entry in ax.get_legend().get_texts()]


# ---- words ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("lang", "label", "places"),
    [
        ("en", "Share of the world's hash rate (%)", {"China", "United States", "Kazakhstan"}),
        ("zh", "占全球算力的比例（%）", {"中国", "美国", "哈萨克斯坦"}),
    ],
)
def test_labels_and_legend_are_in_the_language(lang, label, places):
    ml.use(lang)
    ax = line()
    ml.finish(ax, "country_share")
    assert ax.get_ylabel() == label
    assert places <= set(legend_of(ax))
    assert "share_pct" not in " ".join(written(ax.figure))


def test_a_heat_map_has_its_ticks_and_its_colour_bar_in_words():
    ml.use("zh")
    finished = ml.finish(heat(), "province_share", value="share_of_china_pct")
    said = written(finished.figure)
    picture(finished)
    assert "四川" in said and "占中国算力的比例（%）" in said
    assert not any("sichuan" in w or "T00:00" in w for w in said)
    assert "2019年9月" in said


def test_the_panels_of_a_grid_are_named_in_words():
    ml.use("zh")
    grid = sns.relplot(
        FOUR, x="month", y="share_pct", col="place", col_wrap=2, kind="line", height=2
    )
    finished = ml.finish(grid, "country_share")
    panels = {ax.get_title(loc="left") for ax in grid.axes.flat}
    assert panels == {"中国", "美国", "哈萨克斯坦", "俄罗斯"}
    assert set(finished.data["place"]) == {"china", "usa", "kazakhstan", "russia"}


def test_a_legend_of_a_grid_and_a_legend_of_two_parts():
    ml.use("zh")
    powered = PROVINCES.assign(power=PROVINCES["province"].map({"sichuan": "hydro"}).fillna("coal"))
    few = powered[powered["province"].isin(["sichuan", "xinjiang"])]
    ax = sns.lineplot(few, x="month", y="share_of_china_pct", hue="province", style="power")
    ml.finish(ax, "province_share")
    assert {"省份", "四川", "新疆", "水电", "煤电"} <= set(legend_of(ax))
    grid = sns.relplot(FOUR, x="month", y="share_pct", hue="place", kind="line", height=2.5)
    ml.finish(grid, "country_share")
    assert "哈萨克斯坦" in [t.get_text() for t in grid.legend.get_texts()]


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("draw", ["plot", "area", "bar", "barh", "hist", "box"])
def test_pandas_own_figures_are_finished_too(lang, draw):
    ml.use(lang)
    frame = wide()[["china", "usa"]]
    ax = frame.plot(color=palette(frame)) if draw == "plot" else getattr(frame.plot, draw)()
    finished = ml.finish(ax, "country_share", value="share_pct")
    picture(finished)
    said = " ".join(written(finished.figure))
    assert "china" not in said and "share_pct" not in said
    assert ("China" if lang == "en" else "中国") in said


def test_a_column_nobody_knows_keeps_its_plain_name():
    frame = pd.DataFrame({"my_own": [1, 2], "another": [3.0, 4.0]})
    ax = sns.scatterplot(frame, x="my_own", y="another")
    ml.finish(ax)
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("my_own", "another")
    assert str(ml.show(frame)).split()[:2] == ["my_own", "another"]


def test_words_of_the_readers_own_stay():
    ax = line()
    ax.set(xlabel="When", ylabel="How much", title="Mine")
    ml.finish(ax, "country_share")
    said = ax.get_xlabel(), ax.get_ylabel(), ax.get_title(loc="left")
    assert said == ("When", "How much", "Mine")


def test_numbers_and_years_by_habit():
    frame = pd.DataFrame({"year": [2019, 2020, 2021], "value": [1500.0, 12000.0, 9000.0]})
    ax = sns.lineplot(frame, x="year", y="value")
    ml.finish(ax)
    ax.figure.canvas.draw()
    assert "2,020" not in written(ax.figure) and "2020" in written(ax.figure)
    assert any(re.fullmatch(r"\d{1,2},000", w) for w in written(ax.figure))


def test_a_log_axis_is_one_and_says_plain_numbers():
    machines = ml.load("machines").query("maker in ['Bitmain', 'Canaan']")
    ax = sns.scatterplot(machines, x="release_date", y="efficiency_j_th", hue="maker")
    ml.finish(ax, "machines", log=True)
    assert ax.get_yscale() == "log"
    ax.figure.canvas.draw()
    assert "100" in written(ax.figure)


def test_a_frame_may_have_a_unit_of_its_own():
    yearly = ml.energy.totals(ml.energy.index(start="2019-01-01", end="2021-12-31"), "YE")
    assert "Best guess (TWh)" in ml.show(yearly).heads
    rate = ml.energy.index(start="2021-01-01", end="2021-12-31")
    ax = sns.lineplot(rate["best_twh"])
    ml.finish(ax, data=rate)
    assert ax.get_ylabel() == "Best guess (TWh/year)"
    ax = sns.lineplot(yearly["best_twh"], ax=plt.subplots()[1])
    ml.finish(ax, data=yearly)
    assert ax.get_ylabel() == "Best guess (TWh)"


def test_tables_that_mean_different_things_must_be_told_apart():
    ax = sns.lineplot(FOUR, x="month", y="share_pct", hue="place")
    with pytest.raises(BadInput, match="share_pct.*country_share.*pool_share"):
        ml.finish(ax, "country_share", "pool_share")


# ---- policy days ------------------------------------------------------------------------------


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("size", [(3.6, 3.0), (5.0, 3.0), (8.0, 4.2), (12.0, 4.0)])
@pytest.mark.parametrize("title", [None, "Where it was"])
@pytest.mark.parametrize("drawn", ["one", "panels"])
def test_labels_of_events_cover_nothing(lang, size, title, drawn):
    ml.use(lang)
    if drawn == "one":
        _figure, ax = plt.subplots(figsize=size)
        target = sns.lineplot(FOUR, x="month", y="share_pct", hue="place", ax=ax)
    else:
        target, axes = plt.subplots(1, 2, figsize=size, sharey=True)
        for ax, place in zip(axes, ("china", "usa"), strict=True):
            of_place = FOUR[FOUR["place"] == place]
            sns.lineplot(of_place, x="month", y="share_pct", ax=ax).set_title("A title")
    finished = ml.finish(target, "country_share", events=True, title=title)
    figure = finished.figure
    figure.canvas.draw()
    renderer = figure.canvas.get_renderer()
    notes = [t for ax in figure.axes for t in ax.texts if t.get_gid() == "minelib"]
    assert notes
    boxes = [mpl.text.Text.get_window_extent(note, renderer) for note in notes]
    others = [t.get_window_extent(renderer) for t in figure.texts]
    others += [
        t.get_window_extent(renderer)
        for ax in figure.axes
        for t in (ax.title, ax._left_title)
        if t.get_text()
    ]
    others += [ax.get_legend().get_window_extent(renderer) for ax in figure.axes if ax.get_legend()]
    whole = figure.bbox
    for i, box in enumerate(boxes):
        assert all(
            box.y0 >= ax.get_window_extent(renderer).y1 - 1
            for ax in figure.axes
            if ax.get_window_extent(renderer).overlaps(box) or ax is notes[i].axes
        )
        assert not any(box.overlaps(other) for other in boxes[i + 1 :]), notes[i].get_text()
        assert not any(box.overlaps(other) for other in others), notes[i].get_text()
        assert box.y1 <= whole.y1 + 1 and box.x1 <= whole.x1 + 1


def test_days_too_close_are_merged_and_all_named_in_the_alternative_text():
    ml.use("en")
    keys = ["fsdc51", "sichuan_order", "notices_published"]
    days = event_days()
    near = sorted(days, key=lambda k: abs(days[k] - days["fsdc51"]))[:6]
    finished = ml.finish(line(), "country_share", events=[*near, *keys])
    merged = [t.get_text() for ax in finished.figure.axes for t in ax.texts]
    assert any(re.search(r" \+\d$", phrase) for phrase in merged)
    for key in keys:
        assert words.date(days[key]) in finished.alt


def test_lines_stand_at_the_days_of_the_table_and_limits_stay():
    ax = line()
    before = ax.get_xlim()
    ml.finish(ax, "country_share", events=True)
    marked = {round(float(x.get_xdata()[0])) for x in ax.lines if x.get_gid() == "minelib"}
    wanted = {mpl.dates.date2num(np.datetime64(d)) for d in ("2021-05-21", "2021-09-24")}
    assert wanted <= marked and len(marked) == len(policy.usual())
    assert ax.get_xlim() == before
    early = FOUR.assign(month=FOUR["month"] - pd.Timedelta(days=3000))
    ax = sns.lineplot(early, x="month", y="share_pct", hue="place", ax=plt.subplots()[1])
    ml.finish(ax, "country_share", events=True)
    assert not [x for x in ax.lines if x.get_gid() == "minelib"]


def test_an_unknown_event_and_a_strange_one_are_refused():
    with pytest.raises(UnknownName, match="event"):
        ml.finish(line(), "country_share", events=["fsdc15"])
    with pytest.raises(BadInput, match="events"):
        ml.finish(line(), "country_share", events=7)


# ---- what it returns --------------------------------------------------------------------------


def test_a_finished_figure_is_closed_saved_and_shown_once():
    ax = line()
    finished = ml.finish(ax, "country_share", data=FOUR, title="A title & more")
    assert not plt.get_fignums(), "pyplot would show it a second time"
    bundle, about = finished._repr_mimebundle_()
    assert bundle["image/png"].startswith(b"\x89PNG")
    assert about["image/png"]["alt"].startswith("A title & more. Line chart")
    sent = bundle[MIME]
    assert sent["tables"] == ["country_share"] and len(sent["frame"]["data"]) == len(FOUR)
    assert sent["frame"]["data"][0][sent["frame"]["columns"].index("month")] == "2019-09-01"
    assert "<details" in finished._numbers() and "<p>A title &amp; more." in finished._numbers()
    caption = next(t for t in written(finished.figure) if t.startswith("Source:"))
    assert "country_share v" in caption and "Cambridge" in caption


def test_the_tiles_of_a_heat_map_are_read():
    few = PROVINCES.query("province in ['sichuan', 'yunnan'] and month < '2020-01-01'")
    grid = few.pivot(index="province", columns="month", values="share_of_china_pct")
    read = ml.finish(sns.heatmap(grid), "province_share", value="share_of_china_pct").data
    assert list(read["value"]) == pytest.approx(list(grid.to_numpy().ravel()))
    assert list(read["province"]) == ["sichuan"] * 4 + ["yunnan"] * 4


def test_saved_by_us_or_by_matplotlib_and_twice_it_is_the_same_picture():
    finished = ml.finish(line(), "country_share", events=True, title="One")
    first = picture(finished)
    out = io.BytesIO()
    finished.figure.savefig(out, format="png")
    assert out.getvalue() == first == picture(finished)


def test_what_is_not_given_is_read_from_the_marks():
    data = ml.finish(line(), "country_share").data
    read = data.pivot(index="month", columns="place", values="share_pct")
    pd.testing.assert_frame_equal(
        read,
        wide()[read.columns],
        check_freq=False,
        check_dtype=False,
        check_names=False,
        check_index_type=False,
    )
    top = SHARE[SHARE["month"] == "2021-04-01"].sort_values("share_pct")
    bars = ml.finish(
        sns.barplot(top, x="share_pct", y="place", errorbar=None), "country_share"
    ).data
    assert bars.set_index("place")["share_pct"].to_dict() == pytest.approx(
        top.set_index("place")["share_pct"].to_dict()
    )
    ax = sns.scatterplot(FOUR, x="month", y="share_pct", hue="place")
    points = ml.finish(ax, "country_share").data
    merged = points.merge(FOUR, on=["month", "place"])
    assert len(merged) == len(FOUR)
    assert merged["share_pct_x"].to_list() == pytest.approx(merged["share_pct_y"].to_list())


def test_finished_twice_is_the_same_picture():
    ax = line()
    first = picture(ml.finish(ax, "country_share", events=True, title="One"))
    again = ml.finish(ax, "country_share", events=True, title="One")
    assert picture(again) == first
    assert picture(ml.finish(again, "country_share", events=True, title="One")) == first


def test_finished_in_the_other_language_speaks_it():
    ax = line()
    ml.finish(ax, "country_share")
    ml.use("zh")
    ml.finish(ax, "country_share")
    assert ax.get_ylabel() == "占全球算力的比例（%）" and "中国" in legend_of(ax)


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("width", [6.4, 8.0])
def test_no_title_of_a_notebook_leaves_its_figure(lang, width):
    ml.use(lang)
    titles = {t for page in ROOT.glob("notebooks/*.ipynb") for t in TITLE.findall(page.read_text())}
    assert len(titles) > 60  # and the longest break first
    figure = plt.figure(figsize=(width, 4))
    for title in sorted(titles, key=len)[-12:]:
        finished = ml.finish(sns.lineplot(x=[1, 2], y=[1, 2], ax=figure.add_subplot()), title=title)
        head = max(finished.figure.texts, key=lambda text: text.get_position()[1])
        box = head.get_window_extent()
        assert box.x0 >= 0 and box.x1 <= width * figure.dpi, title
        figure.clear()


def test_figures_of_a_notebook_are_numbered_by_their_titles():
    number_figures(["First", "Second"])
    second = ml.finish(line(), "country_share", title="Second")
    assert second.number == 2 and second.title == "Figure 2. Second"
    assert "Figure 2. Second" in written(second.figure) and "figure 2" in second._numbers()
    own = ml.finish(line(), "country_share", title="My own")
    assert own.number is None and own.title == "My own"


@pytest.mark.parametrize("kind", ["joint", "pair", "figure", "array"])
def test_everything_that_holds_axes_is_taken(kind):
    machines = ml.load("machines").dropna(subset=["hashrate_th_s", "power_w"])
    few = machines[["hashrate_th_s", "power_w", "efficiency_j_th"]]
    if kind == "joint":
        target = sns.jointplot(few, x="hashrate_th_s", y="power_w", height=4)
    elif kind == "pair":
        target = sns.pairplot(few, height=1.4)
    elif kind == "figure":
        target, axes = plt.subplots(1, 2)
        sns.histplot(few, x="power_w", ax=axes[0])
        sns.stripplot(few, y="efficiency_j_th", jitter=False, ax=axes[1])
    else:
        target = few.plot(subplots=True)
    finished = ml.finish(target, "machines")
    picture(finished)
    assert "power_w" not in written(finished.figure)


@pytest.mark.parametrize(
    ("target", "part"),
    [(None, "NoneType"), ("ax", "str"), (7, "int"), (pd.DataFrame(), "DataFrame")],
)
def test_what_is_no_figure_is_refused(target, part):
    with pytest.raises(BadInput, match=part):
        ml.finish(target)


def test_axes_without_data_are_refused_with_the_reason():
    with pytest.raises(BadInput, match="nothing has been drawn"):
        ml.finish(plt.subplots()[1])
    with pytest.raises(BadInput, match="nothing has been drawn"):
        ml.finish(sns.lineplot(FOUR.head(0), x="month", y="share_pct"))
    with pytest.raises(BadParameter, match="data = .*DataFrame.* or .*Series"):
        ml.finish(line(), data=[1, 2])
    with pytest.raises(UnknownName, match="table"):
        ml.finish(line(), "country_shar")


@pytest.mark.parametrize(
    "frame",
    [
        FOUR.iloc[[0]],
        FOUR.assign(share_pct=float("nan")),
        FOUR.set_index(np.zeros(len(FOUR), int)),
        FOUR.assign(place=FOUR["place"].astype("category")),
    ],
    ids=["one row", "all missing", "index not unique", "categorical"],
)
def test_strange_frames_become_figures_where_one_makes_sense(frame):
    ax = sns.scatterplot(frame, x="month", y="share_pct", hue="place")
    try:
        finished = ml.finish(ax, "country_share", data=frame)
    except BadInput as error:
        assert "nothing has been drawn" in str(error)
    else:
        picture(finished)
    assert len(ml.show(frame, "country_share").cells) == len(frame)


# ---- tables -----------------------------------------------------------------------------------


def test_a_table_has_heads_names_and_digits_by_the_dictionary():
    shown = ml.show(FOUR.head(2)[["month", "place", "share_pct"]], "country_share")
    assert shown.heads == ["Month", "Place", "Share of the world's hash rate (%)"]
    assert shown.cells[0][0] == "September 2019"
    assert shown.cells[0][1] in ("China", "Kazakhstan", "Russia", "United States")
    ml.use("zh")
    shown = ml.show(FOUR.head(2)[["month", "place", "share_pct"]], "country_share")
    assert shown.heads == ["月份", "地点", "占全球算力的比例（%）"] and "来源" in shown.source


def test_the_frame_is_not_changed_and_travels_along():
    before = FOUR.copy()
    shown = ml.show(FOUR, "country_share")
    pd.testing.assert_frame_equal(FOUR, before)
    assert shown.frame is FOUR


def test_an_index_with_a_name_and_a_pivoted_frame_are_shown_in_words():
    shown = ml.show(wide()[["china", "usa"]].tail(1), "country_share")
    assert shown.heads == ["Month", "China", "United States"]
    assert shown.cells[0][0] == "January 2022"
    named = ml.show(wide()[["china"]].tail(1), "country_share", value="share_pct")
    assert named.caption == "Share of the world's hash rate (%)"
    by_month = wide()[["china", "usa"]].tail(2).T
    assert ml.show(by_month, "country_share").heads == ["Place", "December 2021", "January 2022"]


def test_of_two_languages_one_is_shown():
    events = ml.load("events").head(2)[["date", "title_en", "title_zh"]]
    assert len(ml.show(events, "events").heads) == 2
    ml.use("zh")
    assert ml.show(events, "events").cells[0][1] == events["title_zh"].iloc[0]


def test_gaps_truth_and_years():
    frame = pd.DataFrame({"year": [2021.0, None], "vpn_flag": [True, False], "value": [1e7, -3.25]})
    shown = ml.show(frame)
    assert shown.cells == [["2021", "yes", "10,000,000"], ["–", "no", "−3.25"]]


def test_a_series_a_long_frame_and_what_is_none():
    assert ml.show(FOUR["share_pct"].head(2), "country_share").numeric[-1] is True
    long = ml.show(pd.DataFrame({"value": range(1200)}))
    assert len(long.cells) == 1000 and "200 more rows" in long.source
    with pytest.raises(BadParameter, match="frame = .* table .* column"):
        ml.show([1, 2])
    assert ml.show(FOUR.head(0), "country_share").cells == []


def test_html_of_a_table_is_escaped():
    html = ml.show(pd.DataFrame({"note": ["<b>&</b>"]}))._repr_html_()
    assert "&lt;b&gt;&amp;" in html and html.count('scope="col"') == 1


def test_policy_days_are_drawn_inside_the_data_or_inside_limits_that_were_set():
    share = ml.load("country_share").query("place == 'china' and month < '2021-05-15'")

    def marked(**limits):
        ax = sns.lineplot(share, x="month", y="share_pct", ax=plt.subplots()[1])
        ax.set(**limits)
        figure = ml.finish(ax, "country_share", events=True)
        return "Finance committee" in figure.alt, ml.finish(ax, "country_share", events=True).alt

    inside, again = marked()
    assert not inside and "Finance committee" not in again, "the margin of an axis is no time"
    inside, again = marked(xlim=(pd.Timestamp("2021-01-01"), pd.Timestamp("2021-06-01")))
    assert inside and "Finance committee" in again


def test_long_titles_of_events_lose_their_brackets_first():
    days = pd.DataFrame({"date": pd.to_datetime(["2015-01-01", "2021-01-01"]), "value": [1, 2]})
    ax = sns.lineplot(days, x="date", y="value", ax=plt.subplots()[1])
    assert "Marked: Second halving (9 July 2016)" in ml.finish(ax, events=["halving_2016"]).alt


@pytest.mark.parametrize(("lang", "short"), [("en", "Sichuan order"), ("zh", "四川通知")])
def test_an_event_whose_title_is_too_long_goes_by_its_short_name(lang, short):
    ml.use(lang)
    assert policy.chosen(["sichuan_order"]) == {"sichuan_order": short}
    assert policy.chosen(["halving_2016"])["halving_2016"] not in policy.usual(lang).values()
    ml.use("en")


def test_names_of_columns_in_a_melted_frame_become_words():
    frame = pd.DataFrame({"variable": ["price_usd", "my_own"], "value": [1.0, 2.0]})
    assert [row[0] for row in ml.show(frame).cells] == ["Price of bitcoin (USD/BTC)", "my_own"]


def test_a_head_of_two_languages_names_none():
    frame = pd.DataFrame({"title_en": ["Notice"], "title_zh": ["通知"]})
    assert ml.show(frame).heads == ["Title"]


# ---- long words -------------------------------------------------------------------------------

SENTENCES = [
    "The state council announced that mining would be cracked down upon by the end of the month",
    "Sichuan ordered its power plants to stop supplying mines",
    "清退虚拟货币挖矿项目的通知在各省相继发布，要求电力企业停止向矿场供电并限期整改",
]


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_sentences_in_legends_and_along_axes_leave_room_for_the_figure(lang):
    ml.use(lang)
    frame = pd.DataFrame({"words": SENTENCES, "value": [1.0, 2.0, 3.0], "said": SENTENCES})
    ax = sns.scatterplot(frame, x="words", y="value", hue="said")
    finished = ml.finish(ax)
    figure = finished.figure
    assert ax.get_position().width > 0.4 and ax.get_position().height > 0.4
    entries = [t.get_text() for t in ax.get_legend().get_texts()]
    assert all(e.endswith("…") for e in entries) and max(map(len, entries)) <= 44
    renderer = figure.canvas.get_renderer()
    boxes = [t.get_window_extent(renderer) for t in ax.get_xticklabels()]
    assert all(a.x1 < b.x0 for a, b in zip(boxes, boxes[1:], strict=False))
    assert finished.data["words"].tolist() == SENTENCES


def test_a_source_line_says_where_a_table_ends():
    # the Cambridge map ends with January 2022; the daily network is the newest table
    said = source_line(["country_share", "network_daily"], "en")
    assert "country_share v1 (to January 2022), network_daily v1;" in said
    assert "country_share v1（至2022年1月）" in source_line(["country_share"], "zh")
    assert re.search(r"index_yearly v\d+ \(to 2023\)", source_line(["index_yearly"], "en"))
    assert "(to" not in source_line(["machine_assumptions"], "en")
