# SPDX-License-Identifier: MIT
"""The controls of the explorer. Every one of them only sets a parameter of `view`."""

import base64
from collections.abc import Mapping
from typing import Any

from minelib import energy, html, words
from minelib.checks import language
from minelib.checks.door import Day, Lang, Number, door
from minelib.errors import MinelibError
from minelib.explorer import FREQUENCIES, View, places, view
from minelib.words import gettext as _

__all__ = ["Panel", "build", "panel", "picture"]


class Panel:
    """Controls around a figure; shows as a picture where there are no widgets.

    Attributes
    ----------
    view : View
        What is shown.
    controls : dict
        The ipywidgets by parameter; empty where ipywidgets is not installed.
    """

    def __init__(self, lang: str | None = None, **parameters: Any):
        self.lang: Any = language(lang)
        words.use(self.lang)
        self.parameters = parameters
        self.controls: dict[str, Any] = {}
        self._box: Any = None
        self._drawn: Any = None
        self.view = view(**parameters)
        try:
            import ipywidgets
        except ImportError:
            return
        self._box = build(ipywidgets, self)

    def show(self, **parameters: Any) -> View:
        """Look at something else; returns the new `View`."""
        self.parameters = {**self.parameters, **parameters}
        self.view = view(**self.parameters)
        return self.view

    def drawn(self) -> tuple[dict, dict]:
        """The figure of the view, drawn once, as data and metadata by MIME type."""
        from minelib.style import style

        if self._drawn is None or self._drawn[0] is not self.view:
            with style(self.lang):
                self._drawn = self.view, self.view.figure(self.lang)._repr_mimebundle_()
        return self._drawn[1]

    def _repr_mimebundle_(self, include=None, exclude=None):
        data, metadata = self.drawn()
        if self._box is not None:
            data = {**self._box._repr_mimebundle_(), **data}
        return data, metadata


def panel(
    place: str = "world",
    start: Day = "2019-09-01",
    end: Day = "2022-01-31",
    freq: str = "W",
    price_usd_kwh: Number = 0.05,
    version: str = "1.4.0",
    lang: Lang | None = None,
) -> Panel:
    """The explorer: `view` with a control for each of its parameters.

    Parameters
    ----------
    place, start, end, freq, price_usd_kwh, version
        As in `view`; where the controls stand at first.
    lang : {"en", "zh"} or None

    Returns
    -------
    Panel
    """
    return Panel(**locals())


def picture(data: Mapping[str, Any], metadata: Mapping[str, Any]) -> str:
    """A drawn chart as an ``<img>`` with its alternative text."""
    return html.render(
        '<img class="minelib-explorer" alt="{{ alt }}" src="data:image/png;base64,{{ png }}" '
        'style="max-width:100%;height:auto;background:#fff">',
        alt=metadata["image/png"]["alt"],
        png=base64.b64encode(data["image/png"]).decode("ascii"),
    )


def build(widgets: Any, panel: Panel) -> Any:
    """Make the controls of a panel and return the box that holds them.

    Parameters
    ----------
    widgets : module
        ``ipywidgets``.
    panel : minelib.explorer.Panel

    Returns
    -------
    ipywidgets.Widget
    """
    lang, now = panel.lang, panel.parameters
    wide = widgets.Layout(width="20rem", max_width="100%")
    style = {"description_width": "8.5rem"}

    def add(name, kind, label, value=None, **options):
        value = now[name] if value is None else value
        panel.controls[name] = kind(
            description=label, value=value, layout=wide, style=style, **options
        )

    named = [(name, key) for key, name in places(lang).items()]
    often = [(_(name, lang), key) for key, name in FREQUENCIES.items()]
    tariffs = {"min": 0.01, "max": 0.2, "step": 0.01, "readout_format": ".2f"}
    add("place", widgets.Dropdown, _("Place", lang), options=named)
    add("freq", widgets.Dropdown, _("Frequency", lang), options=often)
    add("start", widgets.DatePicker, _("First day", lang), panel.view.start.date())
    add("end", widgets.DatePicker, _("Last day", lang), panel.view.end.date())
    label = _("Tariff (USD/kWh)", lang)
    add("price_usd_kwh", widgets.FloatSlider, label, **tariffs, continuous_update=False)
    label = _("Index version", lang)
    add("version", widgets.Dropdown, label, options=list(energy.VERSIONS))
    figure, events, message = widgets.HTML(), widgets.HTML(), widgets.HTML()
    message.add_class("minelib-message")

    def refresh(_change=None):
        values = {name: control.value for name, control in panel.controls.items()}
        message.value = ""
        try:
            shown = panel.show(**values)
        except MinelibError as error:
            said = _said(error, panel.controls, lang)
            message.value = html.render('<p role="alert">{{ said }}</p>', said=said)
            return
        figure.value = picture(*panel.drawn())
        events.value = shown.table(lang)._repr_html_()

    for control in panel.controls.values():
        control.observe(refresh, names="value")
    refresh()
    flow = widgets.Layout(flex_flow="row wrap")
    controls = widgets.Box(list(panel.controls.values()), layout=flow)
    return widgets.VBox([controls, message, figure, events])


def _said(error, controls, lang):
    """What is wrong, under the name that the control has for the reader."""
    control = controls.get(getattr(error, "name", None))
    if control is None or not hasattr(error, "rule"):
        return str(error)
    return _("{control}: {problem}.", lang).format(control=control.description, problem=error.rule)


door(globals())
