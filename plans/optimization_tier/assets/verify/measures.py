"""What can be measured in a course: each measure gives results by item, under the names from before the restructure."""

from __future__ import annotations

import ast
import os
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

from course import Course, Result

Results = dict[str, Result]

# --- static: what can be read off the files -----------------------------------------------------


def static(course: Course) -> Results:
    """Dev files are there and parse, numbers and exports are unique, every entry of the contents exists."""
    found: Results = {}
    exports, numbers = Counter[str](), Counter[str]()
    for folder in course.modules():
        number, _, slug = folder.name.partition("_")
        numbers[number] += 1
        found |= {f"{course.as_before(path.name)} parses": _parses(path) for path in folder.glob("*.py")}
        found[f"{course.as_before(folder.name)} has its dev file"] = _yes((folder / f"{slug}_dev.py").is_file())
        exports.update(name for path in folder.glob("*_dev.py") for name in _export_of(path))
    found |= {f"number {number} is taken once": _yes(count == 1) for number, count in numbers.items()}
    found |= {f"export {name} is taken once": _yes(count == 1) for name, count in exports.items()}
    for entry, page in _contents(course):
        found[f"page {course.as_before(entry)} is there"] = _yes(page)
    return found


def _yes(holds: bool) -> Result:
    return Result(holds, "", int(holds))


def _parses(path: Path) -> Result:
    try:
        ast.parse(path.read_bytes())
    except SyntaxError as error:
        return Result(False, f"line {error.lineno}: {error.msg}")
    return Result(True, "", 1)


def _export_of(path: Path) -> list[str]:
    return re.findall(r"(?m)^#\| *default_exp +(\S+)", path.read_text(encoding="utf-8"))


def _contents(course: Course) -> Iterator[tuple[str, bool]]:
    book = course.root / course.options.book
    toc = book / "_toc.yml"
    entries = re.findall(r"(?m)^\s*-? *(?:file|root): *[\"']?([^\s\"']+)", toc.read_text("utf-8")) if toc.exists() else []
    for entry in entries:
        yield entry, any((book / f"{entry}{suffix}").is_file() for suffix in ("", ".md", ".ipynb", ".rst"))


# --- exports: what a full export writes ---------------------------------------------------------


def exports(course: Course) -> Results:
    """Every name that the exported modules define; comments and texts do not count, for these may say other numbers."""
    course.export()
    package = course.root / course.options.package
    return {item: result for path in sorted(package.rglob("*.py")) for item, result in _names(course, package, path)}


def _names(course: Course, package: Path, path: Path) -> Iterator[tuple[str, Result]]:
    module = ".".join(path.relative_to(package.parent).with_suffix("").parts)
    if path.name.startswith("_modidx"):
        return
    try:
        tree = ast.parse(path.read_bytes())
    except SyntaxError as error:
        yield module, Result(False, error.msg)
        return
    for node in tree.body:
        if isinstance(node, (ast.ClassDef, ast.FunctionDef)):
            yield f"{module}.{node.name}", Result(True, str(hash(ast.dump(_Mute().visit(node)))), 1)
            members = [one for one in node.body if isinstance(one, ast.FunctionDef)] if isinstance(node, ast.ClassDef) else []
            yield from ((f"{module}.{node.name}.{one.name}", Result(True, str(hash(ast.dump(one))), 1)) for one in members)


class _Mute(ast.NodeTransformer):
    """Blank every text, so that only what the code does remains."""

    def visit_Constant(self, node: ast.Constant) -> ast.Constant:
        return ast.Constant("") if isinstance(node.value, str) else node


# --- scripts, tests, commands: what runs --------------------------------------------------------


def scripts(course: Course, only: Iterable[str] = ()) -> Results:
    """The dev files, run as programs after a full export; what they fail with counts."""
    course.export()
    return _scripts(course, set(only))


def _scripts(course: Course, only: set[str]) -> Results:
    paths = [path for folder in course.modules() for path in sorted(folder.glob("*_dev.py"))]
    named = {course.as_before(path.parent.name): path for path in paths}
    chosen = {item: path for item, path in named.items() if course.wanted(item) and (not only or item in only)}
    return {item: _ran(course, ["python", path], _last_error) for item, path in chosen.items()}


def tests(course: Course, only: Iterable[str] = ()) -> Results:
    """Test files, one process each; how many tests pass counts."""
    root = course.root / course.options.tests
    named = {course.as_before(str(path.relative_to(course.root))): path for path in sorted(root.rglob("test_*.py"))}
    chosen = {item: path for item, path in named.items() if course.wanted(item) and (not only or item in set(only))}
    return {item: _tested(course, path) for item, path in chosen.items()}


