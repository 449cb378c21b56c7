# SPDX-License-Identifier: MIT
"""What each living figure shows in every state of its controls."""

from collections.abc import Iterable
from typing import Any

import pandas as pd

from minelib import chain, claims, geography, html, impact, words
from minelib.catalog import columns
from minelib.display.table import agreed, as_data
from minelib.figures.marks import MAPS
from minelib.style import place_colour
from minelib.words import gettext as _

__all__ = ["hash_rate", "heads", "ledger", "places", "swept"]

_DAYS, _NUMBERS = ("intervention", "month"), ("price_usd_kwh", "tariff_usd_kwh")
_DAY = pd.Timedelta(days=1)


def swept(entry: dict[str, Any], runs: pd.DataFrame) -> dict[str, Any]:
    """A figure whose states are the runs of a sweep, as `minelib.figures.living.kept` has them."""
    turned, peak = entry["controls"], runs[entry["peak"].removeprefix("-")]
    states = runs.groupby(turned, sort=False)
    best = (-peak if entry["peak"].startswith("-") else peak).groupby(states.ngroup()).idxmax()
    shown = [name for name in entry["sweep"]["columns"] if name not in turned]
    views = {
        "|".join(key): {"data": _held(part[shown]), "said": said}
        for (key, part), said in zip(states, _told(entry, runs.loc[best]), strict=True)
    }
    controls = [_control(name, runs[name]) for name in turned]
    made = {"controls": controls, "views": views, "columns": heads(shown)}
    if "context" in entry:  # the weeks around all interventions
        weeks = chain.hash_rate("W", *entry["context"])["hashrate_eh_s"].round(1)
        made["data"] = _held(weeks.rename_axis("date_before").reset_index())
    return made


def hash_rate(entry: dict[str, Any], steps: pd.DataFrame | None = None) -> dict[str, Any]:
    """Days of six years and hours of the crackdown, with steps and orders."""
    span = entry["hours"]
    steps = chain.steps(*span) if steps is None else steps
    orders = impact.orders(*span, by="order", found=steps)
    rates = {"D": chain.hash_rate("D", *entry["days"]), "h": chain.hash_rate("h", *span)}
    data: dict[str, Any] = {}
    for freq, frame in rates.items():
        named = frame.add_suffix(f"_{freq}").rename_axis(f"date_{freq}").round(1)
        drawn = [trace["y"] for trace in entry["traces"] if trace["y"] in named]
        data |= _held(named[drawn].reset_index())
    data["date_h"] = [hour.removesuffix(":00:00") for hour in data["date_h"]]
    changes = [
        columns.label("change_pct", unit=False) + " " + words.percent(c, 1, signed=True)
        for c in steps["change_pct"]
    ]
    found = pd.DataFrame({"mark": "step", "time": steps["time"], "what": changes, "place": None})
    named = orders[["from_time", "title", "place"]].set_axis(["time", "what", "place"], axis=1)
    marked = pd.concat([found, named.assign(mark="order")]).sort_values("time")
    for kind, part in marked.groupby("mark"):
        data |= _held(part.drop(columns=["mark", "place"]).add_suffix(f"_{kind}"))
    data["after_eh_s"], data["nothing"] = steps["after_eh_s"].round(1).tolist(), [0] * len(orders)
    first, last = (pd.Timestamp(day) for day in entry["days"])
    windows = {"all": (first, last), "crackdown": tuple(map(pd.Timestamp, span))}
    said = {"all": _("All days"), "crackdown": _("The months of the crackdown, by hour")}
    for time, change in zip(steps["time"], changes, strict=True):
        key = f"{time:%Y-%m-%d}"
        windows[key], said[key] = (time - 3 * _DAY, time + 3 * _DAY), f"{key}: {change}"
    views = {}
    for key, (start, end) in windows.items():
        inside = marked[marked["time"].between(start, end)]
        seen = rates["D"].loc[start.normalize() : end, "hashrate_eh_s"]
        low, high = (pd.Timestamp(str(day)) for day in (seen.idxmin(), seen.idxmax()))
        counts = inside["mark"].value_counts()
        told = _(entry["said"]).format(
            window=said[key],
            steps=counts.get("step", 0),
            orders=counts.get("order", 0),
            low=words.number(seen.min(), 1),
            low_date=words.date(low),
            high=words.number(seen.max(), 1),
            high_date=words.date(high),
        )
        sides = {"range": [start.isoformat(), end.isoformat()]}
        most = rates["D" if key == "all" else "h"].loc[start:end, "hashrate_eh_s"].max()
        layout = {"xaxis": sides, "yaxis": {"range": [0, 1.08 * most]}}
        views[key] = {"data": _held(inside), "said": told, "layout": layout}
    window = {**_control("window", windows), "words": list(said.values())}
    return {
        "controls": [window],
        "views": views,
        "data": data,
        "columns": heads(["time", "mark", "what", "place"]),
    }


