"""A restructure plan is carried out phase by phase, goes on after a stop or a kill, and can be taken back."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from planned import PLAN, RENAME, Planned, planned

from refactor import git, trail
from refactor.rehearsal import rehearsal

PAGE = "# A new page\n"


@pytest.fixture
def garden(tmp_path: Path) -> Planned:
    found = planned(tmp_path, PLAN)
    found.asset("assets/page.md", PAGE)
    return found


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The tree that an undisturbed run ends in."""
    found = planned(tmp_path_factory.mktemp("undisturbed"), PLAN)
    found.asset("assets/page.md", PAGE)
    found.apply()
    return found.tree


# --- applied --------------------------------------------------------------------------------------


def test_every_phase_is_committed_in_the_order_of_the_plan(garden: Planned) -> None:
    garden.apply()
    assert [one for one in garden.subjects if not one.endswith(")") or "files" not in one] == [
        "docs: follow",
        "docs(readme): follow",
        "refactor(modules): compost before pruning",
        "docs: say what the garden is",
        "Begin",
    ]
    assert garden.git("status", "--porcelain") == ""
    assert garden.git("log", "-1", "--format=%(trailers)") == (
        "Refactor-Plan: garden\nRefactor-Phase: rest\nRefactor-Commit: 1/1"
    )


def test_the_shares_of_a_renaming_make_the_undivided_one(garden: Planned, tmp_path: Path) -> None:
    garden.apply()
    other = planned(tmp_path / "whole", RENAME)
    other.write("README.md", other.text("README.md").replace("# Garden", "# The Garden\n\nA course in six modules."))
    other.commit()
    assert other.run("rename", "--plan", str(other.plan)).code == 0
    other.write("README.md", other.text("README.md").replace("Glasshouse.", "Glasshouse, built of glass."))
    other.write("book/new/page.md", PAGE)
    other.commit()
    assert garden.tree == other.tree
    assert garden.text("README.md").endswith(
        "Module 12: Pruning, Module 11: Compost, Module 13: Glasshouse, built of glass.\n"
    )


def test_the_history_of_a_moved_file_leads_back(garden: Planned) -> None:
    garden.apply()
    assert garden.git("log", "--follow", "--format=%s", "modules/11_compost/compost_dev.py").endswith("\nBegin")
    assert garden.git("log", "--follow", "--format=%s", "book/13-glasshouse.md").endswith("\nBegin")


def test_a_second_run_has_nothing_to_do(garden: Planned) -> None:
    garden.apply()
    head = garden.git("rev-parse", "HEAD")
    assert "nothing left to do (3 phases done before: words, modules, rest)" in garden.apply().out
    assert garden.git("rev-parse", "HEAD") == head


def test_phases_can_be_chosen(garden: Planned, undisturbed: str) -> None:
    garden.apply("--until", "words")
    assert garden.subjects[0] == "docs: say what the garden is"
    garden.apply("--phase", "modules")
    assert garden.subjects[0] == "docs(readme): follow"
    garden.apply("--from", "3")
    assert garden.tree == undisturbed


def test_a_share_may_have_its_turn_before_an_earlier_one(garden: Planned, undisturbed: str) -> None:
    garden.apply("--phase", "words")
    garden.apply("--phase", "rest")
    assert (garden.root / "modules/11_pruning").is_dir()
    garden.apply()
    assert garden.tree == undisturbed


def test_text_that_came_between_two_shares_moves_the_later_one_along(garden: Planned) -> None:
    garden.apply("--until", "modules")
    garden.write("docs/guide.md", "# Guide\n\nA line of somebody else.\n\n" + garden.text("docs/guide.md")[9:])
    garden.commit("Say more")
    garden.apply()
    assert garden.text("docs/guide.md") == (
        "# Guide\n\nA line of somebody else.\n\nModule 11 (Compost) comes after Module 12 (Pruning).\n"
    )


def test_a_line_written_anew_between_two_shares_is_left_and_listed(garden: Planned) -> None:
    garden.apply("--until", "modules")
    garden.write("docs/guide.md", "# Guide\n\nFirst Module 11 (Compost), then the other.\n")
    garden.commit("Say it anew")
    assert "its line was written anew after the renaming was measured" in garden.apply().out
    assert garden.text("docs/guide.md") == "# Guide\n\nFirst Module 11 (Compost), then the other.\n"


