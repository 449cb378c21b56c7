# SPDX-License-Identifier: MIT
"""The paper, the summaries for teachers and the READMEs' answer: every number from the package.

    python tools/paper.py              # write paper/*.md and the READMEs' answer
    python tools/paper.py --check      # change nothing; exit 1 where a text is behind
    python tools/paper.py --build      # and paper/build: HTML by pandoc, PDF by chromium
    python tools/paper.py --simulate   # anew: how often the estimators hold what is true (minutes)

A template ``paper/NAME.md.jinja`` becomes ``paper/NAME.md``. The simulations take minutes, so that
their results lie in ``paper/coverage.csv`` and ``paper/steps.csv``; a test repeats some of them.
"""

from __future__ import annotations

import argparse
import re
import shutil
import statistics
import subprocess
import sys
from functools import cache
from pathlib import Path

import jinja2
import pandas as pd

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tools")]

import data_package  # noqa: E402
import house  # noqa: E402

import minelib as ml  # noqa: E402
from minelib import words  # noqa: E402
from minelib.catalog import origins  # noqa: E402
from minelib.workbench.site import story  # noqa: E402

PAPER = ROOT / "paper"
SIMULATIONS, CHAINS, QUIET = 100, 40, 200
ESTIMATORS = ("effect", "stages", "swing")
READMES = {"README.md": "en", "README.zh.md": "zh"}
_OPEN, _SHUT = "<!-- answer -->", "<!-- / -->"
_SPRING = ("2021-04-01", "2021-09-30")
_MAP = (pd.Timestamp("2021-04-01"), pd.Timestamp("2021-07-01"))


@cache
def numbers(lang: str = "en") -> dict[str, object]:
    """Every number and day of the texts by name, as words of a language."""
    before = words.current()
    words.use(lang)
    try:
        return (
            _counts()
            | {"answer": story.answer()}
            | _verdicts()
            | _steps()
            | _outage()
            | _coverage()
        )
    finally:
        words.use(before)


def _counts():
    listed, blocks = ml.catalog.list(), ml.chain.block_times()["time"]
    china = ml.load("country_share").query("place == 'china'").set_index("month")["share_pct"]
    lines = [
        len(p.read_text(encoding="utf-8").splitlines()) for p in (ROOT / "data").glob("*/*.toml")
    ]
    releases = ml.load("map_releases")["stated_sample_pct"].dropna()
    return {
        "day": f"{pd.Timestamp(data_package.day()):%-d %B %Y}",
        "tables": len(listed),
        "rows": words.number(listed["rows"].sum()),
        "notebooks": len(list((ROOT / "notebooks").glob("*.ipynb"))),
        "lessons": len(list((ROOT / "notebooks" / "lessons").glob("*.ipynb"))),
        "first_block": words.date(blocks.min()),
        "last_block": words.date(blocks.max()),
        "last_year": blocks.max().year,
        "sources": origins.in_words(ml.catalog.default()),
        "before_month": words.month(_MAP[0]),
        "after_month": words.month(_MAP[1]),
        "china_before": words.percent(china[_MAP[0]], 0),
        "china_after": words.percent(china[_MAP[1]], 0),
        "floors": len(house.FLOORS),
        "descriptor_lines": round(statistics.median(lines)),
        "sample": words.percent(releases.iloc[0], 0),
    }


def _verdicts():
    ledger, published = ml.claims.ledger(), ml.published.table()
    told = {"claims": len(ledger), "computed": (ledger["kind"] == "computed").sum()}
    told |= {"published": len(published)}
    told["works"] = ml.load("published_results").drop_duplicates(["authors", "work"]).shape[0]
    for verdict in ml.claims.VERDICTS:
        told[verdict] = (ledger["verdict"] == verdict).sum()
        told[f"published_{verdict}"] = (published["verdict"] == verdict).sum()
    return told


def _steps():
    found = ml.chain.steps(*_SPRING)
    each = [
        f"{words.percent(row.change_pct, 0, signed=True)} "
        f"({words.percent(row.lower_pct, 0, signed=True)} to "
        f"{words.percent(row.upper_pct, 0, signed=True)}) on {words.date(row.time.normalize())}"
        for row in found.itertuples()
    ]
    return {"steps": len(found), "step_list": "; ".join(each)}


def _outage():
    level = 0.9
    rows = ml.impact.share_by_outage(level).set_index(["event", "model"])
    told = {"level": words.percent(100 * level, 0)}
    told["outage_day"] = words.date(
        ml.load("events").set_index("event").loc["xinjiang_outage", "date"]
    )
    kinds = {
        "outage": ("xinjiang_outage", "window"),
        "sichuan": ("sichuan_order", "window"),
        "sichuan_drift": ("sichuan_order", "drift"),
    }
    for name, key in kinds.items():
        row = rows.loc[key]
        told[name] = words.percent(row["share_pct"], 0)
        for end in ("lower", "upper"):
            told[f"{name}_{'low' if end == 'lower' else 'high'}"] = words.percent(
                row[f"{end}_pct"], 0
            )
        told[f"{name}_map"] = words.percent(row["map_pct"], 0)
        inside = bool(row["map_inside"])
        told[f"{name}_verdict"] = (
            ("inside" if inside else "outside")
            if name.endswith("drift")
            else ("is compatible with" if inside else "does not agree with")
        )
    return told


