"""The trees to measure on: the demo course, many of it in one repository, small pages without end, and a real course.

All but the real one are staged in git and never committed, so that nothing has a past; the real one is measured with
its history and without.
"""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from itertools import islice, product
from pathlib import Path
from string import ascii_lowercase

from refactor.demo.course import plan_path, write_course

MODULES = ("soil", "seeds", "water", "light", "frost", "wind", "rain", "snow")
PLAN = Path(__file__).parents[1] / "plans" / "optimization_tier"
_PAGE = "# {name}\n\nRead Module {number}: {title} first, then [its page](../modules/{number:02d}_{slug}/README.md).\n\n{prose}\n"
_PROSE = "Beds want rest between two harvests, and a plan on paper saves a season. " * 3


@dataclass(frozen=True)
class Kind:
    """A tree to measure on. `courses` is how many demo courses are in it (0: none), `plan` what can be renamed in it,
    `page` a Markdown file for what is done with one file."""

    name: str
    write: Callable[[Path], None]
    page: str
    courses: int = 0
    plan: Path | None = None


def course(count: int) -> Kind:
    """The demo course, as many times as wanted."""
    if count == 1:
        return Kind("1 course", _staged(write_course), "README.md", 1, plan_path())
    return Kind(f"{count} courses", _staged(lambda into: _courses(into, count)), "course-aa/README.md", count)


def flat(count: int) -> Kind:
    """Small pages in one folder, and a little series that they speak of."""
    return Kind(f"{count} pages", _staged(lambda into: _flat(into, count)), "pages/aaaa.md")


def real(checkout: Path, *, past: bool) -> Kind:
    """A checkout, with all of its history or none."""
    write = (lambda into: _cloned(checkout, into)) if past else _staged(lambda into: _copied(checkout, into))
    return Kind("TinyTorch with its history" if past else "TinyTorch", write, "README.md", 0, PLAN)


def _staged(write: Callable[[Path], None]) -> Callable[[Path], None]:
    def done(into: Path) -> None:
        write(into)
        _git(into, "init", "--quiet")
        _git(into, "add", "--all")

    return done


def _courses(into: Path, count: int) -> None:
    for name in _names(count, 2):
        write_course(into / f"course-{name}")


def _flat(into: Path, count: int) -> None:
    for number, slug in enumerate(MODULES, 1):
        (into / f"modules/{number:02d}_{slug}").mkdir(parents=True)
        (into / f"modules/{number:02d}_{slug}/README.md").write_text(f"# Module {number}: {slug.capitalize()}\n")
    (into / "pages").mkdir()
    for at, name in enumerate(_names(count, 4)):
        slug = MODULES[at % len(MODULES)]
        page = {"number": at % len(MODULES) + 1, "title": slug.capitalize(), "slug": slug, "prose": _PROSE}
        (into / f"pages/{name}.md").write_text(_PAGE.format(name=name, **page))


def _names(count: int, length: int) -> list[str]:
    """Names without digits, which would make a series of them."""
    return ["".join(letters) for letters in islice(product(ascii_lowercase, repeat=length), count)]


def _cloned(checkout: Path, into: Path) -> None:
    subprocess.run(["git", "clone", "--quiet", str(checkout), str(into)], check=True, stderr=subprocess.DEVNULL)


def _copied(checkout: Path, into: Path) -> None:
    _cloned(checkout, into)
    shutil.rmtree(into / ".git")


def _git(folder: Path, *arguments: str) -> None:
    subprocess.run(["git", "-C", str(folder), "-c", "core.autocrlf=false", *arguments], check=True)