def test_without_commits_everything_is_written_and_can_be_undone(garden: Planned, undisturbed: str) -> None:
    head = garden.git("rev-parse", "HEAD")
    garden.apply("--no-commit")
    assert garden.git("rev-parse", "HEAD") == head
    garden.git("add", "--all")
    garden.git("commit", "--quiet", "--message", "all")
    assert garden.tree == undisturbed
    garden.git("reset", "--quiet", "HEAD~1")
    assert garden.run("undo").code == 0
    assert garden.git("status", "--porcelain") == ""


def test_a_root_below_the_top_of_the_repository(tmp_path: Path) -> None:
    found = planned(tmp_path, PLAN)
    found.asset("assets/page.md", PAGE)
    found.apply()
    inner = planned(tmp_path / "inner", PLAN)
    inner.asset("assets/page.md", PAGE)
    (inner.root / ".git").rename(inner.root.parent / ".git")
    (inner.root.parent / ".gitignore").write_text("plan\n.gitignore\n")
    inner.commit("Move down")
    inner.apply()
    assert inner.tree == found.tree


def test_untracked_files_go_along_with_their_folder(garden: Planned) -> None:
    garden.write("modules/11_pruning/mine.txt", "my notes\n")
    garden.apply()
    assert garden.text("modules/12_pruning/mine.txt") == "my notes\n"
    garden.run("undo", str(garden.plan), "--all")
    assert garden.text("modules/11_pruning/mine.txt") == "my notes\n"


def test_links_go_along_with_their_folder(garden: Planned) -> None:
    (garden.root / "modules/11_pruning/link").symlink_to("../08_soil")
    garden.commit("Link to the soil")
    garden.apply()
    assert (garden.root / "modules/12_pruning/link").readlink() == Path("../08_soil")


# --- shown and reported ---------------------------------------------------------------------------


def test_a_dry_run_shows_a_diff_a_phase_and_writes_nothing(garden: Planned) -> None:
    head, log = garden.git("rev-parse", "HEAD"), garden.git("worktree", "list")
    told = garden.apply("--dry-run")
    assert "=== phase 1 words ===" in told.out
    assert "+# The Garden" in told.out
    assert "rename to modules/11_compost/compost_dev.py" in told.out
    assert "these programs are not run now:\n  rest: {python} -c" in told.out
    assert (garden.git("rev-parse", "HEAD"), garden.git("worktree", "list")) == (head, log)
    assert garden.git("status", "--porcelain") == ""
    assert not (garden.root / ".git" / "refactor").exists()


def test_what_was_done_is_one_object_for_programs(garden: Planned) -> None:
    told = garden.apply("--format", "json", "--until", "modules")
    found = json.loads(told.out)
    assert (found["version"], found["plan"]) == (1, "garden")
    assert [(one["phase"], one["edits"] > 0, len(one["commits"]) > 0) for one in found["phases"]] == [
        ("words", True, True),
        ("modules", True, True),
    ]
    assert {"from": "modules/12_compost", "to": "modules/11_compost"} in found["phases"][1]["moves"]
    assert found["phases"][1]["tip"] == garden.git("rev-parse", "HEAD")


@pytest.mark.parametrize("suffix", ["md", "html"])
def test_the_final_report_can_be_written_to_a_file(garden: Planned, tmp_path: Path, suffix: str) -> None:
    report = tmp_path / f"report.{suffix}"
    garden.apply("--report", str(report))
    text = report.read_text()
    for said in ("New words", "undo", "--all", "git log --stat", garden.git("rev-parse", "--short=12", "HEAD")):
        assert said in text


def test_what_no_step_takes_is_reported(tmp_path: Path) -> None:
    found = planned(tmp_path, PLAN[: PLAN.index("- phase: rest")])
    told = found.apply()
    assert "no step 'rename' does it:\n  move book/11-pruning.md -> book/12-pruning.md" in told.out


# --- refused --------------------------------------------------------------------------------------