def _coverage():
    study, steps = (pd.read_csv(PAPER / f"{name}.csv") for name in ("coverage", "steps"))
    held = study[study["quantity"] == "coverage_pct"]
    broken = held["scenario"].isin(_BROKEN)
    falls = steps[steps["fall_pct"] == _FALL]
    quiet = steps[steps["fall_pct"] == 0].iloc[0]
    return {
        "coverage_series": int(held["n"].iloc[0]),
        "coverage_nominal": words.percent(held["nominal"].iloc[0], 0),
        "coverage_held": _span(held.loc[~broken, "value"]),
        "coverage_broken": _span(held.loc[broken, "value"]),
        "quiet_years": words.number(quiet["chains"]),
        "quiet_false": words.percent(quiet["found_pct"], 0),
        "fall": words.percent(_FALL, 0),
        "fall_years": int(falls["chains"].iloc[0]),
        "fall_found": _span(falls["found_pct"]),
        "fall_size": _span(falls["size_coverage_pct"]),
        "fall_time": _span(falls["time_coverage_pct"]),
    }


def _span(values: pd.Series) -> str:
    low, high = (words.percent(value, 0) for value in (values.min(), values.max()))
    return low if low == high else f"{low} to {high}"


_FALL = 25
# scenarios in which an assumption of the estimator does not hold
_BROKEN = {
    "growth that wanders much",
    "heavy tails",
    "noise not known",
    "no season, but wild weeks",
    "no season, growth that wanders much",
}


def simulate() -> None:
    """How often the estimators hold what is true, into two tables."""
    from minelib.chain.proof import prove
    from minelib.impact.proof import simulation_study

    study = simulation_study(SIMULATIONS, ESTIMATORS).round(4)
    study.to_csv(PAPER / "coverage.csv", index=False, lineterminator="\n")
    prove(CHAINS, QUIET).round(4).to_csv(PAPER / "steps.csv", index=False, lineterminator="\n")


def texts() -> dict[Path, str]:
    """Every text that is written here, by its file."""
    made = {}
    for template in sorted(PAPER.glob("*.md.jinja")):
        name = template.name.removesuffix(".jinja")
        lang = "zh" if ".zh." in name else "en"
        own = jinja2.Template(
            template.read_text(encoding="utf-8"),
            undefined=jinja2.StrictUndefined,
            keep_trailing_newline=True,
        )
        made[PAPER / name] = own.render(numbers(lang))
    for name, lang in READMES.items():
        path = ROOT / name
        before, rest = path.read_text(encoding="utf-8").split(_OPEN)
        made[path] = f"{before}{_OPEN}{answer(lang)}{_SHUT}{rest.split(_SHUT, 1)[1]}"
    return made


def answer(lang: str) -> str:
    """The site's sentence on what nobody else has."""
    before = words.current()
    words.use(lang)
    try:
        return story.answer()
    finally:
        words.use(before)


def build(folder: Path) -> list[Path]:
    """HTML by pandoc and PDF by chromium of every text."""
    from playwright.sync_api import sync_playwright

    made = []
    folder.mkdir(parents=True, exist_ok=True)
    cited = [
        "--citeproc",
        f"--bibliography={PAPER / 'paper.bib'}",
        "--metadata=link-citations:true",
    ]
    with sync_playwright() as play:
        browser = play.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox"]
        )
        page = browser.new_page()
        for source in sorted(PAPER.glob("*.md")):
            target = folder / f"{source.stem}.html"
            how = ["--standalone", "--self-contained", f"--css={PAPER / 'paper.css'}"]
            authors = re.findall(r"^  - name: (.+)$", source.read_text(encoding="utf-8"), re.M)
            how += [f"--metadata=author:{name}" for name in authors]  # pandoc's key, not theirs
            form = "--from=markdown+east_asian_line_breaks"  # a line's end is no space in Chinese
            call = ["pandoc", source, form, *how, *cited, "-o", target]
            subprocess.run(call, check=True, cwd=PAPER)
            page.goto(target.as_uri())
            page.evaluate("document.fonts.ready")
            page.pdf(path=str(target.with_suffix(".pdf")), prefer_css_page_size=True)
            made += [target, target.with_suffix(".pdf")]
        browser.close()
    return made


def main(argv: list[str] | None = None) -> int:
    """Run the command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    for verb in ("check", "build", "simulate"):
        parser.add_argument(f"--{verb}", action="store_true")
    asked = parser.parse_args(argv)
    if asked.simulate:
        simulate()
    behind = [
        path
        for path, text in texts().items()
        if not path.exists() or path.read_text(encoding="utf-8") != text
    ]
    if asked.check:
        for path in behind:
            print(f"{path.relative_to(ROOT)} is behind: python tools/paper.py")
        return int(bool(behind))
    for path, text in texts().items():
        path.write_text(text, encoding="utf-8", newline="\n")
    if asked.build:
        missing = [name for name in ("pandoc", "chromium") if not shutil.which(name)]
        if missing:
            print(f"not built: {', '.join(missing)} is not installed", file=sys.stderr)
            return 1
        print(*build(PAPER / "build"), sep="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
