# SPDX-License-Identifier: MIT
"""Living figures: their kept sweeps against fresh runs, and read off in a real browser."""

import json
import re
import sys
from pathlib import Path

import living as page_of
import pandas as pd
import pytest
from pages import chromium, needs_browser, violations

import minelib as ml
from minelib.declared import declared
from minelib.errors import BadInput, BadParameter, UnknownName
from minelib.figures import living
from minelib.studies.miners_choice import MinersChoice
from minelib.words import date, gettext, number, percent
from minelib.workbench import site
from minelib.workbench.site import data_pages, extras, ledgers, living as shown, myst, record

sys.path.insert(0, str(Path(__file__).parents[1] / "tools"))
import swept

# of each slider five points, the ends and the start among them; other controls where they begin
FIVE = {
    "counterfactual": {
        "intervention": ["2021-03-05", "2021-05-07", "2021-05-21", "2021-07-02", "2021-09-24"]
    },
    "electricity": {
        "price_usd_kwh": ["0.01", "0.05", "0.07", "0.13", "0.2"],
        "version": ["1.3.1", "1.4.0"],
    },
    "choice": {
        "machine": ["Antminer S17"],
        "destination": ["texas"],
        "tariff_usd_kwh": ["0.02", "0.04", "0.05", "0.08", "0.12"],
    },
}


@pytest.mark.parametrize("name", living.SWEPT)
def test_five_points_of_each_slider_are_what_fresh_runs_give(name):
    fresh = swept.swept(name, FIVE[name])
    turned = [*FIVE[name]]
    texts = {key: fresh[key].map(lambda v: v if isinstance(v, str) else f"{v:g}") for key in turned}
    fresh = fresh.assign(**texts)
    there = living.kept(name).merge(fresh[turned].drop_duplicates(), on=turned)
    assert there[turned].drop_duplicates().shape[0] == fresh[turned].drop_duplicates().shape[0]
    for frame in (fresh, there):
        for column in {"date", "month"} & {*frame}:
            frame[column] = frame[column].astype(str).str[:10]
    order = [*turned, *[c for c in ("view", "option", "date", "year") if c in fresh]]
    fresh, there = (f.sort_values(order).reset_index(drop=True) for f in (fresh, there))
    pd.testing.assert_frame_equal(fresh[[*there]], there, check_dtype=False, rtol=1e-6, atol=1e-6)


def test_the_kept_runs_are_whole_and_rest_on_todays_tables():
    assert shown.lacking() == []
    runs = sum(
        len(living.kept(n)[[*living.FIGURES[n]["sweep"]["grid"]]].drop_duplicates())
        for n in living.SWEPT
    )
    assert runs <= 600


def test_a_grid_with_holes_names_them_and_how_to_run_them(tmp_path, monkeypatch):
    text = (living.FOLDER / "electricity.csv").read_text(encoding="utf-8").splitlines(True)
    for name in living.SWEPT:
        (tmp_path / f"{name}.csv").write_bytes((living.FOLDER / f"{name}.csv").read_bytes())
    holes = [line for line in text if not line.startswith("0.07,1.3.1,")]
    assert len(holes) < len(text)
    (tmp_path / "electricity.csv").write_text("".join(holes), encoding="utf-8")
    monkeypatch.setattr(living, "FOLDER", tmp_path)
    monkeypatch.setattr(shown, "FOLDER", tmp_path)
    (said,) = shown.lacking()
    assert "0.07 1.3.1" in said and said.endswith("python tools/swept.py electricity")
    (tmp_path / "choice.csv").write_text("# other tables\n", encoding="utf-8")
    assert shown.stale("choice")
    (tmp_path / "electricity.csv").unlink()
    with pytest.raises(BadInput, match="tools/swept.py electricity"):
        page_of.figure.__wrapped__("electricity", "en")


def test_what_is_no_figure_or_no_state_is_refused():
    still = page_of.figure("places", "en")
    with pytest.raises(UnknownName):
        ml.figures.live("place", still)
    with pytest.raises(UnknownName):
        ml.figures.live("places", still, month="2030-01-01")
    with pytest.raises(UnknownName):
        ml.figures.live("places", still, planet="mars")
    with pytest.raises(BadParameter, match="must be minelib.display.Finished"):
        ml.figures.live("places", still.figure)