def test_an_expectation_that_fails_stops_before_anything_of_the_phase_is_written(garden: Planned) -> None:
    garden.asset("plan.yaml", PLAN.replace("Glasshouse.", "Greenhouse."))
    garden.apply("--until", "words")
    said = garden.refused("apply", str(garden.plan))
    assert said == (
        "plan.yaml:18:36: README.md has 'Greenhouse.' 0 times, not 1: write more of the text around it, or the right count"
    )
    assert garden.subjects[0] == "docs: say what the garden is"
    garden.asset("plan.yaml", PLAN)
    garden.apply()
    assert garden.subjects[0] == "docs: follow"


def test_a_check_that_fails_stops_before_the_phase_is_brought_over(garden: Planned) -> None:
    garden.asset("plan.yaml", PLAN.replace("prints: A new page", "code: 3"))
    said = garden.refused("apply", str(garden.plan), "--from", "rest")
    assert said.startswith("plan.yaml:25:5: `'{python}' -c 'import pathlib;")
    assert said.endswith("ended with 0, not 3: nothing of the phase was brought over. It said:\n# A new page")
    garden.apply("--no-verify")


def test_a_program_that_takes_too_long_is_stopped(garden: Planned) -> None:
    verify = PLAN[PLAN.index("  verify:") :]
    slow = """\
  verify:
  - run: {command: ["{python}", -c, "import time; time.sleep(60)"], seconds: 1}
"""
    garden.asset("plan.yaml", PLAN.replace(verify, slow))
    assert "was stopped after 1 seconds" in garden.refused("apply", str(garden.plan), "--phase", "rest")


@pytest.mark.parametrize("content", [None, "", "#? Write what the page says.\n#? Two sentences.\n"])
def test_an_asset_that_nobody_wrote_refuses_the_plan(garden: Planned, content: str | None) -> None:
    if content is None:
        (garden.plan / "assets/page.md").unlink()
    else:
        garden.asset("assets/page.md", content)
    said = garden.refused("apply", str(garden.plan))
    assert said == (
        "assets of the plan are missing or empty (1); write them, or leave their steps out with --waive NAME:\n"
        "  plan.yaml:22:40  assets/page.md"
    )


def test_a_waived_asset_leaves_its_step_out_and_is_listed(garden: Planned) -> None:
    garden.asset("assets/page.md", "")
    told = garden.apply("--waive", "assets/page.md", "--no-verify")
    assert "rest: book/new/page.md  'assets/page.md': waived: nobody has written assets/page.md yet" in told.out
    assert not (garden.root / "book/new").exists()


def test_uncommitted_changes_refuse_the_plan(garden: Planned) -> None:
    garden.write("docs/guide.md", "# Guide\n")
    assert garden.refused("apply", str(garden.plan)).startswith("Changes are not committed in docs/guide.md;")


def test_outside_git_there_is_no_plan(tmp_path: Path) -> None:
    found = planned(tmp_path, PLAN.replace("assets/page.md", "plan.yaml"))
    (found.root / ".git").rename(tmp_path / "git")
    told = found.run("apply", str(found.plan))
    assert told.code == 2
    assert "is not in a git repository" in told.err


BAD = {
    "steps: {}": "16:5: 'steps' must be a list",
    "steps: [{renmae: {}}]": "16:14: no step here is called 'renmae': did you mean 'rename'?",
    "steps: [{lint: {}}]": "16:14: no step here is called 'lint': changes stand below 'steps', checks below 'verify'",
    "steps: [{edit_text: {file: a.md, old: b}}]": "16:14: 'edit_text' has none of new, asset",
    "steps: [{edit_text: {file: a.md, old: b, new: c, asset: d}}]": "16:14: 'edit_text' has both 'new' and 'asset'",
    "steps: [{edit_text: {file: a.md, old: b, new: c, count: 0}}]": "16:54: 'count' must be a whole number from 1 on",
    "steps: [{edit_text: {file: ../a.md, old: b, new: c}}]": "16:26: 'file' must be a path from the root",
    "steps: [{edit_text: {file: /a.md, old: b, new: c}}]": "16:26: 'file' must be a path from the root",
    "steps: [{edit_text: {flie: a.md, old: b, new: c}}]": "16:26: unknown key 'flie': did you mean 'file'?",
    "steps: [{add_page: {file: a.md, asset: ../../secret}}]": "16:37: 'asset' must be a path from the root",
    "steps: [{insert_cells: {file: a, before: {}, asset: b}}]": "16:38: 'before' has none of heading, contains",
    "steps: [{rename: {only: some}}]": "16:23: 'only' must be one of moves, edits",
    "steps: [{leave: {file: a.md}}]": "16:14: 'leave' has no key 'reason'",
    "steps: [rename]": "16:13: a step is a table with one key, its name",
    "nothing: 1": "16:5: unknown key 'nothing'",
    "steps: [{rename: {}}, {rename: {}}, 1]": "16:41: a step is a table with one key, its name",
}


