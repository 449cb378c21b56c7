# SPDX-License-Identifier: MIT
"""The house from its real imports: floors, circles, sizes, and the picture of docs/house.md.

python tools/house.py            # lines of code by room, against the limits; exit 1 above them
python tools/house.py --draw     # write docs/house.svg anew
"""

import argparse
import ast
import sys
from collections import Counter
from html import escape
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "minelib"
PICTURE = ROOT / "docs" / "house.svg"

# floor by floor, the lowest first; the package itself, the loader, stands under all of them
FLOORS = [
    "words",
    "errors declared",
    "checks html",
    "catalog",
    "chain geography pools energy timeline",
    "economics carbon employment impact refresh",
    "claims published style",
    "display",
    "figures",
    "studies lessons explorer former",
    "workbench",
    "cli",
]
FLOOR = {room: floor for floor, rooms in enumerate(FLOORS) for room in rooms.split()}

OUTSIDE = ("minelib", "minelib.__main__")

# rooms of machinery, and the lines of code both parts may have
MACHINERY = ("cli", "workbench", "lessons")
LIMITS = {"library": 15_000, "machinery": 8_500}


def module_name(path):
    """``minelib.chain.rate`` for the file of that module."""
    parts = ["minelib", *path.relative_to(PACKAGE).with_suffix("").parts]
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imported(source, names):
    """The modules of minelib that a source imports, at once or later, by statement or by name."""
    for node in ast.walk(ast.parse(source)):
        found = []
        if isinstance(node, ast.Import):
            found = [a.name for a in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            found = [f"{node.module}.{a.name}" for a in node.names]
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            found = [node.value] if node.value in names else []  # for import_module, or a table of
        for name in found:
            while name not in names and "." in name:
                name = name.rpartition(".")[0]
            if name.split(".")[0] == "minelib":
                yield name


def imports():
    """Each module with the modules it imports; `minelib`, the loader, and its command left out."""
    sources = {module_name(p): p.read_text(encoding="utf-8") for p in PACKAGE.rglob("*.py")}
    return {n: set(imported(s, sources)) for n, s in sorted(sources.items()) if n not in OUTSIDE}


def wrong_imports(graph):
    """Each import that does not go down: to a floor below, or within the room."""
    wrong = []
    for name, others in graph.items():
        own = name.split(".")[1]
        if own not in FLOOR:
            wrong.append(f"{own} stands on no floor: say which in FLOORS")
            continue
        for other in others - {"minelib"}:
            room = other.split(".")[1]
            if room != own and FLOOR.get(room, 99) >= FLOOR[own]:
                wrong.append(f"{name} imports {other}")
    return sorted(wrong)


def circles(graph):
    """Modules that reach themselves, each with the way back."""
    graph = {n: {o for o in others if o in graph and o != n} for n, others in graph.items()}
    done, found = set(), []

    def walk(name, way):
        if name in way:
            found.append(" -> ".join([*way[way.index(name) :], name]))
        elif name not in done:
            for other in sorted(graph[name]):
                walk(other, [*way, name])
            done.add(name)

    for name in sorted(graph):
        walk(name, [])
    return found


def lines_of_code(path):
    """Lines of a file; docstrings, comments and blank lines of Python not counted."""
    text = path.read_text(encoding="utf-8")
    lines = text.splitlines()
    if path.suffix != ".py":
        return sum(bool(line.strip()) for line in lines)
    told = 0
    for node in ast.walk(ast.parse(text)):
        kinds = (ast.Module, ast.FunctionDef, ast.ClassDef, ast.AsyncFunctionDef)
        if isinstance(node, kinds) and ast.get_docstring(node, clean=False) is not None:
            told += node.body[0].end_lineno - node.body[0].lineno + 1
    return len(lines) - told - sum(not x.strip() or x.strip().startswith("#") for x in lines)


def sizes():
    """Lines of code by room, with templates, scripts and styles of our own."""
    found = Counter()
    for path in PACKAGE.rglob("*"):
        if path.suffix in (".py", ".html", ".jinja", ".j2", ".js", ".css"):
            found[path.relative_to(PACKAGE).parts[0].removesuffix(".py")] += lines_of_code(path)
    return found


def parts():
    """Lines of code of the library and of the machinery."""
    total = Counter()
    for room, lines in sizes().items():
        total["machinery" if room in MACHINERY else "library"] += lines
    return dict(total)


def stairs(graph):
    """Pairs of rooms: imports from room to room, those left out that go by way of another."""
    direct = {room: set() for room in FLOOR}
    for name, others in graph.items():
        own = name.split(".")[1]
        direct[own] |= {o.split(".")[1] for o in others - {"minelib"}} - {own}
    reached = {}
    for room in sorted(FLOOR, key=FLOOR.get):
        reached[room] = direct[room].union(*(reached[other] for other in direct[room]))
    return [
        (room, other)
        for room in FLOOR
        for other in sorted(direct[room])
        if not any(other in reached[between] for between in direct[room] - {other})
    ]


def picture(graph):
    """The house as SVG: a row per floor, the highest on top, a line per import."""
    width, height, across, down = 860, 70 * len(FLOORS) + 20, 120, 30
    places = {}
    for floor, rooms in enumerate(FLOORS):
        rooms = rooms.split()
        for i, room in enumerate(rooms):
            x = width / 2 + (i - (len(rooms) - 1) / 2) * (across + 24)
            places[room] = (x, height - 45 - 70 * floor)
    out = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img">',
        "<title>The rooms of minelib, floor by floor, and what imports what</title>",
        '<rect width="100%" height="100%" fill="#ffffff"/>',
        '<g stroke="#9a9a9a" stroke-width="1.2" fill="none">',
    ]
    for room, other in stairs(graph):
        (x, y), (to, bottom) = places[room], places[other]
        out.append(
            f'<path d="M{x:g} {y + down / 2:g} C{x:g} {y + 45:g} {to:g} {bottom - 45:g} '
            f'{to:g} {bottom - down / 2:g}"/>'
        )
    out.append('</g><g font-family="sans-serif" font-size="14" text-anchor="middle">')
    for room, (x, y) in places.items():
        fill = "#f6e3c5" if room in MACHINERY else "#d9e8f5"
        out.append(
            f'<rect x="{x - across / 2:g}" y="{y - down / 2:g}" width="{across}" '
            f'height="{down}" rx="4" fill="{fill}" stroke="#555555"/>'
            f'<text x="{x:g}" y="{y + 5:g}">{escape(room)}</text>'
        )
    out.append("</g>")
    for floor in range(len(FLOORS)):
        y = height - 40 - 70 * floor
        out.append(f'<text x="12" y="{y}" font-family="sans-serif" font-size="13">{floor}</text>')
    return "\n".join([*out, "</svg>", ""])


def main(arguments=None):
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--draw", action="store_true", help="write docs/house.svg anew")
    graph = imports()
    if parser.parse_args(arguments).draw:
        PICTURE.write_text(picture(graph), encoding="utf-8")
        return 0
    for room, lines in sizes().most_common():
        print(f"{lines:7,} {room}{'  (machinery)' if room in MACHINERY else ''}")
    for part, lines in parts().items():
        over = f", {lines - LIMITS[part]:,} too many" if lines > LIMITS[part] else ""
        print(f"{lines:7,} of {LIMITS[part]:,} {part}{over}")
    wrong = [*wrong_imports(graph), *circles(graph)]
    print("\n".join(wrong) or f"{len(graph)} modules on {len(FLOORS)} floors, every import down")
    return int(bool(wrong) or any(n > LIMITS[part] for part, n in parts().items()))


if __name__ == "__main__":
    sys.exit(main())
