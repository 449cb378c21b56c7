# SPDX-License-Identifier: MIT
"""The commands that run and serve notebooks."""

import shlex
from pathlib import Path
from typing import Annotated, Any, Literal

from minelib.cli.options import Language, Output, Parameters, told
from minelib.cli.show import columns
from minelib.errors import BadParameters, MinelibError
from minelib.words import LANGUAGES, current, gettext as _

Notebooks = Annotated[list[str] | None, told("notebooks")]
Grid = Annotated[list[str] | None, told("grid")]
Workers = Annotated[int | None, told("workers")]
Timeout = Annotated[int | None, told("timeout")]
Lab = Annotated[Path | None, told("lab")]
Port = Annotated[int | None, told("port")]
Browser = Annotated[bool, told("browser")]


def given(texts: list[str] | None, lang: str | None = None) -> dict[str, str]:
    """``["a=1", "b=2"]`` as a dict of texts, with the ``lang`` given beside them.

    Raises
    ------
    BadParameters
        Something without ``=``, or a name given twice.

    Examples
    --------
    >>> given(["horizon_days=90"])
    {'horizon_days': '90'}
    """
    values, problems = {"lang": lang} if lang else {}, []
    for text in texts or ():
        name, equals, value = text.partition("=")
        name = name.strip()
        if not equals or not name:
            problems.append(_("{text!r} is not NAME=VALUE.").format(text=text))
        elif name in values and (name, value) != ("lang", lang):
            problems.append(_("The parameter {name} is given twice.").format(name=name))
        else:
            values[name] = value
    if problems:
        raise BadParameters(problems)
    return values


def run(
    notebooks: Notebooks = None,
    parameter: Parameters = None,
    lang: Language = None,
    output: Output = Path("outputs"),
    force: Annotated[bool, told("force")] = False,
    why: Annotated[bool, told("why")] = False,
    workers: Workers = None,
    timeout: Timeout = None,
    site: Annotated[bool, told("site")] = True,
) -> int:
    """Run notebooks whose inputs have changed, and build the site.

    Without a notebook: all of them, in both languages.
    """
    from minelib.workbench.runs.main import explain, run_notebooks
    from minelib.workbench.runs.pages import build_if_changed
    from minelib.workbench.runs.plan import TIMEOUT
    from minelib.workbench.runs.progress import for_stream

    values = given(parameter, lang)
    langs = (current(),) if notebooks else LANGUAGES
    if values.get("lang") in LANGUAGES:
        langs = (values.pop("lang"),)
    if why:
        for task in explain(notebooks or (), values, langs, output, force, from_text=True):
            prose = _("not run again: only prose changed") if task.refresh else _("unchanged")
            print(f"{task.name}: {'; '.join(task.why) or prose}")
        return 0
    progress = for_stream()
    how: dict[str, Any] = {"workers": workers, "progress": progress, "from_text": True}
    how["timeout"] = timeout or TIMEOUT
    results = run_notebooks(notebooks or (), values, langs, output, force, **how)
    try:
        page = build_if_changed(output.absolute(), progress.say) if site else None
        if page is not None:
            print(_("site: {path}").format(path=page))
    finally:  # the runs stand, whatever becomes of the pages
        code = _summary(results, output)
    return code


def site(output: Output = Path("outputs"), lab: Lab = None, lang: Language = None) -> int:
    """Build the pages from the runs that stand."""
    from minelib.workbench.site import build

    page = build(output.absolute(), progress=print, lab=lab)
    print(_("site: {path}").format(path=page))
    return 0


def _summary(results, output):
    good = sum(result.good for result in results)
    words = {"good": good, "all": len(results), "folder": output}
    print(_("{good} of {all} runs stand in {folder}").format(**words))
    return int(good < len(results))


def sweep(
    notebook: Annotated[str | None, told("sweep")] = None,
    grid: Grid = None,
    parameter: Parameters = None,
    lang: Language = None,
    output: Annotated[Path | None, told("sweep_output")] = None,
    resume: Annotated[Path | None, told("resume")] = None,
    workers: Workers = None,
    timeout: Timeout = None,
    scheduler: Annotated[str | None, told("scheduler")] = None,
    force: Annotated[bool, told("resume_force")] = False,
    presets: Annotated[bool, told("presets")] = False,
) -> int:
    """Run a notebook for every combination of parameters.

    The results lie in one folder, which minelib.collect reads as one table.
    """
    from minelib.workbench.runs.plan import TIMEOUT
    from minelib.workbench.runs.presets import SWEEPS
    from minelib.workbench.runs.progress import for_stream
    from minelib.workbench.runs.sweeps import resume_sweep, sweep as sweep_notebook

    if presets:
        rows = [(s.name, s.notebook, s.count, _(s.title)) for s in SWEEPS.values()]
        columns([_("Name"), _("Notebook"), _("Runs"), _("Question")], rows, right=(2,), flexible=3)
        return 0
    how: dict[str, Any] = {"workers": workers, "scheduler": scheduler, "progress": for_stream()}
    how["timeout"] = timeout or TIMEOUT
    if resume is not None:
        if grid or parameter:
            raise BadParameters([_("--resume takes the parameters from the sweep's folder.")])
        return _swept(*resume_sweep(resume, notebook, force=force, **how))
    known = ", ".join(SWEEPS)
    if notebook is None:
        raise BadParameters([_("Which notebook? Or a sweep: {known}.").format(known=known)])
    if force:
        raise BadParameters(
            [_("--force goes with --resume; a sweep given again runs what is out of date anyway.")]
        )
    values, varied = given(parameter, lang), given(grid)
    preset = SWEEPS.get(notebook) if not varied else None
    if preset is not None:
        notebook, varied, values = preset.notebook, preset.grid, {**preset.parameters, **values}
        output = output or Path("outputs", "sweeps", preset.name)
    elif not varied:
        sentence = _("Which values? -g NAME=V1,V2,... or the name of a sweep: {known}.")
        raise BadParameters([sentence.format(known=known)])
    folder, results = sweep_notebook(notebook, varied, values, output, from_text=True, **how)
    if preset is not None:
        _draw(preset, folder, values.get("lang") or current())
    return _swept(folder, results)


def _spoken() -> Literal["en", "zh"]:
    return "zh" if current() == "zh" else "en"


def _draw(preset, folder, lang):
    """The figure of a packaged sweep, beside its runs."""
    from minelib import collect
    from minelib.workbench.runs.presets import figure_of

    try:
        chart = figure_of(preset.name, collect(folder), lang)
    except MinelibError as error:  # too few runs succeeded
        print(error)
        return
    path = folder / f"{preset.name}.png"
    chart.savefig(path)
    print(_(preset.meaning))
    print(_("figure: {path}").format(path=path))


def _swept(folder, results):
    code = _summary(results, folder)
    if code:
        place = shlex.quote(str(folder))
        print(_("run the rest with: minelib sweep --resume {folder}").format(folder=place))
    else:
        print(_("read them with: minelib.collect({folder})").format(folder=repr(str(folder))))
    return code


def lab(
    lang: Language = None,
    folder: Annotated[Path | None, told("folder")] = None,
    port: Port = None,
    browser: Browser = True,
) -> int:
    """Open JupyterLab on a working copy of the notebooks."""
    from minelib.workbench.lab import open_lab

    return open_lab(folder=folder, lang=lang or _spoken(), port=port, browser=browser)


def explore(lang: Language = None, port: Port = None, browser: Browser = True) -> int:
    """Open the explorer: sliders instead of code."""
    from minelib.workbench.lab import open_explorer

    return open_explorer(lang=lang or _spoken(), port=port, browser=browser)