@pytest.mark.parametrize("line", BAD)
def test_a_plan_is_validated_before_anything_runs(garden: Planned, line: str) -> None:
    head = PLAN[: PLAN.index("- phase: rest")].split("\n")
    garden.asset("plan.yaml", "\n".join([*head[:14], '  - message: "docs: more"', f"    {line}", ""]))
    assert garden.refused("apply", str(garden.plan)).startswith(f"plan.yaml:{BAD[line]}")


def test_an_asset_cannot_be_reached_through_a_link(garden: Planned, tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("secret\n")
    (garden.plan / "assets/page.md").unlink()
    (garden.plan / "assets/page.md").symlink_to(tmp_path / "secret")
    assert "assets/page.md leads out of the folder of the plan" in garden.refused("apply", str(garden.plan))


def test_values_of_a_plan_can_be_given_anew(garden: Planned) -> None:
    plan = PLAN.replace("phases:", "values: {where: modules}\nphases:").replace("[modules/]", '["${where}/"]')
    garden.asset("plan.yaml", plan)
    garden.apply("--until", "modules", "--set", "where=modules/08_soil")
    assert (garden.root / "modules/11_pruning").is_dir()
    assert garden.refused("apply", str(garden.plan), "--set", "were=book") == (
        "plan.yaml has no value 'were'; did you mean 'where'?."
    )


def test_the_report_lists_what_is_left_in_the_end(garden: Planned) -> None:
    assert "left for a person: 2\n" in garden.apply("--dry-run").out  # "Module 12 (Compost) comes after Module 11"
    more = "- phase: order\n  message: 'docs: order'\n  steps:\n  - edit_text: {file: docs/guide.md, old: after, new: before}\n"
    garden.asset("plan.yaml", PLAN + more)
    told = garden.apply()
    assert "2 left" in told.out
    assert "left for a person" not in told.out


# --- one plan for several courses ---------------------------------------------------------------


def extending(garden: Planned, text: str) -> str:
    """Let a plan in another folder extend the garden's, which has a group; give its path."""
    plan = PLAN.replace(
        '  - edit_text: {file: README.md, old: "# Garden", new',
        '  - group: own\n    steps:\n    - edit_text: {file: README.md, old: "# ${what}", new',
    )
    garden.asset("plan.yaml", plan.replace("phases:", "values: {what: Garden}\nphases:"))
    garden.asset("../other/plan.yaml", text)
    return str(garden.plan.parent / "other")


def test_a_plan_extends_another_with_its_own_values_and_steps(garden: Planned) -> None:
    other = extending(garden, "extends: ../plan\nplan: meadow\ngroups: {own: []}\n")
    garden.asset("../other/assets/page.md", "A new page of the meadow\n")
    assert garden.run("apply", other).code == 0
    assert garden.text("README.md").startswith("# Garden\n")
    assert garden.text("book/new/page.md") == "A new page of the meadow\n"
    assert (garden.root / "modules/12_pruning").is_dir()
    assert "Refactor-Plan: meadow" in garden.git("log", "-1", "--format=%B")


def test_a_plan_keeps_what_an_extending_one_does_not_say(garden: Planned) -> None:
    assert garden.run("apply", extending(garden, "extends: ../plan/plan.yaml\n"), "--until", "words").code == 0
    assert garden.text("README.md").startswith("# The Garden\n")


EXTENDED = {
    "extends: ../plan\nphases: []\n": "other/plan.yaml:2:1: a plan that extends another has its phases",
    "extends: ../plan\ngroups: {onw: []}\n": "other/plan.yaml:2:10: plan.yaml has no group 'onw': did you mean 'own'?",
    "extends: ../plan\ngroups: 3\n": "other/plan.yaml:2:1: 'groups' must be a table",
    "extends: ../plan\ngroups:\n  own:\n  - edit_txt: {}\n": "other/plan.yaml:4:5: no step here is called 'edit_txt'",
    "extends: ../plan\nvalues: {what: Meadow}\n": "plan.yaml:12:36: README.md has '# Meadow' 0 times",
    "extends: ../other\n": "other/plan.yaml:1:1: the plan extends itself",
    "rename: {}\ngroups: {}\n": "other/plan.yaml:2:1: 'groups' are for a plan that is extended",
    "extends: ''\n": "other/plan.yaml:1:1: 'extends' is empty",
}


@pytest.mark.parametrize("text", EXTENDED)
def test_what_is_wrong_is_named_in_the_plan_that_says_it(garden: Planned, text: str) -> None:
    said = garden.refused("apply", extending(garden, text)).replace(f"{garden.plan.parent}/", "")
    assert said.startswith(EXTENDED[text])


# --- stopped and killed ---------------------------------------------------------------------------

# What runs apply, and dies as a kill would let it at the Nth call of a function.
KILLER = """
import os, signal, sys
from refactor import cli, {module}
real, left = {module}.{name}, [int(sys.argv[1])]
def dying(*given, **named):
    left[0] -= 1
    if left[0] == 0:
        os.kill(os.getpid(), signal.SIGKILL)
    return real(*given, **named)
{module}.{name} = dying
sys.exit(cli.main(sys.argv[2:]))
"""
MOMENTS = [
    ("rehearsal", "locked", 1), ("commits", "commit", 1), ("commits", "commit", 3), ("commits", "publish", 2),
    ("commits", "publish", 3), ("parking", "_arrive", 17), ("parking", "_swap", 3), ("git", "stage", 6), ("git", "stage", 9),
    ("git", "move_head", 2), ("git", "move_head", 5), ("git", "refresh", 5), ("programs", "run", 1),
    ("transaction", "complete", 4), ("transaction", "begin", 5),
]  # fmt: skip


@pytest.mark.parametrize(("module", "name", "time"), MOMENTS, ids=str)
def test_killed_and_run_again_it_ends_in_the_same_tree(
    garden: Planned, undisturbed: str, module: str, name: str, time: int
) -> None:
    words = [str(time), "--root", str(garden.root), "apply", str(garden.plan)]
    killer = KILLER.format(module=module, name=name)
    done = subprocess.run([sys.executable, "-c", killer, *words], check=False, capture_output=True, env=_here())
    assert done.returncode == -signal.SIGKILL, done.stderr.decode()
    garden.apply()
    assert garden.tree == undisturbed
    assert garden.git("status", "--porcelain") == ""
    assert len(garden.git("worktree", "list").split("\n")) == 1


def test_a_scratch_tree_that_a_killed_git_left_locked_is_no_obstacle(garden: Planned, undisturbed: str) -> None:
    head = garden.git("rev-parse", "HEAD")
    with rehearsal(garden.root, head) as scratch:
        top = str(scratch.top)
    garden.git("worktree", "add", "--quiet", "--detach", "--lock", top, head)
    shutil.rmtree(top)
    garden.apply()
    assert garden.tree == undisturbed
    assert len(garden.git("worktree", "list").split("\n")) == 1


def _here() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(Path(git.__file__).parents[1])}


