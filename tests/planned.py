"""A small course in git with a plan beside it, for tests of the steps and phases of restructure plans."""

from __future__ import annotations

import io
import subprocess
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path

from inside import Told

from refactor import cli

IDS = ("08_soil", "09_seeds", "10_drip_lines", "11_pruning", "12_compost", "13_greenhouse")


def course() -> dict[str, str]:
    """The files of the course."""
    files = {"README.md": "# Garden\n\nModule 11: Pruning, Module 12: Compost, Module 13: Greenhouse.\n"}
    entries = ""
    for one in IDS:
        number, _, slug = one.partition("_")
        title = slug.replace("_", " ").title()
        files[f"modules/{one}/{slug}_dev.py"] = (
            f'# %% [markdown]\n"""\n# Module {number}: {title}\n\n## What It Is\n"""\n\n# %%\n#| export\n'
            f"def {slug}_start():\n    return {int(number)}\n"
        )
        files[f"book/{one.replace('_', '-')}.md"] = (
            f"---\ntitle: {title}\n---\n\n# {number}. {title}\n\nOpen `modules/{one}/{slug}_dev.py`.\n"
        )
        entries += f"- file: {one.replace('_', '-')}\n  title: {number}. {title}\n"
    files["book/_toc.yml"] = f"format: jb-book\nroot: intro\nchapters:\n{entries}"
    files["book/intro.md"] = "# Intro\n\nBegin with Module 08.\n"
    files["docs/guide.md"] = "# Guide\n\nModule 12 (Compost) comes after Module 11 (Pruning).\n"
    return files


RENAME = """\
plan: garden
series: module
rename: {11_pruning: 12_pruning, 12_compost: 11_compost, 13_greenhouse: {to: 13_glasshouse, title: Glasshouse}}
"""

PLAN = (
    RENAME
    + """\
phases:
- phase: words
  title: New words
  message: "docs: say what the garden is"
  steps:
  - edit_text: {file: README.md, old: "# Garden", new: "# The Garden\\n\\nA course in six modules."}
- phase: modules
  commits:
  - message: "refactor(modules): compost before pruning"
    steps:
    - rename: {paths: [modules/]}
  - message: "docs(readme): follow"
    steps:
    - rename: {paths: [README.md]}
    - edit_text: {file: README.md, old: "Glasshouse.", new: "Glasshouse, built of glass."}
- phase: rest
  message: "docs: follow"
  steps:
  - add_page: {file: book/new/page.md, asset: assets/page.md}
  - rename: {}
  verify:
  - run: {command: ["{python}", -c, "import pathlib; print(pathlib.Path('book/new/page.md').read_text())"], prints: A new page}
"""
)


@dataclass(frozen=True)
class Planned:
    """The course on disk, in git, and a plan in a folder of its own."""

    root: Path
    plan: Path

    def write(self, path: str, text: str) -> None:
        """Write one file of the course."""
        (self.root / path).parent.mkdir(parents=True, exist_ok=True)
        (self.root / path).write_bytes(text.encode())

    def asset(self, name: str, text: str) -> None:
        """Write one file beside the plan."""
        (self.plan / name).parent.mkdir(parents=True, exist_ok=True)
        (self.plan / name).write_bytes(text.encode())

    def git(self, *arguments: str) -> str:
        """Run git in the course."""
        done = subprocess.run(["git", *arguments], cwd=self.root, check=True, capture_output=True)
        return done.stdout.decode().strip()

    def commit(self, message: str = "Write it down") -> str:
        """Commit everything; give the commit."""
        self.git("add", "--all")
        self.git("commit", "--quiet", "--allow-empty", "--message", message)
        return self.git("rev-parse", "HEAD")

    def run(self, *arguments: str) -> Told:
        """Run one command on the course."""
        out, err = io.StringIO(), io.StringIO()
        with redirect_stdout(out), redirect_stderr(err):
            code = cli.main(["--root", str(self.root), *arguments])
        return Told(code, out.getvalue(), err.getvalue())

    def apply(self, *arguments: str) -> Told:
        """Apply the plan; it must be done."""
        told = self.run("apply", str(self.plan), *arguments)
        assert told.code == 0, told.err
        return told

    def refused(self, *arguments: str) -> str:
        """The sentence of a command that is refused. Nothing is written, and the branch stays."""
        before = (self.git("rev-parse", "HEAD"), self.git("status", "--porcelain"))
        told = self.run(*arguments)
        assert told.code == 2, told
        assert (self.git("rev-parse", "HEAD"), self.git("status", "--porcelain")) == before
        assert "Traceback" not in told.err
        return told.err.removeprefix("error: ").rstrip("\n").replace(f"{self.plan}/", "")

    @property
    def tree(self) -> str:
        """The files of the last commit, without the ledger, which names commits."""
        listed = self.git("ls-tree", "-r", "HEAD").split("\n")
        return "\n".join(line for line in listed if not line.endswith("refactor.ledger.toml"))

    @property
    def subjects(self) -> list[str]:
        """The subjects of all commits, the newest first."""
        return self.git("log", "--format=%s").split("\n")

    def text(self, path: str) -> str:
        """One file of the course."""
        return (self.root / path).read_bytes().decode()


def planned(folder: Path, plan: str, files: dict[str, str] | None = None) -> Planned:
    """Write the course and the plan, and commit the course."""
    found = Planned(folder / "course", folder / "plan")
    for path, text in (course() if files is None else files).items():
        found.write(path, text)
    found.asset("plan.yaml", plan)
    found.git("init", "--quiet", "--initial-branch=main")
    found.commit("Begin")
    return found
