# SPDX-License-Identifier: MIT
"""Sphinx configuration of the site; words and pages come from ``site.json``, the rest from
``conf.toml``."""

import json
import os
import re
import tomllib
from pathlib import Path

from sphinx.application import Sphinx

from minelib import errors
from minelib.workbench.site.static import shared

_site = json.loads(Path(os.environ["MINELIB_SITE"]).read_text(encoding="utf-8"))
_here = Path(__file__).parent
globals().update(tomllib.loads((_here / "conf.toml").read_text(encoding="utf-8")))

author = copyright = _site["author"]
language = _site["sphinx_language"]
extensions = ["myst_nb", *_site["extensions"]]

nb_code_prompt_show = _site["words"]["show_code"]
nb_code_prompt_hide = _site["words"]["hide_code"]
nb_mime_priority_overrides = [("html", "text/html", 0)]

# the pages for programmers; links to pandas and numpy from lists that lie here
default_role = "py:obj" if "numpydoc" in extensions else None
smartquotes = "numpydoc" not in extensions
globals()["numpydoc_xref_aliases"] |= {name: f"minelib.errors.{name}" for name in errors.__all__}
intersphinx_mapping = {
    path.stem: (path.read_text("utf-8").splitlines()[1].removeprefix("# Project: "), str(path))
    for path in _here.glob("inventories/*.inv")
}

html_logo = html_favicon = str(_here / "static" / "mark.svg")
html_static_path = [str(_here / "static"), str(Path(os.environ["MINELIB_SITE"]).parent / "static")]
templates_path = [str(_here / "templates")]
html_js_files = [(name, {"defer": "defer"}) for name in ("site.js", "live.js")]
html_context = {"site": _site, "default_mode": "auto"}
html_theme_options = {
    **tomllib.loads((_here / "options.toml").read_text(encoding="utf-8")),
    "toc_title": _site["words"]["on_this_page"],
    "search_bar_text": _site["words"]["search"],
}

_SCHEME = '(matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light")'


def _finish(app, error):
    """Shared files are taken from one folder; English of the theme's is put into the language."""
    if error:
        return
    options = Path(app.outdir, "_static", "documentation_options.js")
    inside = f"<script>{options.read_text(encoding='utf-8')}</script>"
    for path in Path(app.outdir).rglob("*.html"):
        text = shared(path.read_text(encoding="utf-8"))
        text = re.sub(r"<script src=\S*documentation_options\S*</script>", lambda _: inside, text)
        # light or dark from the first moment, not when the theme's script comes
        text = text.replace('getItem("theme") || "auto"', f'getItem("theme") || {_SCHEME}')
        for english, words in _site["theme_words"].items():
            text = text.replace(f'"{english}"', f'"{words}"').replace(f">{english}<", f">{words}<")
        path.write_text(text, encoding="utf-8", newline="\n")
    options.unlink()


def setup(app: Sphinx) -> None:
    """Search in Chinese pages without a dictionary; no English of the theme's in them."""
    from minelib.workbench.site.search import ChineseSearch

    app.add_search_language(ChineseSearch)
    app.connect("build-finished", _finish)