# --- taken back -----------------------------------------------------------------------------------


def test_undo_all_returns_the_identical_tree(garden: Planned) -> None:
    before = garden.tree
    garden.apply()
    told = garden.run("undo", str(garden.plan), "--all")
    assert told.code == 0, told.err
    assert garden.tree == before
    assert garden.git("status", "--porcelain") == ""
    assert not (garden.root / "book/new").exists()
    assert garden.git("log", "--follow", "--format=%s", "modules/12_compost/compost_dev.py").endswith("\nBegin")


def test_what_was_undone_can_be_applied_again(garden: Planned, undisturbed: str) -> None:
    garden.apply()
    garden.run("undo", str(garden.plan), "--all")
    garden.apply()
    assert garden.tree == undisturbed


def test_one_phase_can_be_undone_and_done_again(garden: Planned, undisturbed: str) -> None:
    garden.apply()
    assert garden.run("undo", str(garden.plan), "--phase", "rest").code == 0
    assert garden.text("book/12-compost.md").startswith("---\ntitle: Compost\n---\n\n# 12. Compost\n")
    garden.apply()
    assert garden.tree == undisturbed


def test_a_phase_whose_files_were_changed_since_is_not_undone(garden: Planned) -> None:
    garden.apply()
    garden.write("book/new/page.md", "# Mine\n")
    garden.commit("Write it anew")
    said = garden.refused("undo", str(garden.plan), "--all")
    assert said.startswith("book/new/page.md was changed after phase rest, by ")
    assert "(Write it anew); take that back first" in said


