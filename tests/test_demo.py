"""The demo course is a real course: it runs, its history is what it says, and its labels stand where they should."""

from __future__ import annotations

import ast
import json
from collections import Counter
from pathlib import Path

import pytest
import yaml
from inside import git, python

from refactor.demo.course import Planted, plan_path, planted, planted_jsonl, write_course
from refactor.demo.history import make_history
from refactor.errors import RefactorError

FIRST = (
    "01_setup 02_arrays 03_nonlinearity 04_layers 05_losses 06_spatial 07_attention 08_dataloader 09_gradients "
    "10_optimizers 11_training 12_compression 13_kernels 14_benchmarking 15_deployment 16_capstone"
).split()
SECOND = (
    "01_arrays 02_nonlinearity 03_layers 04_losses 05_gradients 06_optimizers 07_training 08_spatial 09_dataloader "
    "10_tokens 11_embeddings 12_attention 13_decoder 14_profiling 15_acceleration 16_quantization 17_compression "
    "18_caching 19_benchmarking 20_capstone"
).split()
THIRD = (
    "01_arrays 02_nonlinearity 03_layers 04_losses 05_gradients 06_optimizers 07_training 08_dataloader 09_spatial "
    "10_tokens 11_embeddings 12_attention 13_decoder 14_kvcaching 15_profiling 16_acceleration 17_quantization "
    "18_compression 19_benchmarking 20_capstone 20_contest"
).split()


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo course with its history; tests that run something in it leave no tracked file changed."""
    into = tmp_path_factory.mktemp("demo") / "course"
    make_history(into)
    return into


def _files(root: Path) -> dict[str, bytes]:
    found = (path for path in root.rglob("*") if path.is_file() and ".git" not in path.relative_to(root).parts)
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in found}


def _text(root: Path, path: str) -> str:
    return (root / path).read_bytes().decode()


def _rows(**wanted: str | int | None) -> list[Planted]:
    return [row for row in planted() if all(getattr(row, name) == value for name, value in wanted.items())]


def test_the_finished_course_has_every_module_in_each_of_its_places(tmp_path: Path) -> None:
    write_course(tmp_path)
    assert sorted(path.name for path in (tmp_path / "modules/source").iterdir()) == THIRD
    chapters = sorted(path.stem.replace("-", "_") for path in (tmp_path / "book/chapters").iterdir())
    assert chapters == ["00_introduction", *THIRD[:-1]]
    numbered = [path.name for path in (tmp_path / "tests").iterdir() if path.name[0].isdigit()]
    assert sorted(numbered) == THIRD
    for name in THIRD:
        stem = name.partition("_")[2]
        assert (tmp_path / f"modules/source/{name}/{stem}_dev.py").is_file()
        assert (tmp_path / f"modules/source/{name}/{stem}_dev.ipynb").is_file()


@pytest.mark.parametrize(("epoch", "modules"), [(1, FIRST), (2, SECOND), (3, THIRD)])
def test_an_older_epoch_can_be_written_alone(tmp_path: Path, epoch: int, modules: list[str]) -> None:
    write_course(tmp_path, epoch)
    assert sorted(path.name for path in (tmp_path / "modules/source").iterdir()) == modules


def test_a_folder_with_something_in_it_is_refused_and_left_alone(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine")
    for write in (write_course, make_history):
        with pytest.raises(RefactorError, match="not an empty folder"):
            write(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_an_unknown_epoch_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RefactorError, match="no epoch 4; choose one from 1 to 3"):
        write_course(tmp_path / "course", 4)
    assert not (tmp_path / "course").exists()


def test_nothing_is_written_beside_the_folder(tmp_path: Path) -> None:
    write_course(tmp_path / "course")
    assert [path.name for path in tmp_path.iterdir()] == ["course"]


def test_every_dev_file_runs(repository: Path) -> None:
    for name in THIRD:
        done = python(repository, f"modules/source/{name}/{name.partition('_')[2]}_dev.py")
        assert (done.returncode, done.stderr) == (0, "")
        assert done.stdout.startswith(f"Module {name[:2]}: ")


def test_the_test_suite_of_the_course_passes(repository: Path) -> None:
    done = python(repository, "-m", "pytest", "-q", "-p", "no:cacheprovider")
    assert done.returncode == 0, done.stdout
    assert "27 passed" in done.stdout


def test_the_milestones_run(repository: Path) -> None:
    for script in sorted((repository / "milestones").glob("*/*.py")):
        assert python(repository, str(script)).returncode == 0, script


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        ("status", 0, "KV Caching               ready"),
        ("export 14_kvcaching", 0, ""),
        ("export 14", 1, "Module '14' not found"),
        ("test 14_kvcaching", 0, "1 passed"),
        ("module start 9", 0, "Open modules/source/09_spatial"),
        ("module complete 14", 0, "Module 14 complete"),
        ("checkpoint 14", 0, "Checkpoint 14: it writes fast"),
        ("board", 0, "2 groups  18_caching"),
    ],
)
def test_the_command_of_the_course_works(repository: Path, words: str, code: int, says: str) -> None:
    done = python(repository, "bin/pebble", *words.split())
    assert done.returncode == code
    assert says in done.stdout


def test_exporting_everything_again_changes_nothing(repository: Path) -> None:
    assert python(repository, "bin/pebble", "export", "--all").returncode == 0
    assert git(repository, "status", "--porcelain") == ""


def test_the_command_is_executable(repository: Path) -> None:
    assert git(repository, "ls-files", "--stage", "bin/pebble").startswith("100755 ")


def test_notebooks_hold_the_cells_of_their_dev_files_and_some_hold_outputs(repository: Path) -> None:
    outputs = 0
    for path in sorted(repository.glob("modules/source/*/*.ipynb")):
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        dev = path.with_suffix(".py").read_text(encoding="utf-8")
        assert all("".join(cell["source"]) in dev for cell in cells)
        assert len(cells) == dev.count("# %%")
        outputs += sum(bool(cell.get("outputs")) for cell in cells)
    assert outputs == 2


def test_every_entry_of_the_table_of_contents_exists(repository: Path) -> None:
    contents = yaml.safe_load(_text(repository, "book/_toc.yml"))
    files = [contents["root"], *(chapter["file"] for part in contents["parts"] for chapter in part["chapters"])]
    assert len(files) == 25
    assert [file for file in files if not (repository / f"book/{file}.md").is_file()] == []
    captions = [part["caption"] for part in contents["parts"][1:4]]
    assert captions == ["🏗️ Foundation Tier (01-07)", "🏛️ Architecture Tier (08-14)", "⚡ Optimization Tier (15-19)"]


def test_every_python_file_of_every_epoch_parses(tmp_path: Path) -> None:
    for epoch in (1, 2, 3):
        into = tmp_path / str(epoch)
        write_course(into, epoch)
        for path in (*into.rglob("*.py"), into / "bin/pebble"):
            ast.parse(path.read_text(encoding="utf-8"), str(path))


def test_no_placeholder_is_left_in_any_epoch(tmp_path: Path) -> None:
    for epoch in (1, 2, 3):
        write_course(tmp_path / str(epoch), epoch)
    for path, data in _files(tmp_path).items():
        text = data.decode()
        assert not any(mark in text for mark in ("«", "»", "\n%% ", "\ue000", "\ue001", "\ue002")), path


def test_line_ends_and_a_byte_order_mark_are_planted(repository: Path) -> None:
    assert b"\r\n" in (repository / "docs/windows-setup.md").read_bytes()
    assert (repository / "docs/faq.md").read_bytes().startswith(b"\xef\xbb\xbf# Questions\n")


def test_several_test_runners_have_the_same_bytes(repository: Path) -> None:
    runners = Counter(path.read_bytes() for path in repository.glob("tests/*/run_all_tests.py"))
    assert sorted(runners.values()) == [1, 1, 1, 9]


def test_history_holds_three_numberings(repository: Path) -> None:
    commits = git(repository, "log", "--reverse", "--format=%H").split()
    seen = [git(repository, "ls-tree", "--name-only", f"{commit}:modules/source").split() for commit in commits]
    assert seen == [FIRST] * 3 + [SECOND] * 3 + [THIRD] * 3


def test_history_ends_in_the_finished_course_with_a_clean_tree(repository: Path, tmp_path: Path) -> None:
    write_course(tmp_path)
    tracked = git(repository, "ls-files", "-z").split("\0")[:-1]
    assert {path: (repository / path).read_bytes() for path in tracked} == _files(tmp_path)
    assert git(repository, "status", "--porcelain") == ""


def test_two_runs_make_the_same_commits(repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_AUTHOR_NAME", "Somebody Else")
    monkeypatch.setenv("TZ", "Asia/Tokyo")
    make_history(tmp_path / "again")
    assert git(tmp_path / "again", "rev-parse", "HEAD") == git(repository, "rev-parse", "HEAD")
    assert git(tmp_path / "again", "branch", "--show-current") == "main\n"


def test_blame_tells_when_an_old_line_was_written(repository: Path) -> None:
    first = git(repository, "blame", "--porcelain", "-L/Module 14 needs/,+1", "docs/instructor-guide.md")
    assert "summary Add the instructor guide and the plan for spring\n" in first
    second = git(repository, "blame", "--porcelain", "-L/Caching/,+1", "docs/optimization-notes.md")
    assert "summary Write up what we learned about optimisation\n" in second


def test_a_reformatting_commit_hides_when_numbers_were_written(repository: Path) -> None:
    blamed = git(repository, "blame", "--porcelain", "-L/finished Module 18/,+1", "docs/optimization-notes.md")
    assert "summary Set all lists with dashes\n" in blamed
    earlier = git(repository, "rev-parse", ":/Write up").strip()
    before = git(repository, "show", f"{earlier}:docs/optimization-notes.md")
    assert "\n* Nobody finished Module 18 in time." in before


def test_planted_references_stand_where_they_say(repository: Path) -> None:
    lines = {path: data.decode().split("\n") for path, data in _files(repository).items() if _is_text(data)}
    for row in planted():
        assert "\n".join(lines[row.file][row.line - 1 :])[row.col :].startswith(row.text), row


def _is_text(data: bytes) -> bool:
    return b"\0" not in data


def test_planted_references_are_many_and_of_every_kind() -> None:
    labels = Counter(row.label for row in planted())
    assert {label for label, count in labels.items() if count < 20} == {"ambiguous"}
    assert labels["stale"] >= 80
    assert {row.kind for row in planted()} == set(
        "anchor cli-command dict-entry export-path foreign grade-id heading identifier import list name number "
        "number+name order output path prose range table-row".split()
    )
    assert Counter(row.epoch for row in planted() if row.label == "stale").keys() == {"E1", "E2"}


def test_planted_references_do_not_overlap() -> None:
    seen: dict[tuple[str, int], int] = {}
    for row in planted():
        assert row.col >= seen.get((row.file, row.line), 0), row
        seen[row.file, row.line] = row.col + len(row.text)


@pytest.mark.parametrize(
    ("file", "text", "label", "new"),
    [
        ("README.md", "14_kvcaching", "rename", "15_memoization"),
        ("README.md", "14 | KV Caching", "rename", "15 | Memoization"),
        ("README.md", "Modules 08-14", "rename", "Modules 08-13"),
        ("book/_toc.yml", "15-19", "rename", "14-19"),
        ("book/_toc.yml", "14. KV Caching", "rename", "15. Memoization"),
        ("book/_toc.yml", "09-spatial", "rename", "09-convolutional-networks"),
        ("book/learning-path.md", "Module\n14", "rename", "Module\n15"),
        ("book/learning-path.md", "Modules 14-18", "keep", None),
        ("book/learning-path.md", "Checkpoint 14", "keep", None),
        ("book/chapters/12-attention.md", "14-kv-caching", "rename", "15-memoization"),
        ("book/chapters/00-introduction.md", "Module\n14", "stale", "Module\n14"),
        ("docs/instructor-guide.md", "Module 14", "stale", "Module 19"),
        ("docs/instructor-guide.md", "15 | Deployment", "stale", None),
        ("docs/optimization-notes.md", "Module 18", "stale", "Module 15"),
        ("docs/grading.md", "Module 13: Kernels", "stale", "Module 18: Acceleration"),
        ("tests/integration/test_story_flow.py", "Module 16", "stale", "Module 20"),
        ("pebble/commands/board.py", '(16, ("16_quantization"', "stale", '(16, ("16_quantization"'),
        ("pebble/commands/module.py", '"14": "14_kvcaching"', "rename", '"15": "15_memoization"'),
        ("pebble/commands/checkpoint.py", '"14": "it writes fast"', "keep", None),
        ("cairn/generation/kv_cache.py", "14_kvcaching", "rename", "15_memoization"),
        ("modules/source/14_kvcaching/kvcaching_dev.py", "generation.kv_cache", "keep", "generation.kv_cache"),
        ("modules/source/14_kvcaching/kvcaching_dev.ipynb", "Module 14: KV Caching is done", "keep", None),
        ("CHANGELOG.md", "Module 14: KV Caching", "history", None),
    ],
)
def test_planted_references_ask_for_what_is_right(file: str, text: str, label: str, new: str | None) -> None:
    found = _rows(file=file, text=text)
    assert {(row.label, row.new) for row in found} == {(label, new)}


def test_doing_what_the_labels_say_gives_a_course_that_works(tmp_path: Path) -> None:
    """The labels are whole: nothing that must change for the course to run, or to export the same again, is missing."""
    root = tmp_path / "course"
    make_history(root)
    _change_what_is_labelled(root)
    for old, new in _moves():
        (root / old).rename(root / f"{new}.parked")
    for _, new in _moves():
        (root / f"{new}.parked").rename(root / new)
    for folder, old, new in (("09_convolutional_networks", "spatial", "convolutional_networks"),
                             ("15_memoization", "kvcaching", "memoization")):  # fmt: skip
        for suffix in ("py", "ipynb"):
            source = root / "modules/source" / folder
            (source / f"{old}_dev.{suffix}").rename(source / f"{new}_dev.{suffix}")
    git(root, "add", "--all")
    assert python(root, "bin/pebble", "export", "--all").returncode == 0
    assert git(root, "diff", "--name-only") == ""
    assert python(root, "-m", "pytest", "-q", "-p", "no:cacheprovider").returncode == 0
    assert python(root, "milestones/05_2017_story/tell.py").returncode == 0
    assert "Module 15 complete" in python(root, "bin/pebble", "module", "complete", "15").stdout


def _change_what_is_labelled(root: Path) -> None:
    for row in reversed(_rows(label="rename")):
        lines = _text(root, row.file).split("\n")
        before, rest = lines[: row.line - 1], "\n".join(lines[row.line - 1 :])
        new = row.identity or row.new or ""
        rest = rest[: row.col] + new + rest[row.col + len(row.text) :]
        (root / row.file).write_bytes("\n".join((*before, rest)).encode())


def _moves() -> list[tuple[str, str]]:
    pairs = {old: new if isinstance(new, str) else new["to"] for old, new in _plan()["rename"].items()}
    folders = [
        (f"{place}/{old}", f"{place}/{new}") for old, new in pairs.items() for place in ("modules/source", "tests")
    ]
    pages = [(f"book/chapters/{_dashed(old)}.md", f"book/chapters/{_dashed(new)}.md") for old, new in pairs.items()]
    return folders + pages


def _dashed(name: str) -> str:
    return name.replace("_", "-")


def _plan() -> dict[str, dict[str, str | dict[str, str]]]:
    plan: dict[str, dict[str, str | dict[str, str]]] = yaml.safe_load(plan_path().read_text())
    return plan


def test_what_depends_on_the_order_has_two_right_answers() -> None:
    found = _rows(file="book/chapters/13-decoder.md", text="Module 14: KV Caching", label="rename")
    assert [(row.seq, row.identity, row.successor) for row in found] == [
        (True, "Module 15: Memoization", "Module 14: Profiling")
    ]


def test_planted_rows_are_written_as_json_lines() -> None:
    rows = [json.loads(line) for line in planted_jsonl().splitlines()]
    assert len(rows) == len(planted())
    assert all({"file", "line", "col", "text", "label", "new", "kind", "target"} <= row.keys() for row in rows)
    assert rows[0] == {
        "file": ".github/workflows/tests.yml", "line": 8, "col": 17, "text": "09_spatial", "label": "rename",
        "new": "09_convolutional_networks", "kind": "path", "target": "09_spatial",
    }  # fmt: skip


def test_the_plan_is_the_one_in_the_plans_folder() -> None:
    shown = Path(__file__).parents[1] / "plans/optimization_tier/plan.yaml"
    if shown.is_file():
        assert yaml.safe_load(plan_path().read_text()).items() <= yaml.safe_load(shown.read_text()).items()
    plan = yaml.safe_load(plan_path().read_text())
    assert plan["rename"] == {
        "09_spatial": {"to": "09_convolutional_networks", "title": "Convolutional Networks"},
        "14_kvcaching": {"to": "15_memoization", "title": "Memoization"},
        "15_profiling": "14_profiling",
        "16_acceleration": "18_acceleration",
        "17_quantization": "16_quantization",
        "18_compression": "17_compression",
    }
    assert plan["tiers"] == {"Architecture": "08-13", "Optimization": "14-19"}
