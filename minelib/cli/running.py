# SPDX-License-Identifier: MIT
"""The commands that run notebooks."""

import shlex
from pathlib import Path

from minelib.errors import BadParameters
from minelib.words import LANGUAGES, use
from minelib.words import gettext as _

__all__ = ["given", "list_sweeps", "run_command", "sweep_command"]


def given(texts):
    """``["a=1", "b=2"]`` as a dict of texts.

    Raises
    ------
    BadParameters
        Something without ``=``, or a name given twice.

    Examples
    --------
    >>> given(["horizon_days=90"])
    {'horizon_days': '90'}
    """
    values, problems = {}, []
    for text in texts:
        name, equals, value = text.partition("=")
        if not equals or not name.strip():
            problems.append(_("{text!r} is not NAME=VALUE.").format(text=text))
        elif name.strip() in values:
            problems.append(_("The parameter {name} is given twice.").format(name=name.strip()))
        else:
            values[name.strip()] = value
    if problems:
        raise BadParameters(problems)
    return values


def _in_language(lang, parameters):
    """What is `given`, ``--lang`` among it, with the messages in that language."""
    if lang:
        use(str(lang))
    values = given(parameters)
    if lang and values.setdefault("lang", str(lang)) != lang:
        raise BadParameters([_("The parameter {name} is given twice.").format(name="lang")])
    return values


def run_command(names, parameters, lang, output, force, why, workers, site):
    """``minelib run``."""
    from minelib.workbench.runs.main import explain, run_notebooks
    from minelib.workbench.runs.progress import for_stream

    values = _in_language(lang, parameters)
    langs = LANGUAGES if not names else ("en",)
    if values.get("lang") in LANGUAGES:
        langs = (values.pop("lang"),)
    if why:
        for task in explain(names, values, langs, output, force, from_text=True):
            reasons = "; ".join(task.why)
            if not reasons and task.refresh:
                reasons = _("not run again: only prose changed")
            print(f"{task.name}: {reasons or _('unchanged')}")
        return 0
    progress = for_stream()
    results = run_notebooks(
        names,
        values,
        langs,
        output,
        force=force,
        workers=workers,
        progress=progress,
        from_text=True,
    )
    if site:
        _build_site(Path(output).absolute(), results, progress)
    return _summary(results, Path(output))


def _build_site(output, results, progress):
    from minelib.workbench.runs.pages import build_if_changed

    page = build_if_changed(output, results, progress.say)
    if page is not None:
        print(_("site: {path}").format(path=page))


def _summary(results, output):
    bad = [result for result in results if not result.good]
    count = len(results) - len(bad)
    print(
        _("{good} of {all} runs stand in {folder}").format(
            good=count, all=len(results), folder=output
        )
    )
    return 1 if bad else 0


def sweep_command(name, grid, parameters, lang, output, resume, workers, scheduler, force=False):
    """``minelib sweep``."""
    from minelib.workbench.runs.progress import for_stream
    from minelib.workbench.runs.presets import SWEEPS
    from minelib.workbench.runs.sweeps import resume_sweep, sweep

    progress = for_stream()
    common = {"workers": workers, "scheduler": scheduler, "progress": progress}
    if resume is not None:
        if grid or parameters:
            raise BadParameters([_("--resume takes the parameters from the sweep's folder.")])
        folder, results = resume_sweep(resume, notebook=name, force=force, **common)
        return _sweep_summary(folder, results)
    if name is None:
        raise BadParameters(
            [_("Which notebook? Or a sweep: {known}.").format(known=", ".join(SWEEPS))]
        )
    if force:
        raise BadParameters(
            [_("--force goes with --resume; a sweep given again runs what is out of date anyway.")]
        )
    values, grid = _in_language(lang, parameters), given(grid)
    shipped = SWEEPS.get(name) if not grid else None
    if shipped is not None:
        name, grid, values = shipped.notebook, shipped.grid, {**shipped.parameters, **values}
        output = output or Path("outputs", "sweeps", shipped.name)
    elif not grid:
        known = ", ".join(SWEEPS)
        raise BadParameters(
            [
                _("Which values? -g NAME=V1,V2,... or the name of a sweep: {known}.").format(
                    known=known
                )
            ]
        )
    folder, results = sweep(name, grid, values, output, from_text=True, **common)
    if shipped is not None:
        _draw(shipped, folder, values.get("lang", "en"))
    return _sweep_summary(folder, results)


def _draw(shipped, folder, lang):
    """The figure of a shipped sweep, beside its runs."""
    from minelib import collect
    from minelib.errors import MinelibError
    from minelib.workbench.runs.presets import figure_of

    try:
        chart = figure_of(shipped.name, collect(folder), lang)
    except MinelibError as error:  # too few runs succeeded
        print(error)
        return
    path = folder / f"{shipped.name}.png"
    chart.savefig(path)
    print(_(shipped.meaning))
    print(_("figure: {path}").format(path=path))


def _sweep_summary(folder, results):
    code = _summary(results, folder)
    if code:
        place = shlex.quote(str(folder))
        print(_("run the rest with: minelib sweep --resume {folder}").format(folder=place))
    else:
        print(_("read them with: minelib.collect({folder})").format(folder=repr(str(folder))))
    return code


def list_sweeps(lang=None):
    """``minelib sweep --list``."""
    from minelib.cli.show import columns
    from minelib.workbench.runs.presets import SWEEPS

    if lang:
        use(str(lang))
    rows = [(s.name, s.notebook, s.count, _(s.title)) for s in SWEEPS.values()]
    columns([_("Name"), _("Notebook"), _("Runs"), _("Question")], rows, right=(2,), flexible=3)
    return 0