def test_commits_of_others_on_other_paths_stay(garden: Planned) -> None:
    garden.apply()
    garden.write("notes.md", "mine\n")
    garden.commit("Take notes")
    assert garden.run("undo", str(garden.plan), "--all").code == 0
    assert garden.text("notes.md") == "mine\n"
    assert (garden.root / "modules/11_pruning").is_dir()


def test_a_phase_that_was_not_done_is_not_undone(garden: Planned) -> None:
    garden.apply("--until", "words")
    assert garden.refused("undo", str(garden.plan), "--phase", "rest").startswith("There is nothing to undo")
    assert garden.refused("undo", "--all") == "to take phases of a plan back, give the plan, and --phase N or --all."


def test_a_commit_that_git_reverted_does_not_count_as_done(garden: Planned) -> None:
    garden.apply("--until", "words")
    garden.git("revert", "--no-edit", "HEAD")
    assert trail.follow(garden.root, "garden") == ()


def test_killed_in_an_undo_and_run_again_it_ends_in_the_same_tree(garden: Planned) -> None:
    before = garden.tree
    garden.apply()
    words = ["1", "--root", str(garden.root), "undo", str(garden.plan), "--all"]
    killer = KILLER.format(module="commits", name="publish")
    done = subprocess.run([sys.executable, "-c", killer, *words], check=False, capture_output=True, env=_here())
    assert done.returncode == -signal.SIGKILL, done.stderr.decode()
    garden.run("undo", str(garden.plan), "--all")
    assert garden.tree == before
    assert garden.git("status", "--porcelain") == ""


# --- a first plan ---------------------------------------------------------------------------------

CUT = ("--from", "11_pruning", "--to", "12_pruning", "--from", "12_compost", "--to", "11_compost")
FIRST = """\
plan: "plan"
series: "module"
rename:
  "11_pruning": {to: "12_pruning"}
  "12_compost": {to: "11_compost"}
phases:
- phase: entries
  title: The entries themselves
  message: "refactor: give the entries their new places"
  steps:
  - rename: {paths: ["/book/", "/modules/"]}
- phase: mentions
  title: Mentions everywhere else
  message: "docs: follow the new places"
  steps:
  - rename: {}
# 2 statements of order; each asset says what is asked. Take out the steps that need no change.
- phase: statements
  title: Statements of order
  message: "docs: say what comes before and after"
  steps:
  - edit_text: {file: "book/11-compost.md", old: "Prerequisites: Module 12 (Pruning)", asset: assets/order-01.md}
  - replace_in_cell: {file: "modules/12_pruning/pruning_dev.py", cell: {contains: "**Next**: Module 11: Compost"}, \
old: "**Next**: Module 11: Compost", asset: assets/order-02.md}
- phase: check
  title: Nothing is worse than before
  verify:
  - lint: {only_new: true}
"""


