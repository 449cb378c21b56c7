# SPDX-License-Identifier: MIT
"""How open the cells of a notebook are: what share of their lines is analysis.

    python -m tests.openness [NOTEBOOK ...]

Counted over all code cells but the parameters cells, by top-level statement and line.
"""

import ast
import json
import statistics
import sys
from collections import Counter
from pathlib import Path

FOLDER = Path(__file__).resolve().parents[1] / "notebooks"

VERBS = {
    "agg",
    "assign",
    "concat",
    "crosstab",
    "cummax",
    "cummin",
    "cumprod",
    "cumsum",
    "cut",
    "diff",
    "drop_duplicates",
    "ewm",
    "expanding",
    "explode",
    "groupby",
    "idxmax",
    "idxmin",
    "join",
    "melt",
    "merge",
    "nlargest",
    "nsmallest",
    "pct_change",
    "pivot",
    "pivot_table",
    "qcut",
    "quantile",
    "query",
    "rank",
    "resample",
    "rolling",
    "shift",
    "sort_index",
    "sort_values",
    "stack",
    "transform",
    "unstack",
    "value_counts",
    "wide_to_long",
}


def cells(path):
    """Sources of the code cells that count."""
    notebook = json.loads(Path(path).read_text(encoding="utf-8"))
    return [
        "".join(cell["source"])
        for cell in notebook["cells"]
        if cell["cell_type"] == "code" and "parameters" not in cell["metadata"].get("tags", [])
    ]


def called(node):
    """The full name of what a call calls: ``ml.finish``."""
    return ast.unparse(node.func) if isinstance(node, ast.Call) else ""


def kind(statement):
    """set-up, bookkeeping, display or analysis."""
    calls = [called(n) for n in ast.walk(statement) if isinstance(n, ast.Call)]
    if isinstance(statement, (ast.Import, ast.ImportFrom)):
        return "set-up"
    if any(
        c in ("ml.study", "ml.use", "study.finish") or c.startswith("ml.studies.") for c in calls
    ):
        return "set-up"
    kept = any(c in ("study.keep", "study.record", "_", "gettext") for c in calls)
    if kept or any(c.startswith("ml.words.") for c in calls) or _words(statement):
        return "bookkeeping"
    value = statement.value if isinstance(statement, (ast.Expr, ast.Assign)) else None
    if called(value) in ("ml.finish", "ml.show", "display", "print"):
        drawn = [n for a in value.args[:1] for n in ast.walk(a) if isinstance(n, ast.Call)]
        return "analysis" if drawn else "display"
    return "analysis"


def _words(statement):
    """A dictionary of words: values that are sentences or heads rather than keys."""
    return any(
        isinstance(v, ast.Constant)
        and isinstance(v.value, str)
        and (" " in v.value or v.value[:1].isupper())
        for node in ast.walk(statement)
        if isinstance(node, ast.Dict)
        for v in node.values
    )


def count(paths):
    """Lines by kind, calls of seaborn and of pandas verbs, and lines a cell."""
    lines, calls, sizes = Counter(), Counter(), []
    for path in paths:
        for source in cells(path):
            tree = ast.parse(source)
            sizes.append(sum(bool(line.strip()) for line in source.splitlines()))
            for statement in tree.body:
                lines[kind(statement)] += statement.end_lineno - statement.lineno + 1
            for node in ast.walk(tree):
                name = called(node)
                calls["seaborn"] += name.startswith("sns.")
                calls["verbs"] += name.rsplit(".", 1)[-1] in VERBS
                calls["gettext"] += name in ("_", "gettext")
    return lines, calls, sizes


def shares(lines):
    """Percent of all lines: analysis, analysis with its display, bookkeeping."""
    whole = lines.total() or 1
    return {
        "analysis": 100 * lines["analysis"] / whole,
        "shown": 100 * (lines["analysis"] + lines["display"]) / whole,
        "bookkeeping": 100 * lines["bookkeeping"] / whole,
    }


def main(names):
    """Print a line per notebook, and one for all."""
    paths = [
        p
        for p in sorted(FOLDER.glob("[0-9][0-9]-*.ipynb"))
        if not names or any(n in p.stem for n in names)
    ]
    for title, group in [*((p.stem, [p]) for p in paths), ("all", paths)]:
        lines, calls, sizes = count(group)
        nine = statistics.quantiles(sizes, n=10)[-1] if len(sizes) > 1 else sizes[0]
        share = ", ".join(f"{k} {v:.0f} %" for k, v in shares(lines).items())
        print(
            f"{title}: {lines.total()} lines; {share}; median {statistics.median(sizes):g}, "
            f"nine in ten {nine:g} lines a cell; {dict(calls)}"
        )


if __name__ == "__main__":
    main(sys.argv[1:])
