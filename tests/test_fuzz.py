"""Whatever bytes stand in a file of any name, each command answers as agreed, and undo brings every byte back."""

from __future__ import annotations

from pathlib import Path

import pytest  # noqa: TC002 - Hypothesis reads the annotations
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from snapshots import snapshot
from test_formats import TEXTS

from refactor import cli
from refactor.spans import encode

COURSE = {
    "README.md": "# A course\n\n| 13 | Soil |\n| 14 | Seeds |\n| 15 | Water |\n",
    "modules/13_soil/README.md": "# Module 13: Soil\n",
    "modules/14_x/README.md": "# Module 14: X\n",
    "modules/15_water/README.md": "# Module 15: Water\n",
}
NAMES = st.sampled_from(
    "a.md a.py a.ipynb a.html a.sh a.txt a.rst a.toml a.yml _toc.yml mkdocs.yml myst.yml book.toml SUMMARY.md settings.ini "
    "pyproject.toml refactor.toml Makefile CHANGELOG.md".split()
)
MENTIONS = st.sampled_from(
    ["Module 14", "modules 13-15", "14_x", "15_water", "Module 15: Water", "Module 13: Water", "13_soil/README.md",
     "[a](modules/14_x/README.md)", "14, 15 and 13", "<!-- refactor-disable stale-number -->", "# refactor: ignore[stale-number]",
     "Soil → Water", "[tool.refactor]\n", "\n"]
)  # fmt: skip
BYTES = st.lists(TEXTS | MENTIONS | MENTIONS, max_size=6).map("".join).map(encode) | st.binary(max_size=80)
SWAP = ("rename", "--from", "14_x", "--to", "15_x", "--swap")


@given(name=NAMES, data=BYTES)
@settings(max_examples=15, suppress_health_check=[HealthCheck.too_slow])
def test_every_command_answers_and_undo_brings_every_byte_back(
    tmp_path_factory: pytest.TempPathFactory, name: str, data: bytes
) -> None:
    root = tmp_path_factory.mktemp("course")
    for path, text in COURSE.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text, encoding="utf-8")
    (root / name).write_bytes(data)
    before = snapshot(root)
    for asked in (("lint", "--jobs", "1"), (*SWAP, "--dry-run", "--format", "json")):
        assert run(root, *asked) in {0, 1, 2}
    assert snapshot(root) == before
    for command in (SWAP, ("lint", "--fix", "--unsafe-fixes", "--exit-zero", "--jobs", "1")):
        code = run(root, *command)
        assert code in {0, 2}
        if code == 0 and snapshot(root) != before:
            assert run(root, "undo") == 0
        assert snapshot(root) == before


def run(root: Path, *arguments: str) -> int:
    return cli.main(["--root", str(root), *arguments])
