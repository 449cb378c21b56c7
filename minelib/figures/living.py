# SPDX-License-Identifier: MIT
"""Living figures: a still one, and under it what a reader may turn.

What they show and ask is declared in ``living.toml``. Answers to controls are the runs of real
sweeps, kept under ``swept`` with a digest of what they rest on; nothing between them is made up.
"""

from pathlib import Path
from typing import Any

import pandas as pd

from minelib import html
from minelib.catalog import columns
from minelib.declared import declared
from minelib.display import Finished
from minelib.errors import BadInput, UnknownName
from minelib.words import gettext as _

MIME = "application/vnd.minelib.live+json"
_PLOTLY = "application/vnd.plotly.v1+json"
FIGURES = declared(__file__)
_LAYOUT, _DAYS = FIGURES.pop("layout"), FIGURES.pop("days")
SWEPT = [name for name, entry in FIGURES.items() if "sweep" in entry]
FOLDER = Path(__file__).with_name("swept")
SCRIPT = Path(__file__).with_name("live.js")  # in a page


class Live(Finished):
    """A finished figure that can be asked; Jupyter shows it by Plotly, the pages by their own.

    Attributes
    ----------
    spec : dict
        Controls, and for every state of them what is shown and said.
    """

    spec: dict[str, Any]

    def _repr_mimebundle_(self, include=None, exclude=None):
        data, metadata = super()._repr_mimebundle_()
        data[MIME] = self.spec
        if "views" in self.spec:
            data[_PLOTLY] = self.plotly()
        else:
            data["text/html"] = html.folded(self.title, html.listed(self.spec["rows"]))
        return data, metadata

    def plotly(self) -> dict[str, Any]:
        """The figure for Plotly, with a slider over the first of its controls.

        Returns
        -------
        dict
            ``data`` and ``layout``, as ``plotly.graph_objects.Figure`` takes them.
        """
        spec, steps = self.spec, []
        names = [each["name"] for each in spec["controls"]]
        turned = next((each for each in spec["controls"] if each["ordered"]), spec["controls"][0])
        for value, label in zip(turned["values"], turned["words"], strict=True):
            at = {**spec["start"], turned["name"]: value}
            if (view := spec["views"].get("|".join(at[name] for name in names))) is not None:
                drawn = _traces(spec, view, at)
                new = {part: [t[part] for t in drawn] for part in ("x", "y", "text", "marker")}
                sides = view.get("layout", {}).items()
                about = {f"{side}.range": more["range"] for side, more in sides}
                about["title.text"] = view["said"]
                how = {"method": "relayout", "args": [about]}
                if not sides:  # other values; where only the window moves, they stay
                    how = {"method": "update", "args": [new, about]}
                steps.append({"label": label, **how})
        view = spec["views"]["|".join(spec["start"][name] for name in names)]
        slider = {"steps": steps, "currentvalue": {"prefix": f"{turned['label']}: "}}
        slider["active"] = turned["values"].index(spec["start"][turned["name"]])
        layout = {**_LAYOUT, **spec.get("layout", {}), "sliders": [{**slider, "pad": {"t": 50}}]}
        for side, more in view.get("layout", {}).items():
            layout[side] = {**layout[side], **more}
        layout["title"] = {"text": view["said"], "font": {"size": 12}}
        return {"data": _traces(spec, view, spec["start"]), "layout": layout}


