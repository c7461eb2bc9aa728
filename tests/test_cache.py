"""A run from the cache says what a run without it says, whatever happened to the tree or to the cache in between."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import inside
import pytest

from refactor import cache
from refactor.cli import main

COURSE = {
    "README.md": "# Garden\n\n- [Lesson 1: Soil](lessons/01_soil.md)\n- [Lesson 2: Water](lessons/03_water.md)\n",
    "lessons/01_soil.md": "# Lesson 1: Soil\n\nSee [more](more.md) and [below](#depth).\n",
    "lessons/02_seeds.md": "# Lesson 2: Seeds\n\n## Depth\n",
    "lessons/03_water.md": "# Lesson 3: Water\n\nAfter [the seeds](02_seeds.md#depth).\n",
}
LONG_AGO = 1_600_000_000
PACK = "rules:\n  - id: old-word\n    message: say soil\n    pattern: Dirt\n"


def write(root: Path, files: dict[str, str]) -> None:
    for path, text in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text, encoding="utf-8")
        os.utime(root / path, (LONG_AGO, LONG_AGO))


@pytest.fixture
def root(tmp_path: Path) -> Path:
    tree = tmp_path / "tree"
    write(tree, COURSE)
    return tree


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("REFACTOR_CACHE_DIR", str(tmp_path / "cache"))
    return tmp_path / "cache"


def entries(folder: Path) -> list[Path]:
    return sorted(folder.glob("lint-*.json"))


def settle(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let files count as old that the test has just written, as if it had waited."""
    monkeypatch.setattr(cache, "_RACY", -(10**12))


Lint = Callable[..., str]


@pytest.fixture
def lint(root: Path, capsys: pytest.CaptureFixture[str]) -> Lint:
    def run(*arguments: str) -> str:
        code = main(["--root", str(root), "lint", *arguments])
        out, err = capsys.readouterr()
        return f"{code}\n{out}{err}"

    return run


@pytest.fixture
def same(lint: Lint) -> Callable[..., str]:
    """Lint with the cache, which must say what a run without it says."""

    def run(*arguments: str) -> str:
        said = lint(*arguments)
        assert said == lint("--no-cache", *arguments)
        return said

    return run


def test_an_unchanged_tree_is_not_looked_at_again(root: Path, folder: Path) -> None:
    code = (
        "import sys\nfrom refactor.cli import main\n"
        f"code = main(['--root', {str(root)!r}, 'lint'])\n"
        "print(code, 'refactor.checking' in sys.modules, 'refactor.resolve' in sys.modules)"
    )
    runs = [
        subprocess.run((sys.executable, "-c", code), capture_output=True, text=True, check=True).stdout
        for _ in range(2)
    ]
    assert runs[0].endswith("1 True True\n")
    assert runs[1].endswith("1 False False\n")
    assert runs[0].splitlines()[:-1] == runs[1].splitlines()[:-1]


@pytest.mark.parametrize(
    "arguments",
    [
        (),
        ("README.md",),
        ("lessons",),
        ("--output-format", "json"),
        ("--output-format", "full"),
        ("--output-format", "sarif"),
        ("--statistics",),
        ("--diff",),
        ("--select", "stale-number,broken-path"),
        ("--ignore", "stale-number"),
        ("--exit-zero",),
    ],
)
def test_every_way_of_asking_works_from_the_cache(
    folder: Path, same: Lint, root: Path, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...]
) -> None:
    monkeypatch.chdir(root)
    same()
    first = same(*arguments)
    assert first == same(*arguments)
    assert entries(folder)


def test_fixes_are_made_from_the_cache_and_the_rest_is_reported(root: Path, folder: Path, lint: Lint) -> None:
    lint()
    assert "stale-number" not in lint("--fix")
    assert "Lesson 3: Water" in (root / "README.md").read_text()
    assert "stale-number" not in lint()


def test_a_baseline_is_written_and_held_against_the_cache(tmp_path: Path, folder: Path, same: Lint) -> None:
    same()
    same("--write-baseline", str(tmp_path / "known.json"))
    assert same("--baseline", str(tmp_path / "known.json")).startswith("0")


# --- what changes -------------------------------------------------------------------------------