def places(entry: dict[str, Any], _steps: Any = None) -> dict[str, Any]:
    """Shares of countries as bubbles and of provinces as tiles, month by month."""
    country = geography.by_country()[["month", "place", "share_pct"]]
    province = geography.by_province().rename(columns={"province": "place"})
    province = province.assign(share_pct=province["share_of_china_pct"])[[*country]]
    levels = {"country": (country, "countries"), "province": (province, "provinces")}
    views, marks = {}, {}
    for level, (frame, drawn) in levels.items():
        marks[level] = [
            {"x": x, "y": y, "name": columns.value("place", key), "colour": place_colour(key)}
            for key, (x, y) in MAPS[drawn].items()
        ]
        wide = frame.pivot(index="month", columns="place", values="share_pct")
        for month in country["month"].unique():
            row = wide.loc[month].dropna() if month in wide.index else pd.Series(dtype=float)
            said = _("{month}: no shares of provinces are known.").format(month=words.month(month))
            if len(row):
                top = str(row.drop("other", errors="ignore").idxmax())
                phrase = {"month": words.month(month), "place": columns.value("place", top)}
                phrase |= {"level": columns.value("level", level)}
                said = _(entry["said"]).format(share_pct=words.number(row[top], 1), **phrase)
            row = row[row > 0].sort_values(ascending=False)
            sizes = [row.get(key) for key in MAPS[drawn]]
            table = {"place": [columns.value("place", p) for p in row.index], "share_pct": [*row]}
            views[f"{level}|{month:%Y-%m-%d}"] = {"data": table, "said": said, "sizes": sizes}
    months = [f"{month:%Y-%m-%d}" for month in country["month"].unique()]
    controls = [_control("level", levels), {**_control("month", months), "play": True}]
    return {
        "controls": controls,
        "views": views,
        "marks": marks,
        "note": _(entry["note"]),
        "columns": heads(["place", "share_pct"]),
    }


def ledger(entry: dict[str, Any], _steps: Any = None) -> dict[str, Any]:
    """The claims of the article, each with its evidence folded under it."""
    found = claims.ledger()
    said = found["claim_zh" if words.current() == "zh" else "claim_en"]
    rows = [
        html.folded(
            f"{columns.value('verdict', row.verdict)} · {claim}",
            html.paragraphs(filter(None, [row.finding, row.evidence, row.decided, row.sources])),
        )
        for claim, row in zip(said, found.itertuples(), strict=True)
    ]
    turned = entry["controls"]
    controls = [_control(name, found[name], _("All")) for name in turned]
    return {
        "controls": controls,
        "rows": rows,
        "keys": found[turned].values.tolist(),
        "said": _(entry["said"]),
    }


def _control(name, values, every=""):
    """A control: what it is called, its values and their words; ``every`` is no choice."""
    values = list(dict.fromkeys(values))
    said = [cells[0] for cells in agreed(_typed(pd.DataFrame({name: values})), ["claims"]).cells]
    if every:
        values, said = ["", *values], [every, *said]
    label, ordered = columns.label(name, tables=["claims"]), name in _DAYS + _NUMBERS
    return {"name": name, "label": label, "values": values, "words": said, "ordered": ordered}


def _typed(frame):
    """Days as days and numbers as numbers, of controls that are texts."""
    days = {name: pd.to_datetime(frame[name]) for name in _DAYS if name in frame}
    return frame.assign(**days, **{n: pd.to_numeric(frame[n]) for n in _NUMBERS if n in frame})


def _told(entry, frame):
    """The sentence of each row, its values in words."""
    shown = agreed(_typed(frame), entry["tables"])
    return [_(entry["said"]).format(**dict(zip(shown.names, c, strict=True))) for c in shown.cells]


def _held(frame):
    """The columns of a frame as lists of plain values, keys as words."""
    data = as_data(frame)["frame"]
    lists = map(list, zip(*data["data"], strict=True)) if data["data"] else [[] for _c in frame]
    return {
        name: [columns.value(name, v) if isinstance(v, str) else v for v in values]
        for name, values in zip(data["columns"], lists, strict=True)
    }


def heads(names: Iterable[str]) -> list[dict[str, Any]]:
    """Columns as a page shows them: ``name``, ``label``, ``digits``."""
    known = ((name, columns.word(name)) for name in names)
    return [{"name": n, "label": columns.label(n), "digits": w and w.digits} for n, w in known]