@pytest.mark.parametrize("name", [n for n in living.FIGURES if n != "ledger"])
def test_jupyter_draws_it_by_plotly_and_its_slider_leads_to_every_point(name):
    data, _metadata = page_of.figure(name, "en")._repr_mimebundle_()
    spec, drawn = data[living.MIME], data["application/vnd.plotly.v1+json"]
    (slider,) = drawn["layout"]["sliders"]
    steps = slider["steps"]
    turned = next((c for c in spec["controls"] if c["ordered"]), spec["controls"][0])
    assert [s["label"] for s in steps] == turned["words"]
    assert steps[slider["active"]]["args"][-1]["title.text"] == drawn["layout"]["title"]["text"]
    assert json.loads(json.dumps(data[living.MIME])) == spec and "image/png" in data
    assert len(json.dumps(drawn)) < 600_000


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """The page and what it needs; what the other pages show is left out."""
    with pytest.MonkeyPatch.context() as patch:
        for module, name in ((ledgers, "claims"), (ledgers, "published"), (record, "page")):
            patch.setattr(module, name, lambda *_pages: "# Another page")
        patch.setattr(data_pages, "pages", lambda: {"index": "# Another page"})
        patch.setattr(extras, "draw", lambda *_where: [])
        return site.build(page_of.run(tmp_path_factory.mktemp("living"))).parent


def opened(page, built, lang, state=""):
    page.set_default_timeout(180_000)  # on a machine that has other things to do
    page.goto((built / lang / "notebooks" / f"{page_of.PAGE}.html").as_uri() + state)
    return page


def asked(page, name):
    """The figure of that name, scrolled to and ready."""
    figure = page.locator(".minelib-live").nth([*living.FIGURES].index(name))
    figure.scroll_into_view_if_needed()
    figure.locator(".minelib-said:not(:empty)").wait_for()
    page.wait_for_function("e => e.dataset.ready === 'yes'", arg=figure.element_handle())
    return figure


def downloaded(page, link):
    """The table that a link hands to the reader, and the lines at its head."""
    with page.expect_download() as download:
        link.last.click()
    path = download.value.path()
    head = [x for x in path.read_text(encoding="utf-8").splitlines() if x.startswith("#")]
    return pd.read_csv(path, comment="#"), head


CALCULATED = [
    {},
    {"machine": "Antminer S9", "tariff_usd_kwh": "0.12", "view": "on_the_day"},  # never
    {"machine": "Antminer S9", "tariff_usd_kwh": "0.12", "destination": "texas"},  # not yet
    {"machine": "Antminer S17", "tariff_usd_kwh": "0.02", "view": "on_the_day"},
    {"machine": "Antminer S17", "destination": "russia", "tariff_usd_kwh": "0.02"},
]


def calculated(
    lang, machine="Antminer S19", destination="kazakhstan", tariff_usd_kwh="0.05", view="hindsight"
):
    """What the library says of the same machine, on the same day, at the same terms."""
    day = MinersChoice.model_fields["decision_date"].default
    best = ml.economics.assumptions().set_index("name")["best"]
    shares = {name: best[name] for name in ("pool_fee_pct", "overhead_pct")}
    even = ml.economics.break_even(machine, "D", day, day, **shares).iloc[0]
    delay = int(best[f"{destination}_delay_days"])
    tariff = float(tariff_usd_kwh)
    paid = ml.economics.payback(machine, day, tariff, delay_days=delay).iloc[0]
    names = ("lower_days", "payback_days", "upper_days")
    if view == "on_the_day":
        names = ("expected_lower_days", "expected_days", "expected_upper_days")
    says = declared(myst.__file__, "words.toml")["reckoned"]
    never, not_yet = (gettext(says[name], lang) for name in ("never", "open"))
    days = [
        never if paid[n] == float("inf") else not_yet if paid[n] != paid[n] else number(paid[n], 0)
        for n in names
    ]
    return gettext(says[view], lang).format(
        day=date(pd.Timestamp(day), lang),
        even=number(even["break_even_usd_kwh"], 3),
        even_lower=number(even["lower_usd_kwh"], 3),
        even_upper=number(even["upper_usd_kwh"], 3),
        cost=number(paid["price_usd"], 0),
        delay=delay,
        **dict(zip(("lower", "days", "upper"), days, strict=True)),
        recovered=number(paid["recovered_pct"], 0),
        last=date(ml.economics.hash_price().index[-1], lang),
    )


def test_the_terms_of_the_calculator_lead_to_each_kind_of_answer():
    english = [calculated("en", **given) for given in CALCULATED]
    assert any("never" in said for said in english) and any("not yet" in said for said in english)
    assert any(re.search(r"days: \d+ \(\d+ to \d+\)", said) for said in english)