@pytest.fixture
def unplanned(tmp_path: Path) -> Planned:
    found = planned(tmp_path, "rename: {}\n")
    (found.plan / "plan.yaml").unlink()
    path = "modules/11_pruning/pruning_dev.py"
    found.write(path, found.text(path).replace("## What It Is", "**Next**: Module 12: Compost"))
    found.write("docs/guide.md", "# Guide\n")
    page = found.text("book/12-compost.md")
    found.write("book/12-compost.md", page.replace("Open", "Prerequisites: Module 11 (Pruning)\n\nOpen"))
    found.commit()
    return found


def test_a_first_plan_has_an_empty_asset_for_every_statement_of_order(unplanned: Planned) -> None:
    told = unplanned.run("plan", "new", str(unplanned.plan), *CUT)
    assert told.code == 0, told.err
    assert told.out.startswith(f"wrote {unplanned.plan}/plan.yaml with 2 empty assets\n")
    assert (unplanned.plan / "plan.yaml").read_text() == FIRST
    assert (unplanned.plan / "assets/order-01.md").read_text() == (
        "#? book/11-compost.md\n"
        "#? This statement is about an order that the renaming changes, so it may be false afterwards. Before:\n"
        "#?   Prerequisites: Module 11 (Pruning)\n"
        "#? After the renaming it reads:\n"
        "#?   Prerequisites: Module 12 (Pruning)\n"
        "#? Write below what is to stand there in its place. Lines that begin with #? are for you; they go nowhere.\n"
    )


def test_a_first_plan_is_refused_while_assets_are_empty_and_done_when_they_are_written(unplanned: Planned) -> None:
    unplanned.run("plan", "new", str(unplanned.plan), *CUT)
    assert unplanned.refused("apply", str(unplanned.plan)).startswith("assets of the plan are missing or empty (2);")
    for asset, text in (
        ("order-01.md", "Prerequisites: Module 10 (Drip Lines)"),
        ("order-02.md", "**Next**: Module 13: Greenhouse"),
    ):
        with (unplanned.plan / "assets" / asset).open("a") as file:
            file.write(f"{text}\n")
    unplanned.apply("--until", "statements")
    assert "\nPrerequisites: Module 10 (Drip Lines)\n\nOpen" in unplanned.text("book/11-compost.md")
    assert "**Next**: Module 13: Greenhouse\n" in unplanned.text("modules/12_pruning/pruning_dev.py")


def test_a_first_plan_is_never_written_over_another(garden: Planned) -> None:
    assert garden.refused("plan", "new", str(garden.plan), *CUT).endswith(
        "is there already; name a new or empty folder."
    )


def test_ctrl_c_leaves_the_phases_that_are_done(
    garden: Planned, undisturbed: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(*_given: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("refactor.programs.run", interrupted)
        told = garden.run("apply", str(garden.plan))
    assert (told.code, told.err) == (
        2,
        "error: stopped after 2 phases; run the same command again to go on.\n",
    )
    assert garden.subjects[0] == "docs(readme): follow"
    assert "git log --stat" in told.out
    garden.apply()
    assert garden.tree == undisturbed


def test_a_target_behind_a_link_is_refused(garden: Planned, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (garden.root / "book/new").symlink_to(tmp_path / "elsewhere")
    garden.commit()
    garden.apply("--until", "modules")
    assert "book/new" in garden.refused("apply", str(garden.plan))
    assert [*(tmp_path / "elsewhere").iterdir()] == []


def test_new_findings_are_known_in_files_that_moved_in_an_earlier_run(garden: Planned) -> None:
    garden.write("book/12-compost.md", garden.text("book/12-compost.md") + "\n[a](nowhere.md)\n")
    garden.commit()
    garden.asset("plan.yaml", PLAN + "- phase: check\n  verify:\n  - lint: {select: [broken-path], only_new: true}\n")
    garden.apply("--until", "rest")
    assert "nothing.md" not in garden.apply().err


def test_work_on_top_of_a_phase_that_was_reset_is_not_touched(garden: Planned) -> None:
    garden.apply("--until", "words")
    garden.git("reset", "--quiet", "--hard", "HEAD~1")
    garden.write("README.md", "# Mine\n")
    assert garden.refused("apply", str(garden.plan)).startswith("Changes are not committed in README.md;")
    assert garden.text("README.md") == "# Mine\n"
