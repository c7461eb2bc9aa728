"""Commits and pull requests as people meet them: the real pre-commit, the shell steps of the action, the how-to page.

Hooks are taken from `.pre-commit-hooks.yaml` as they are; only their installation is left out, because it needs a
package registry.
"""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[1]
SCRIPT = ROOT / "tools" / "pr-report.sh"
PAGE = (ROOT / "docs" / "linting.md").read_text(encoding="utf-8")
HOOKS = {hook["id"]: hook for hook in yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))}
ACTION = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))

COURSE = {
    "README.md": "# Garden\n\n- [Lesson 1: Soil](lessons/01_soil.md)\n- [Lesson 3: Water](lessons/03_water.md)\n",
    "lessons/01_soil.md": "# Lesson 1: Soil\n",
    "lessons/02_seeds.md": "# Lesson 2: Seeds\n",
    "lessons/03_water.md": "# Lesson 3: Water\n\nAfter [the seeds](02_seeds.md).\n",
}
STALE = "# Lesson 1: Soil\n\nGo on with [Lesson 2: Water](03_water.md).\n"
STALE_LINE = "lessons/01_soil.md:3:13: stale-number"
DEAD_LINE = "lessons/03_water.md:3:19: broken-path 02_seeds.md leads nowhere"


def write(root: Path, files: dict[str, str]) -> None:
    for path, text in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text, encoding="utf-8")