def _traces(spec, view, at):
    """Plotly's traces of a view: columns by their names, or places as bubbles and tiles."""
    if "marks" in spec:
        places = pd.DataFrame(spec["marks"][at["level"]]).assign(size=view["sizes"]).fillna(0)
        said = places["name"] + "<br>" + places["size"].round(1).astype(str) + "%"
        size = 90 * (places["size"] / 100) ** 0.5
        mark = {"size": [*size], "color": [*places["colour"]]}
        look = {"mode": "markers+text", "textposition": "bottom center", "marker": mark}
        return [{**look, "x": [*places["x"]], "y": [*-places["y"]], "text": [*said]}]
    data, drawn = {**spec.get("data", {}), **view["data"]}, []
    for trace in spec["traces"]:
        x, more = data[trace.get("of", spec["x"])], {"text": data.get(trace.get("text"))}
        if "bounds" in trace:
            low, high = (data[name] for name in trace["bounds"])
            ends = [(v - a, b - v) for v, a, b in zip(x, low, high, strict=True)]
            less, plus = zip(*ends, strict=True)
            more["error_x"] = {"symmetric": False, "array": plus, "arrayminus": less}
        drawn.append({"marker": {}, **trace, "x": x, "y": data[trace["y"]], **more})
    return drawn


def kept(name: str) -> pd.DataFrame:
    """The runs of a living figure's sweep, a row a row of its figure.

    Returns
    -------
    pandas.DataFrame
        The parameters varied, as texts, then the columns of the figure.
    """
    entry = FIGURES[name]["sweep"]
    if not (FOLDER / f"{name}.csv").is_file():
        sentence = _("The runs of the living figure {name} are missing. Run: {command}")
        raise BadInput(sentence.format(name=name, command=f"python tools/swept.py {name}"))
    days = [c for c in entry["columns"] if c in ("date", "month")]
    texts = dict.fromkeys(entry["grid"], str)
    return pd.read_csv(FOLDER / f"{name}.csv", comment="#", dtype=texts, parse_dates=days)


def live(name: str, still: Finished, steps: pd.DataFrame | None = None, **start: str) -> Live:
    """A finished figure as one that can be asked.

    Parameters
    ----------
    name : str
        One of ``hash_rate``, ``counterfactual``, ``places``, ``electricity``, ``choice`` and
        ``ledger``.
    still : minelib.display.Finished
        The picture that stands there first, in print, and where nothing draws the other.
    steps : pandas.DataFrame, optional
        For ``hash_rate``, steps of the hash rate that were found before.
    **start : str
        Where controls stand at first, ``version="1.3.1"``.

    Returns
    -------
    Live
        Of the packaged tables, whatever the parameters of a notebook.

    Raises
    ------
    BadInput
        What is no finished figure; a figure whose runs are missing.
    UnknownName
        A figure, a control or a state of one that is not there.

    Examples
    --------
    >>> import matplotlib; matplotlib.use("agg")
    >>> import minelib as ml
    >>> effect = ml.impact.effect("2021-05-21", covariates=())
    >>> figure = ml.figures.live("counterfactual", ml.finish(effect.plot(), "network_daily"))
    >>> figure.spec["controls"][0]["label"], figure.spec["start"]
    ('First day of the intervention', {'intervention': '2021-05-21'})
    """
    if name not in FIGURES:
        raise UnknownName("figure", name, FIGURES)
    from minelib.figures import states

    entry = FIGURES[name]
    made = states.swept(entry, kept(name)) if name in SWEPT else getattr(states, name)(entry, steps)
    controls = {each["name"]: each["values"] for each in made["controls"]}
    for key, value in start.items():
        if value not in controls.get(key, ()):
            raise UnknownName(key, value, controls.get(key, controls))
    shown = Live(still.figure, still.data, still.title, still.number, still.alt, still.tables)
    shown.spec = {"name": name, "title": _(entry["title"]), "start": entry["start"] | start, **made}
    if "traces" in entry:
        shown.spec |= {"traces": list(map(_named, entry["traces"])), "x": entry["x"]}
        sides = {f"{side}axis": _axis(entry[side]) for side in "xy"}
        shown.spec["layout"] = {**_LAYOUT, **sides}
    return shown


def _named(trace):
    said = columns.value(trace["column"], trace["key"]) if "key" in trace else ""
    return {"name": said or columns.label(trace["y"], unit=False), **trace}


def _axis(name):
    measured = columns.word(name).unit not in ("", "year")
    title = {"text": columns.label(name) if measured else ""}
    return {"title": title, "automargin": True, **(_DAYS if name == "date" else {})}