def test_a_changed_file_is_seen_even_with_its_size_and_time_as_before(
    root: Path, same: Lint, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settle(monkeypatch)
    assert "stale-number" in same()
    page = root / "README.md"
    before = page.stat()
    page.write_text(COURSE["README.md"].replace("Lesson 2: Water", "Lesson 3: Water"), encoding="utf-8")
    os.utime(page, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert page.stat().st_size == before.st_size
    assert "stale-number" not in same()


def test_a_file_that_changed_shortly_before_is_read_again(root: Path, same: Lint, folder: Path) -> None:
    page, text = root / "README.md", COURSE["README.md"]
    for _ in range(5):
        page.write_text(text, encoding="utf-8")
        assert "stale-number" in same()
        page.write_text(text.replace("2: Water", "3: Water"), encoding="utf-8")
        assert "stale-number" not in same()


def test_files_that_only_have_another_time_change_nothing_and_are_noted(
    root: Path, same: Lint, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    same()
    (entry,) = entries(folder)
    before = entry.read_bytes()
    settle(monkeypatch)
    os.utime(root / "README.md", (LONG_AGO + 1, LONG_AGO + 1))
    same()
    noted = entry.read_bytes()
    assert noted != before
    same()
    assert entry.read_bytes() == noted


def test_new_deleted_and_renamed_files_are_seen(root: Path, same: Lint, folder: Path) -> None:
    assert "more.md" in same()
    write(root, {"lessons/more.md": "# More\n"})
    assert "more.md leads nowhere" not in same()
    (root / "lessons/more.md").rename(root / "lessons/other.md")
    assert "more.md leads nowhere" in same()
    (root / "lessons/02_seeds.md").unlink()
    assert "02_seeds.md leads nowhere" in same()


def test_a_heading_that_changes_on_another_page_is_seen(root: Path, same: Lint, folder: Path) -> None:
    assert "02_seeds.md has no anchor" not in same()
    write(root, {"lessons/02_seeds.md": "# Lesson 2: Seeds\n"})
    assert "02_seeds.md has no anchor #depth" in same()


def test_settings_rule_packs_and_ignored_files_count(root: Path, same: Lint, folder: Path) -> None:
    assert "broken-path" in same()
    write(root, {"refactor.toml": 'history = ["lessons/01_soil.md"]\n'})
    assert "broken-path" not in same()
    write(root, {"pack.yaml": PACK, "note.txt": "Dirt and Soil\n"})
    assert "old-word" in same("--rules", "pack.yaml")
    write(root, {"pack.yaml": PACK.replace("Dirt", "Mulch")})
    assert "old-word" not in same("--rules", "pack.yaml")
    write(root, {".gitignore": "more.md\n", "refactor.toml": ""})
    assert "more.md leads nowhere" not in same()


def test_a_commit_counts_since_numbers_mean_what_they_meant_when_written(root: Path, same: Lint, folder: Path) -> None:
    def git(*arguments: str) -> None:
        subprocess.run(("git", "-C", str(root), *arguments), check=True, capture_output=True)

    git("init", "-q")
    write(root, {"notes.md": "Lesson 2 is about seeds.\n"})
    git("add", ".")
    git("commit", "-qm", "one")
    same()
    git("mv", "lessons/02_seeds.md", "lessons/04_seeds.md")
    git("mv", "lessons/03_water.md", "lessons/02_water.md")
    same()
    git("commit", "-qm", "two")
    same()
    git("config", "blame.ignoreRevsFile", "ignored")
    before = len(entries(folder))
    write(root, {"notes.md": "Lesson 2 is about water.\n"})
    assert same() == same()
    assert len(entries(folder)) == before


@pytest.mark.skipif(sys.platform == "win32", reason="no such name there")
def test_a_line_end_in_the_name_of_a_folder_above_is_no_trouble(
    tmp_path: Path, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    root = tmp_path / "a\nb" / "tree"
    write(root, COURSE)
    inside.commit(root)
    said = []
    for _ in range(2):
        assert main(["--root", str(root), "lint"]) == 1
        said.append(capsys.readouterr())
    assert said[0] == said[1]
    assert said[0].err == ""
    assert entries(folder) == []


def test_an_unknown_check_is_refused_with_a_cache_too(lint: Lint, folder: Path) -> None:
    lint()
    assert lint("--select", "nonsense").startswith("2\nerror: there is no check")


# --- what happens to the cache ------------------------------------------------------------------


def _other_version(entry: Path) -> None:
    body = entry.read_text().partition("\n")[2].replace('"key":"', '"key":"0')
    entry.write_text(f"{cache.digest(body)}\n{body}")


def _other_shape(entry: Path) -> None:
    for_all = entry.read_text().partition("\n")[2]
    body = for_all[: for_all.index('"files":')] + '"files":[],"findings":3}'
    entry.write_text(f"{cache.digest(body)}\n{body}")


@pytest.mark.parametrize(
    "harm",
    [
        pytest.param(lambda entry: entry.unlink(), id="deleted"),
        pytest.param(lambda entry: entry.write_bytes(b""), id="empty"),
        pytest.param(lambda entry: entry.write_bytes(entry.read_bytes()[:-40]), id="truncated"),
        pytest.param(lambda entry: entry.write_bytes(os.urandom(5000)), id="corrupt"),
        pytest.param(lambda entry: entry.write_bytes(entry.read_bytes().replace(b"stale-number", b"state-number")),
                     id="edited by hand"),
        pytest.param(_other_version, id="of another version"),
        pytest.param(_other_shape, id="of another shape"),
        pytest.param(lambda entry: (entry.unlink(), entry.mkdir()), id="a folder"),
    ],
)  # fmt: skip
def test_an_entry_that_is_not_as_it_was_written_is_passed_over(
    folder: Path, same: Lint, harm: Callable[[Path], object]
) -> None:
    expected = same()
    (entry,) = entries(folder)
    harm(entry)
    assert same() == expected
    assert same() == expected


def test_half_written_entries_are_passed_over_and_cleared_away_later(folder: Path, same: Lint) -> None:
    expected = same()
    (entry,) = entries(folder)
    half = entry.with_suffix(".1.part")
    half.write_bytes(entry.read_bytes()[:100])
    os.utime(half, (LONG_AGO, LONG_AGO))
    entry.unlink()
    assert same() == expected
    assert not half.exists()


def test_the_cache_stays_small(folder: Path, lint: Lint, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cache, "MOST_ENTRIES", 2)
    for number, check in enumerate(("stale-number", "broken-path", "broken-anchor", "order")):
        lint("--select", check)
        for entry in entries(folder):
            os.utime(entry, (entry.stat().st_mtime - 100, entry.stat().st_mtime - 100))
        assert len(entries(folder)) == min(number + 1, 2)


def test_a_cache_that_cannot_be_written_is_no_trouble(
    tmp_path: Path, same: Lint, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("no folder")
    monkeypatch.setenv("REFACTOR_CACHE_DIR", str(tmp_path / "file"))
    assert same() == same("--cache-dir", str(tmp_path / "file" / "below"))


def test_a_cache_inside_the_tree_is_no_part_of_it(root: Path, lint: Lint) -> None:
    subprocess.run(("git", "init", "-q", str(root)), check=True)
    expected = lint("--no-cache")
    inside = root / ".cache"
    assert lint("--cache-dir", str(inside)) == lint("--cache-dir", str(inside)) == expected
    assert len(entries(inside)) == 1


def test_no_cache_leaves_nothing(folder: Path, lint: Lint) -> None:
    lint("--no-cache")
    assert not folder.exists()


def test_processes_share_a_cache(root: Path, folder: Path, lint: Lint) -> None:
    command = (sys.executable, "-m", "refactor", "--root", str(root), "lint")
    started = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(4)]
    said = {process.communicate()[0] for process in started}
    assert said == {lint("--no-cache").partition("\n")[2]}
    assert len(entries(folder)) == 1
    assert not list(folder.glob("*.part"))


def test_the_users_own_folder_is_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("REFACTOR_CACHE_DIR")
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert cache.folder_of(None) == tmp_path / "renumber"
    monkeypatch.setenv("XDG_CACHE_HOME", "relative")
    monkeypatch.setenv("HOME", str(tmp_path))
    assert cache.folder_of(None) == tmp_path / ".cache" / "renumber"
    assert cache.folder_of(Path("here")) == Path("here")