def executable(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/usr/bin/env bash\n{text}\n", encoding="utf-8")
    path.chmod(0o755)


def call(root: Path, *command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command, cwd=root, check=False, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, encoding="utf-8"
    )


def git(root: Path, *arguments: str) -> str:
    done = call(root, "git", *arguments)
    assert done.returncode == 0, done.stdout
    return done.stdout


@pytest.fixture(scope="module", autouse=True)
def _own_pre_commit(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Keep the user's hooks and settings of pre-commit out, and nothing of ours in."""
    with pytest.MonkeyPatch.context() as patch:
        for name in [name for name in os.environ if name.startswith(("PRE_COMMIT", "SKIP"))]:
            patch.delenv(name)
        patch.setenv("PRE_COMMIT_HOME", str(tmp_path_factory.mktemp("pre-commit")))
        yield


@pytest.fixture(scope="module")
def byte_code(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where Python keeps compiled modules: every command here is a start of its own."""
    return tmp_path_factory.mktemp("byte-code")


@pytest.fixture
def commands(tmp_path: Path, byte_code: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of commands in front of the PATH; `refactor` is in it, as an installer would have written it."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    module, _, function = project["scripts"]["refactor"].partition(":")
    code = f"import sys; sys.path.insert(0, {str(ROOT)!r}); from {module} import {function}; sys.exit({function}())"
    folder = tmp_path / "bin"
    executable(folder / "refactor", f'exec {shlex.quote(sys.executable)} -P -c {shlex.quote(code)} "$@"')
    monkeypatch.delenv("PYTHONDONTWRITEBYTECODE", raising=False)
    monkeypatch.setenv("PYTHONPYCACHEPREFIX", str(byte_code))
    monkeypatch.setenv("PATH", f"{folder}{os.pathsep}{os.environ['PATH']}")
    return folder


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A repository with a course that is right, committed, where pre-commit was installed afterwards."""
    root = tmp_path_factory.mktemp("template")
    write(root, COURSE)
    git(root, "init", "--quiet", "--initial-branch=main")
    git(root, "add", "--all")
    git(root, "commit", "--quiet", "--message=a course")
    done = call(root, sys.executable, "-m", "pre_commit", "install")
    assert done.returncode == 0, done.stdout
    return root


@pytest.fixture
def course(template: Path, tmp_path: Path, commands: Path) -> Path:
    """The course of the template, to be changed."""
    return shutil.copytree(template, tmp_path / "course")


# --- hooks --------------------------------------------------------------------------------------


def install(root: Path, hook: str, **changes: object) -> None:
    """Commit settings for the real pre-commit, with a hook that is ours but for its language."""
    local = {**HOOKS[hook], "language": "system", **changes}
    write(root, {".pre-commit-config.yaml": yaml.safe_dump({"repos": [{"repo": "local", "hooks": [local]}]})})
    git(root, "add", "--all")
    git(root, "commit", "--quiet", "--no-verify", "--message=hooks")


def commit(root: Path, *arguments: str) -> tuple[bool, str]:
    """Try to commit: whether there is a commit more, and what was printed."""
    before = git(root, "rev-parse", "HEAD")
    done = call(root, "git", "commit", "--message=a change", *arguments)
    after = git(root, "rev-parse", "HEAD")
    assert (done.returncode == 0) == (before != after), done.stdout
    return before != after, done.stdout


def test_the_hooks_are_valid() -> None:
    done = call(ROOT, sys.executable, "-m", "pre_commit", "validate-manifest", ".pre-commit-hooks.yaml")
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("hook", HOOKS)
def test_a_clean_commit_passes(course: Path, hook: str) -> None:
    install(course, hook)
    write(course, {"lessons/01_soil.md": "# Lesson 1: Soil\n\nGo on with [Lesson 2: Seeds](02_seeds.md).\n"})
    git(course, "add", "--all")
    committed, said = commit(course)
    assert committed, said
    assert "Passed" in said


@pytest.mark.parametrize("hook", HOOKS)
def test_a_staged_stale_reference_blocks_the_commit(course: Path, hook: str) -> None:
    install(course, hook)
    write(course, {"lessons/01_soil.md": STALE})
    git(course, "add", "--all")
    committed, said = commit(course)
    assert not committed
    assert STALE_LINE in said


@pytest.mark.parametrize("hook", HOOKS)
def test_what_is_not_staged_is_not_judged(course: Path, hook: str) -> None:
    install(course, hook)
    write(course, {"README.md": COURSE["README.md"] + "\nSow.\n"})
    git(course, "add", "--all")
    write(course, {"lessons/01_soil.md": STALE})
    committed, said = commit(course)
    assert committed, said
    assert (course / "lessons/01_soil.md").read_text(encoding="utf-8") == STALE


def test_a_deleted_page_that_is_still_linked_blocks_the_commit(course: Path) -> None:
    install(course, "refactor-lint-repo")
    git(course, "rm", "--quiet", "lessons/02_seeds.md")
    committed, said = commit(course)
    assert not committed
    assert DEAD_LINE in said


def test_the_hook_per_file_is_not_asked_about_other_files(course: Path) -> None:
    write(course, {"lessons/01_soil.md": STALE})
    install(course, "refactor-lint")
    write(course, {"README.md": COURSE["README.md"] + "\nSow.\n"})
    git(course, "add", "--all")
    assert commit(course)[0]


def test_only_what_the_commit_brings_if_so_asked(course: Path) -> None:
    write(course, {"lessons/01_soil.md": STALE})
    install(course, "refactor-lint-repo", args=["--diff-base", "HEAD"])
    write(course, {"README.md": COURSE["README.md"] + "\nSow.\n"})
    assert commit(course, "--all")[0]
    git(course, "rm", "--quiet", "lessons/02_seeds.md")
    committed, said = commit(course)
    assert not committed
    assert DEAD_LINE in said
    assert STALE_LINE not in said


def test_a_fix_stops_the_commit_once(course: Path) -> None:
    install(course, "refactor-lint-repo", args=["--fix"])
    write(course, {"lessons/01_soil.md": STALE})
    git(course, "add", "--all")
    committed, said = commit(course)
    assert not committed
    assert "files were modified by this hook" in said
    assert "[Lesson 3: Water](03_water.md)" in (course / "lessons/01_soil.md").read_text(encoding="utf-8")
    git(course, "add", "--all")
    assert commit(course)[0]


def test_commit_all_is_judged_although_git_names_another_index(course: Path) -> None:
    """`git commit --all` exports GIT_INDEX_FILE, the index that is to be."""
    install(course, "refactor-lint-repo")
    (course / "lessons/02_seeds.md").unlink()
    committed, said = commit(course, "--all")
    assert not committed
    assert DEAD_LINE in said


def test_a_linked_worktree_is_judged_and_not_the_main_one(course: Path, tmp_path: Path) -> None:
    """Git exports GIT_DIR to hooks in a linked worktree."""
    install(course, "refactor-lint-repo")
    beside = tmp_path / "beside"
    git(course, "worktree", "add", "--quiet", str(beside))
    write(beside, {"lessons/01_soil.md": STALE})
    git(beside, "add", "--all")
    committed, said = commit(beside)
    assert not committed
    assert STALE_LINE in said
    write(course, {"lessons/01_soil.md": STALE})
    git(beside, "checkout", "--quiet", "HEAD", "lessons/01_soil.md")
    assert commit(beside, "--allow-empty")[0]


def test_git_variables_of_another_repository_are_not_followed(
    course: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = tmp_path / "other"
    write(other, {"README.md": "# Nothing\n"})
    git(other, "init", "--quiet")
    monkeypatch.setenv("GIT_DIR", str(other / ".git"))
    monkeypatch.setenv("GIT_WORK_TREE", str(other))
    monkeypatch.setenv("GIT_INDEX_FILE", str(other / "index"))
    write(course, {"lessons/01_soil.md": STALE})
    done = call(course, "refactor", "lint", "--diff-base", "main")
    assert done.returncode == 1
    assert STALE_LINE in done.stdout


def test_a_folder_of_the_tree_that_is_called_refactor_is_not_run(course: Path) -> None:
    install(course, "refactor-lint-repo")
    write(course, {"refactor/__init__.py": "raise SystemExit(7)\n", "refactor/__main__.py": "raise SystemExit(7)\n"})
    git(course, "add", "--all")
    committed, said = commit(course)
    assert committed, said


# --- the report on a pull request ---------------------------------------------------------------


def test_our_own_hook_passes_on_the_project_and_sees_a_dead_link(tmp_path: Path) -> None:
    """The hook of `.pre-commit-config.yaml`, with the real pre-commit, on a copy of what git would commit here."""
    listed = git(ROOT, "ls-files", "--cached", "--others", "--exclude-standard", "-z").split("\0")
    for path in filter(None, listed):
        if (ROOT / path).is_file():
            (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(ROOT / path, tmp_path / path)
    executable(tmp_path / ".venv" / "bin" / "python", f'exec {shlex.quote(sys.executable)} "$@"')
    git(tmp_path, "init", "--quiet")
    git(tmp_path, "add", "--all")
    hook = (sys.executable, "-m", "pre_commit", "run", "references", "--all-files")
    done = call(tmp_path, *hook)
    assert done.returncode == 0, done.stdout
    (tmp_path / "docs" / "why.md").write_text("# Why\n\n[Read on](nowhere.md).\n", encoding="utf-8")
    done = call(tmp_path, *hook)
    assert done.returncode == 1
    assert "docs/why.md:3:11: broken-path nowhere.md leads nowhere" in done.stdout


# gh brings a jq of its own; the one in its place here does not.
needs_jq = pytest.mark.skipif(shutil.which("jq") is None, reason="install jq to run this")

# A GitHub of one file: comments as a list, and every call on a line of its own.
GH = r"""
printf '%s\n' "$*" >>"$STUB/calls"
[[ -e $STUB/forbidden ]] && { echo 'gh: Resource not accessible by integration (HTTP 403)' >&2; exit 1; }
for last; do :; done
case "$*" in
*--paginate*) jq --raw-output "$last" "$STUB/comments" ;;
*PATCH* | *POST*) cp "${last#body=@}" "$STUB/body" ;;
esac
"""

# What `lint --output-format markdown` begins with.
CLEAN = "<!-- renumber -->\n### renumber: no findings\n"
REPORT = "<!-- renumber -->\n### renumber: 1 finding in 1 file\n"


@pytest.fixture
def pull_request(course: Path, commands: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A branch with a stale reference on it, checked out where the steps of the action run."""
    stub = tmp_path / "github"
    write(stub, {"comments": "[]", "calls": "", "output": "", "summary": "", "report.md": REPORT})
    executable(commands / "gh", GH)
    environment = {
        "STUB": stub,
        "REFACTOR": "refactor",
        "REPORT": stub / "report.md",
        "BASE": "main",
        "PULL_REQUEST": "7",
        "GITHUB_REPOSITORY": "garden/course",
        "GITHUB_STEP_SUMMARY": stub / "summary",
        "GITHUB_OUTPUT": stub / "output",
    }
    for name, value in environment.items():
        monkeypatch.setenv(name, str(value))
    write(course, {"README.md": COURSE["README.md"] + "\nFirst [Lesson 3: Soil](lessons/01_soil.md).\n"})
    git(course, "commit", "--quiet", "--no-verify", "--all", "--message=an old mistake")
    git(course, "checkout", "--quiet", "-b", "work")
    write(course, {"lessons/01_soil.md": STALE})
    git(course, "commit", "--quiet", "--no-verify", "--all", "--message=a new one")
    return stub


def step(course: Path, name: str) -> subprocess.CompletedProcess[str]:
    return call(course, str(SCRIPT), name)


def read(stub: Path, name: str) -> str:
    return (stub / name).read_text(encoding="utf-8")


def test_the_lint_step_reports_what_the_branch_brought(course: Path, pull_request: Path) -> None:
    done = step(course, "lint")
    assert done.returncode == 0, done.stdout
    annotations = [line for line in done.stdout.splitlines() if line.startswith("::")]
    assert len(annotations) == 1
    assert annotations[0].startswith("::warning title=renumber (stale-number),file=lessons/01_soil.md,line=3,col=13,")
    assert read(pull_request, "report.md").startswith(REPORT)
    assert read(pull_request, "summary") == read(pull_request, "report.md")
    assert read(pull_request, "output") == "code=1\n"
    assert not (pull_request / "all.sarif").exists()


def test_without_a_base_everything_is_reported(
    course: Path, pull_request: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BASE", "")
    assert step(course, "lint").returncode == 0
    assert "### renumber: 2 findings in 2 files" in read(pull_request, "report.md")


def test_sarif_holds_what_was_there_before_too(
    course: Path, pull_request: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SARIF", str(pull_request / "all.sarif"))
    step(course, "lint")
    (run,) = json.loads(read(pull_request, "all.sarif"))["runs"]
    places = [result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] for result in run["results"]]
    assert sorted(places) == ["README.md", "lessons/01_soil.md"]
    assert "### renumber: 1 finding in 1 file" in read(pull_request, "report.md")


def test_more_arguments_are_words_and_no_patterns(
    course: Path, pull_request: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ARGUMENTS", "--ignore stale-number")
    assert step(course, "lint").returncode == 0
    assert read(pull_request, "output") == "code=0\n"
    assert read(pull_request, "report.md") == CLEAN
    monkeypatch.setenv("ARGUMENTS", "*.md")
    done = step(course, "lint")
    assert "*.md does not exist" in done.stdout


def test_if_linting_is_not_possible_the_step_fails(
    course: Path, pull_request: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BASE", "origin/main")
    done = step(course, "lint")
    assert done.returncode == 2
    assert "git knows no commit called origin/main" in done.stdout
    assert "::error title=renumber::" in done.stdout
    assert read(pull_request, "output") == ""


@needs_jq
def test_the_first_report_is_a_new_comment(course: Path, pull_request: Path) -> None:
    write(
        pull_request,
        {
            "comments": json.dumps(
                [
                    {"id": 1, "user": {"type": "User"}, "body": "<!-- renumber -->\nnot ours"},
                    {"id": 2, "user": {"type": "Bot"}, "body": "another bot's"},
                ]
            )
        },
    )
    done = step(course, "comment")
    assert done.returncode == 0, done.stdout
    assert "--method POST repos/garden/course/issues/7/comments " in read(pull_request, "calls")
    assert read(pull_request, "body") == read(pull_request, "report.md")


@needs_jq
def test_later_reports_go_over_the_first(course: Path, pull_request: Path) -> None:
    ours = [{"id": number, "user": {"type": "Bot"}, "body": "<!-- renumber -->\nold"} for number in (41, 42)]
    write(pull_request, {"comments": json.dumps(ours)})
    write(pull_request, {"report.md": CLEAN})
    step(course, "comment")
    assert "--method PATCH repos/garden/course/issues/comments/41 " in read(pull_request, "calls")
    assert "POST" not in read(pull_request, "calls")
    assert read(pull_request, "body") == CLEAN


@needs_jq
def test_a_clean_pull_request_gets_no_comment(course: Path, pull_request: Path) -> None:
    write(pull_request, {"report.md": CLEAN})
    assert step(course, "comment").returncode == 0
    assert not (pull_request / "body").exists()


def test_a_token_that_may_not_write_is_no_failure(course: Path, pull_request: Path) -> None:
    write(pull_request, {"forbidden": ""})
    done = step(course, "comment")
    assert done.returncode == 0
    assert "::notice title=renumber::The comment could not be written" in done.stdout


def test_steps_have_no_text_of_strangers_in_their_scripts() -> None:
    """What comes from a pull request goes through the environment; pasted into a script it would be run."""
    for one in ACTION["runs"]["steps"]:
        assert "${{" not in one.get("run", "")
        assert "run" not in one or one["shell"] == "bash"


def test_the_action_uses_others_at_a_fixed_commit() -> None:
    used = [step["uses"] for step in ACTION["runs"]["steps"] if "uses" in step]
    assert [re.sub("@[0-9a-f]{40}$", "", one) for one in used] == [
        "actions/setup-python",
        "github/codeql-action/upload-sarif",
    ]


def test_the_page_asks_for_no_more_permissions_than_needed() -> None:
    asked = {
        fence["path"]: yaml.safe_load(fence["body"])["permissions"]
        for fence in FENCES
        if fence["language"] == "yaml" and "workflows" in fence["path"]
    }
    least = {"contents": "read", "pull-requests": "write"}
    assert asked == {
        ".github/workflows/references.yml": least,
        ".github/workflows/code-scanning.yml": {**least, "security-events": "write"},
    }


def test_the_action_gives_the_script_what_it_asks_for() -> None:
    for name, wanted in {"lint": {"BASE", "ARGUMENTS", "SARIF"}, "comment": {"GH_TOKEN", "PULL_REQUEST"}}.items():
        (one,) = [found for found in ACTION["runs"]["steps"] if f'pr-report.sh" {name}' in found.get("run", "")]
        assert set(one["env"]) == wanted


# --- the page -----------------------------------------------------------------------------------

_FENCE = re.compile(
    r"^```(?P<language>\w+)(?: (?P<path>[^\s(]+))?(?: \(exit (?P<code>\d)\))?\n(?P<body>.*?)^```$",
    re.MULTILINE | re.DOTALL,
)
FENCES = list(_FENCE.finditer(PAGE))


def test_the_page_can_be_followed_to_the_letter(tmp_path: Path, commands: Path) -> None:
    """Files are written and commands run in the order of the page; `...` stands for any lines."""
    git(tmp_path, "init", "--quiet")
    (tmp_path / ".gitignore").write_text("/bin/\n", encoding="utf-8")
    for fence in FENCES:
        if fence["language"] == "text":
            write(tmp_path, {fence["path"]: fence["body"]})
        if fence["language"] == "console":
            follow(tmp_path, fence["body"], int(fence["code"] or 0))


def follow(root: Path, body: str, code: int) -> None:
    for part in re.split(r"^\$ python -m ", body, flags=re.MULTILINE)[1:]:
        command, _, shown = part.partition("\n")
        done = call(root, *shlex.split(command))
        assert done.returncode == code, done.stdout
        expected = re.escape(shown).replace(r"\.\.\." + "\\\n", "(?:.*\n)*")
        assert re.fullmatch(expected, done.stdout), f"{command} printed\n{done.stdout}"


def test_the_page_names_hooks_and_inputs_that_exist() -> None:
    named = {fence["path"]: yaml.safe_load(fence["body"]) for fence in FENCES if fence["language"] == "yaml"}
    (repository,) = named[".pre-commit-config.yaml"]["repos"]
    assert {hook["id"] for hook in repository["hooks"]} <= HOOKS.keys()
    for name in ("references", "code-scanning"):
        steps = named[f".github/workflows/{name}.yml"]["jobs"]["lint"]["steps"]
        assert [one["uses"].partition("@")[0] for one in steps] == ["actions/checkout", "OWNER/renumber"]
        assert steps[1].get("with", {}).keys() <= ACTION["inputs"].keys()
    table = PAGE.partition("| input | default | |\n")[2].partition("\n\n")[0]
    assert set(re.findall(r"^\| `([\w-]+)` \|", table, re.MULTILINE)) == ACTION["inputs"].keys()