def wait_said(figure, words):
    figure.locator(".minelib-said", has_text=words).wait_for()


@pytest.mark.parametrize("lang", ["en", "zh"])
class TestBrowser:
    pytestmark = needs_browser

    def test_by_keyboard_each_slider_says_and_shows_what_the_kept_runs_hold(self, built, lang):
        with chromium(offline=True) as page:
            opened(page, built, lang)
            figure = asked(page, "counterfactual")
            figure.locator("input[type=range]").focus()
            page.keyboard.press("End")
            runs = living.kept("counterfactual")
            last = runs[runs["intervention"] == runs["intervention"].max()]
            low = last.loc[last["effect_pct"].idxmin()]
            wait_said(figure, percent(low["effect_pct"], 1))
            wait_said(figure, "2021-09-24")
            drawn = figure.locator(".minelib-chart").evaluate(
                "e => e.data.find((t) => t.line?.dash === 'dash').y"
            )
            assert drawn == pytest.approx(last["counterfactual"].tolist(), rel=1e-9)

            figure = asked(page, "electricity")
            figure.locator("input[type=range]").focus()
            page.keyboard.press("Home")
            runs = living.kept("electricity").query("price_usd_kwh == '0.01'")
            best = runs.query("version == '1.4.0'")["best_twh"].max()
            wait_said(figure, number(best, 1))
            figure.locator("select").focus()
            page.keyboard.press("ArrowDown")  # to the older version
            best = runs.query("version == '1.3.1'")["best_twh"].max()
            wait_said(figure, number(best, 1))

            figure = asked(page, "choice")
            figure.locator("input[type=range]").focus()
            page.keyboard.press("ArrowRight")
            runs = living.kept("choice").query(
                "machine == 'Antminer S19' and destination == 'kazakhstan' "
                "and tariff_usd_kwh == '0.06' and view == 'hindsight'"
            )
            wait_said(figure, number(runs["net_usd"].max(), 0))
            shown_at = figure.locator(".minelib-chart").evaluate("e => e.data[0].x")
            assert shown_at == pytest.approx(runs["net_usd"].tolist(), rel=1e-9)

            figure = asked(page, "places")
            figure.locator("input[type=range]").focus()
            page.keyboard.press("End")
            # Cambridge mining map, release of May 2022: USA January 2022 37.84
            wait_said(figure, "37.8%")
            assert "37.8%" in figure.locator("svg.minelib-map").inner_html()
            assert not page.wrong

    def test_by_mouse(self, built, lang):
        with chromium(offline=True, viewport={"width": 360, "height": 800}) as page:
            opened(page, built, lang)
            figure = asked(page, "places")
            figure.locator("select").select_option("province")
            # Cambridge mining map: Xinjiang April 2021 is the largest
            table = ml.geography.by_province().set_index("month").loc["2021-04-01"].reset_index()
            top = table.loc[table["share_of_china_pct"].idxmax()]
            wait_said(figure, f"{number(top['share_of_china_pct'], 1)}%")
            slider = figure.locator("input[type=range]").bounding_box()
            page.mouse.click(slider["x"] + 2, slider["y"] + slider["height"] / 2)
            wait_said(figure, "2019")
            figure.locator("button.minelib-copy").first.click()  # play
            page.wait_for_function(
                "e => Number(e.value) > 0", arg=figure.locator("input[type=range]").element_handle()
            )
            figure.locator("button.minelib-copy").first.click()  # and stop

            figure = asked(page, "hash_rate")
            figure.locator("select").select_option(index=2)
            wait_said(figure, "2021-04-1")
            sides = figure.locator(".minelib-chart").evaluate("e => e.layout.xaxis.range")
            assert [side[:7] for side in sides] == ["2021-04", "2021-04"]
            figure.locator("summary").click()
            assert figure.locator("tbody tr").count() >= 1

            figure = asked(page, "ledger")
            figure.locator("select").first.select_option("contradicted")
            found = ml.claims.ledger(lang).query("verdict == 'contradicted'")
            wait_said(figure, str(len(found)))
            entries = figure.locator("li:not([hidden])")
            assert entries.count() == len(found)
            entries.first.locator("summary").click()
            assert found.iloc[0]["sources"][:20] in entries.first.inner_text()
            wide = page.evaluate("document.documentElement.scrollWidth")
            assert wide <= 360
            assert not page.wrong

    def test_an_address_brings_back_what_was_seen_and_says_what_it_cannot(self, built, lang):
        number_of = [*living.FIGURES].index("electricity") + 1
        here = f"{page_of.PAGE}-{number_of}"
        with chromium(offline=True) as page:
            page.context.grant_permissions(["clipboard-read", "clipboard-write"])
            opened(page, built, lang, f"#{here}?price_usd_kwh=0.0712&version=1.3.1")
            figure = asked(page, "electricity")
            assert figure.locator("select").input_value() == "1.3.1"
            assert figure.locator("output").inner_text() == "0.070"
            assert "0.0712" in figure.locator(".minelib-said").inner_text()
            figure.locator("input[type=range]").focus()
            page.keyboard.press("ArrowLeft")
            page.wait_for_function("location.hash.includes('price_usd_kwh=0.06')")
            assert f"#{here}?" in page.url and "version=1.3.1" in page.url
            said = figure.locator(".minelib-said").inner_text()
            assert "0.0712" not in said and "0.060" in said
            figure.locator("button.minelib-copy").last.click()
            figure.locator("span[role=status]:not(:empty)").wait_for()
            copied = page.evaluate("navigator.clipboard.readText()")
            assert page.url in copied and f"minelib {ml.__version__}" in copied
            assert not page.wrong

    def test_what_the_page_calculates_is_the_librarys_to_the_printed_digit(self, built, lang):
        with chromium(offline=True) as page:
            opened(page, built, lang)
            figure = asked(page, "choice")
            said = figure.locator(".minelib-said")
            here = f"{page_of.PAGE}-{[*living.FIGURES].index('choice') + 1}"
            for given in CALCULATED:
                state = {**living.FIGURES["choice"]["start"], **given}
                for name, value in state.items():
                    control = figure.locator(f"[id='{here}-{name}']")
                    if name == "tariff_usd_kwh":
                        values = living.kept("choice")[name].unique().tolist()
                        control.fill(str(values.index(value)))
                    else:
                        control.select_option(value)
                wanted = calculated(lang, **given)
                page.wait_for_function(
                    "([e, words]) => e.textContent.endsWith(words)",
                    arg=[said.element_handle(), wanted],
                )
            assert not page.wrong

    def test_a_csv_taken_from_the_page_has_the_values_of_the_table(self, built, lang):
        with chromium(offline=True) as page:
            opened(page, built, lang)
            figure = asked(page, "places")
            figure.locator("input[type=range]").focus()
            page.keyboard.press("End")
            wait_said(figure, "2022")
            figure.locator("summary").click()
            taken, head = downloaded(page, figure.locator("details a[download]"))
            table = ml.load("country_share")
            last = table[table["month"] == table["month"].max()].query("share_pct > 0")
            names = {ml.catalog.columns.value("place", p, lang): p for p in last["place"]}
            assert taken.set_index(taken["place"].map(names))["share_pct"].to_dict() == (
                last.set_index("place")["share_pct"].to_dict()
            )
            described = ml.describe("halvings")  # the still figure of this page rests on it
            assert any(f"minelib {ml.__version__}" in line for line in head)
            assert any(described.licence in line and "halvings" in line for line in head)

            tabs = page.locator(".minelib-tabs").nth([*living.FIGURES].index("places"))
            tabs.get_by_role("tab").nth(1).click()
            tabs.locator(".minelib-ledger").wait_for()
            taken, _head = downloaded(page, tabs.locator("a[download$='.csv'], a[href$='.csv']"))
            whole = ml.load("halvings")
            taken = taken.astype(dict(whole.dtypes))
            pd.testing.assert_frame_equal(taken, whole, check_exact=True)
            # the browser leaves the page for no file that it hands over
            assert [w for w in page.wrong if not w.endswith(".csv")] == []

    @pytest.mark.parametrize("scheme", ["light", "dark"])
    def test_no_serious_fault_for_those_who_cannot_see(self, built, lang, scheme):
        with chromium(offline=True, color_scheme=scheme) as page:
            opened(page, built, lang)
            for name in living.FIGURES:
                asked(page, name)
            assert violations(page) == []

    def test_without_scripts_and_on_paper_the_still_picture_stands(self, built, lang):
        with chromium(offline=True, java_script_enabled=False) as page:
            opened(page, built, lang)
            assert page.locator(".minelib-live img").count() == len(living.FIGURES)
            assert page.locator(".minelib-live img").first.is_visible()
            assert page.locator("a[download]").first.is_visible()
        with chromium(offline=True) as page:
            opened(page, built, lang)
            figure = asked(page, "choice")
            assert not figure.locator("img").is_visible()
            page.emulate_media(media="print")
            assert figure.locator("img").is_visible()
            assert not figure.locator(".minelib-asked").is_visible()