def _tested(course: Course, path: Path) -> Result:
    ended = course.run(course.words("python -m pytest -q --no-header -p no:cacheprovider") + [str(path)])
    counts = {word: int(count) for count, word in re.findall(r"(\d+) (passed|failed|error)", ended.output[-400:])}
    bad = counts.get("failed", 0) + counts.get("error", 0)
    summary = f"{counts.get('passed', 0)} passed, {bad} not, exit code {ended.code}"
    return Result(ended.code in (0, 5), summary, counts.get("passed", 0) * 1000 - bad, ended.code is None)


def commands(course: Course, only: Iterable[str] = ()) -> Results:
    """The course's own `export` and `test`, for every module by its folder and by its number."""
    found: Results = {}
    for folder in course.modules():
        item = course.as_before(folder.name)
        if not course.wanted(item) or (only and not any(one.endswith(item) for one in only)):
            continue
        for verb in ("export", "test"):
            by_name = _ran(course, [*course.words(course.options.tool), verb, folder.name])
            by_number = _ran(course, [*course.words(course.options.tool), verb, folder.name.partition("_")[0]])
            found[f"{verb} {item}"] = by_name
            same = by_name.ok == by_number.ok
            found[f"{verb} by the number of {item}"] = Result(same, "" if same else str(by_number), int(same))
    return found


def _ran(course: Course, words: list[str | Path], reason: Callable[[str], str] = lambda _output: "") -> Result:
    ended = course.run([*course.words("python"), *words[1:]] if words[0] == "python" else words)
    ok = ended.code == 0
    detail = "" if ok else "took too long" if ended.code is None else f"exit code {ended.code} {reason(ended.output)}"
    return Result(ok, course.as_before(detail.strip()), int(ok), ended.code is None)


def _last_error(output: str) -> str:
    """The last line of a traceback, without what differs from run to run."""
    lines = [line for line in output.splitlines() if re.match(r"\w+(\.\w+)*(Error|Exception|Interrupt)\b", line)]
    return re.sub(r"0x[0-9a-f]+|\d+(\.\d+)?", "#", lines[-1] if lines else "")


# --- book: what the readers get ------------------------------------------------------------------


def book(course: Course) -> Results:
    """The book builds; its warnings, and links in the built pages that lead nowhere."""
    program = os.environ.get("JUPYTER_BOOK", "jupyter-book")
    ended = course.run([program, "build", course.options.book], seconds=1200)
    found = {"the book builds": Result(ended.code == 0, ended.output[-300:] if ended.code else "", int(ended.code == 0))}
    site = course.root / course.options.book / "_build" / "html"
    pages = [path for path in site.rglob("*.html") if "_static" not in path.parts]
    found |= {f"page {course.as_before(str(path.relative_to(site)))}": _yes(True) for path in pages}
    for warning in re.findall(r"(?m)^(.*?(?:WARNING|ERROR): .*)$", re.sub(r"\x1b\[[\d;]*m", "", ended.output)):
        found[course.as_before(_plain(warning, course.root))] = Result(False, "warning")
    for page, link in _dead(site, pages):
        found[course.as_before(f"dead link on {page}: {link}")] = Result(False, "dead")
    return found


def _plain(warning: str, root: Path) -> str:
    """A warning without the folder of the copy and the line."""
    return re.sub(r":\d+: ", ": ", warning.replace(f"{root}/", "").strip())


def _dead(site: Path, pages: Iterable[Path]) -> Iterator[tuple[Path, str]]:
    for page in pages:
        links = _Links()
        links.feed(page.read_text(encoding="utf-8", errors="replace"))
        for link in sorted(links.found):
            parts = urlsplit(link)
            if parts.scheme or parts.netloc or not parts.path:
                continue
            base = site if parts.path.startswith("/") else page.parent
            if not (base / unquote(parts.path).lstrip("/")).exists():
                yield page.relative_to(site), link


class _Links(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found |= {value for name, value in attrs if tag == "a" and name == "href" and value}


ALL: dict[str, Callable[[Course], Results]] = {
    "static": static, "exports": exports, "scripts": scripts, "tests": tests, "commands": commands, "book": book,
}  # fmt: skip
REPEATABLE: dict[str, Callable[[Course, Iterable[str]], Results]] = {
    "scripts": lambda course, only: _scripts(course, set(only)), "tests": tests, "commands": commands,
}  # fmt: skip
