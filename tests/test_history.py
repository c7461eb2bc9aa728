"""A bare number means what the catalogue said at the commit that wrote it: real repositories, and the evidence in words."""

from __future__ import annotations

import json
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest

from refactor.cli import main
from refactor.gitlog import IGNORED
from refactor.spans import line_column
from refactor.workspace import open_tree

FIRST = ("soil", "seeds", "water", "light", "frost")
SECOND = ("seeds", "water", "compost", "light", "roses")  # soil and frost are gone, compost and roses came


@dataclass(frozen=True)
class Garden:
    """A course under git; every commit is a day later than the last."""

    root: Path

    def git(self, *arguments: str, day: int = 1) -> str:
        """Run git on a day of March 2025."""
        when = f"2025-03-{day:02d}T12:00:00+00:00"
        options = ("-c", "user.name=Ada", "-c", "user.email=ada@example.org", "-c", "commit.gpgsign=false")
        environment = {
            "GIT_AUTHOR_DATE": when,
            "GIT_COMMITTER_DATE": when,
            "PATH": "/usr/bin:/bin:/usr/local/bin",
            "HOME": str(self.root),
        }
        done = subprocess.run(
            ["git", *options, *arguments], cwd=self.root, env=environment, check=True, capture_output=True
        )
        return done.stdout.decode().strip()

    def write(self, path: str, text: str) -> None:
        """Write one file."""
        (self.root / path).parent.mkdir(parents=True, exist_ok=True)
        (self.root / path).write_text(text, encoding="utf-8")

    def commit(self, day: int, **files: str) -> str:
        """Commit files (`notes="..."` is `notes.md`) and all else that changed."""
        for name, text in files.items():
            self.write(f"{name}.md", text)
        self.git("add", "--all")
        self.git("commit", "--quiet", "--message", f"Work of day {day}", day=day)
        return self.git("rev-parse", "HEAD")

    def modules(self, slugs: tuple[str, ...]) -> None:
        """Give the course these modules, and move what is there already."""
        old = {path.name[3:]: path for path in (self.root / "modules").glob("*_*")}
        for path in old.values():
            path.rename(path.with_name(f"x{path.name[3:]}"))
        for number, slug in enumerate(slugs, 1):
            home = self.root / "modules" / f"{number:02d}_{slug}"
            if slug in old:
                (self.root / "modules" / f"x{slug}").rename(home)
            else:
                self.write(
                    f"modules/{home.name}/work.py", f"# All about {slug}.\n{slug} = {number * 7919}\nprint({slug!r})\n"
                )
        for left in (self.root / "modules").glob("x*"):
            for file in left.iterdir():
                file.unlink()
            left.rmdir()

    def mentions(self, path: str = "notes.md") -> list[str]:
        """Every mention in a file: its line, text, verdict, the ids it means, and why."""
        workspace = open_tree(self.root)
        document = workspace.documents[path]
        return [
            f"{line_column(document.starts, one.claim.span.start)[0]} "
            f"{' '.join(document.text[one.claim.span.start : one.claim.span.end].split())} | {one.verdict.value} | "
            f"{', '.join(entry.id for entry in one.targets)} | {one.because}"
            for one in workspace.references(workspace.catalogue.series[0])
            if one.path == path
        ]


@pytest.fixture
def garden(tmp_path: Path) -> Garden:
    found = Garden(tmp_path / "garden")
    found.root.mkdir()
    found.git("init", "--quiet", "--initial-branch", "main")
    found.modules(FIRST)
    return found


def test_a_number_means_what_it_meant_when_it_was_written(garden: Garden) -> None:
    first = garden.commit(1, notes="After Module 2 comes water.\n")
    garden.modules(SECOND)
    second = garden.commit(2, notes="After Module 2 comes water.\n\nIn between, Module 3 smells.\n")
    assert garden.mentions() == [
        f"1 Module 2 | stale | 01_seeds | written 2025-03-01 in {first[:7]}, when 02 was seeds",
        f"3 Module 3 | current | 03_compost | written 2025-03-02 in {second[:7]}, when 03 was compost",
    ]


def test_repair_leaves_a_bare_number_on_a_line_that_speaks_of_another_entry(garden: Garden) -> None:
    garden.commit(1, notes="Dig over as in Module 2.\n\nFill up the water as in Module 2.\n")
    garden.modules(SECOND)
    garden.commit(2)
    assert not main(["--root", str(garden.root), "rename", "--from", "05_roses", "--to", "06_roses", "--repair"])
    text = (garden.root / "notes.md").read_text(encoding="utf-8")
    assert text == "Dig over as in Module 1.\n\nFill up the water as in Module 2.\n"


def test_what_had_the_number_may_be_gone(garden: Garden) -> None:
    first = garden.commit(1, notes="After Module 5 comes spring.\n")
    garden.modules(SECOND)
    garden.commit(2)
    assert garden.mentions() == [f"1 Module 5 | stale |  | written 2025-03-01 in {first[:7]}, when 05 was frost"]


def test_an_entry_that_kept_its_number_is_current(garden: Garden) -> None:
    first = garden.commit(1, notes="After Module 4 comes spring.\n")
    garden.modules(SECOND)
    garden.commit(2)
    assert garden.mentions() == [
        f"1 Module 4 | current | 04_light | written 2025-03-01 in {first[:7]}, when 04 was light"
    ]


def test_an_entry_keeps_its_identity_when_its_folder_is_called_anew(garden: Garden) -> None:
    first = garden.commit(1, notes="Look into Module 2 first.\n")
    garden.modules(("soil", "grains", "water", "light", "frost"))
    garden.write(
        "modules/02_grains/work.py",
        (garden.root / "modules/02_grains/work.py").read_text().replace("grains", "seeds"),
    )
    garden.commit(2)
    garden.modules(("grains", "soil", "water", "light", "frost"))
    garden.commit(3)
    assert garden.mentions() == [
        f"1 Module 2 | stale | 01_grains | written 2025-03-01 in {first[:7]}, when 02 was seeds"
    ]


RENAMED = {
    "Module 2: Seeds": "stale | 02_grains | Seeds is called 02_grains now",
    "Module 4 (Seeds)": "stale | 02_grains | Seeds is called 02_grains now",
    "`modules/02_seeds/`": "stale | 02_grains | seeds is called 02_grains now",
    "`modules/05_seeds/`": "stale | 02_grains | seeds is called 02_grains now",
    "Module 2: Grains": "current | 02_grains | number and name agree on 02_grains",
    "Module 2: Seeds of doubt": "current | 02_grains | written 2025-03-03",
}


@pytest.mark.parametrize(("text", "expected"), RENAMED.items(), ids=RENAMED)
def test_what_an_entry_was_called_is_an_old_name(garden: Garden, text: str, expected: str) -> None:
    garden.commit(1)
    seeds = (garden.root / "modules/02_seeds/work.py").read_text()
    garden.modules(("soil", "grains", "water", "light", "frost"))
    garden.write("modules/02_grains/work.py", seeds)
    garden.commit(2)
    garden.commit(3, notes=f"{text}, seeds, and more.\n")
    assert [row.partition(" | ")[2].split(" in ")[0] for row in garden.mentions()] == [expected]


def test_what_all_entries_were_called_is_no_name(garden: Garden) -> None:
    homes = sorted((garden.root / "modules").iterdir())
    for home in homes:
        home.rename(home.with_name(home.name[:2] + "_day"))
    garden.commit(1, notes="Look into Module 2 first.\n")
    for day, home in enumerate(homes, 2):
        home.with_name(home.name[:2] + "_day").rename(home)
        garden.commit(day)
    garden.write("more.md", "Have a 3-day break: Module 5 (Day).\n")
    assert garden.mentions() == ["1 Module 2 | current | 02_seeds | nothing contradicts the current numbering"]
    assert [row.split(" | ")[1] for row in garden.mentions("more.md")] == ["ambiguous"]


def test_a_folder_that_takes_the_name_of_another_does_not_become_it(garden: Garden) -> None:
    for number, slug in enumerate(FIRST, 1):
        garden.write(f"tests/{number:02d}_{slug}/test_all.py", f"# Tests of {slug}.\nassert {number * 104729}\n")
        garden.write(f"tests/{number:02d}_{slug}/test_more.py", f"# More tests of {slug}.\nassert {number * 7}\n")
    garden.commit(1, notes="Module 2 (Seeds) comes first.\n\nSee `tests/02_seeds/`.\n")
    garden.modules(("soil", "water", "light", "frost", "roses"))
    garden.git("rm", "-rq", "tests/03_water")
    garden.git("mv", "tests/02_seeds", "tests/02_water")  # what tests seeds is said to test water
    garden.commit(2)
    assert [row.split(" | ")[1:3] for row in garden.mentions()] == [["ambiguous", "02_water"], ["foreign", ""]]


def test_a_renaming_that_is_not_committed_is_known(garden: Garden) -> None:
    first = garden.commit(1, notes="After Module 2 comes water.\n\nModule 3: Water\n\nModule 4 shines.\n")
    garden.modules(
        ("soil", "grains", "light", "rain", "frost")
    )  # seeds keep their number; light and water change places
    assert garden.mentions() == [
        f"1 Module 2 | current | 02_grains | written 2025-03-01 in {first[:7]}, when 02 was seeds",
        "3 Module 3: Water | stale | 04_rain | Water is called 04_rain now",
        f"5 Module 4 | stale | 03_light | written 2025-03-01 in {first[:7]}, when 04 was light",
    ]


def test_an_old_name_that_still_stands_in_the_tree_is_a_path(garden: Garden) -> None:
    garden.write("kept/02_seeds/work.py", "# Something else is kept here.\n")
    garden.commit(1)
    seeds = (garden.root / "modules/02_seeds/work.py").read_text()
    garden.modules(("soil", "grains", "water", "light", "frost"))
    garden.write("modules/02_grains/work.py", seeds)
    garden.commit(2, notes="Look into `kept/02_seeds/`.\n")
    assert [row.partition(" | ")[2] for row in garden.mentions()] == [
        "foreign |  | a file or folder is still called so"
    ]


def test_a_name_nearby_is_stronger_than_history(garden: Garden) -> None:
    garden.commit(1, notes="Module 2: Water\n")
    garden.modules(SECOND)
    garden.commit(2)
    assert garden.mentions() == ["1 Module 2: Water | current | 02_water | number and name agree on 02_water"]


LEFT_OVER = {
    "another's number was mended": ("- 01_seeds\n- 03_compost\n- Module 2\n", "stale | 01_seeds | written 2025-03-01"),
    "its own was mended": ("- 01_seeds\n- 02_water\n- Module 2\n", "current | 02_water | the text around it agrees"),
    "nothing moved": (
        "- 01_seeds\n- 03_compost\n- Module 4\n", "current | 04_light | the text around it agrees"
    ),
}  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), LEFT_OVER.values(), ids=LEFT_OVER)
def test_a_line_that_was_left_over_when_its_neighbours_were_mended(garden: Garden, text: str, expected: str) -> None:
    garden.commit(1, notes=text.replace("01_seeds", "02_seeds"))
    garden.modules(SECOND)
    garden.commit(2, notes=text)
    assert garden.mentions()[-1].partition(" | ")[2].startswith(expected)


def test_a_file_that_gives_a_number_to_another_is_not_believed_with_it(garden: Garden) -> None:
    garden.commit(1)
    garden.modules(SECOND)
    garden.commit(2, notes="Module 2: Seeds\n\nLater, Module 2.\n")
    assert garden.mentions()[-1] == "3 Module 2 | stale | 01_seeds | the file gives this number to another name"


def test_a_set_is_current_if_all_its_members_are(garden: Garden) -> None:
    garden.modules(("soil", "seeds", "water", "light", "frost", "hail"))
    first = garden.commit(1, notes="Do Modules 1-3 first.\n", other="Do Modules 3-5 first.\n")
    garden.modules(("soil", "seeds", "water", "frost", "light", "hail"))
    garden.commit(2)
    assert garden.mentions() == [
        f"1 Modules 1-3 | current | 01_soil, 02_seeds, 03_water | written 2025-03-01 in {first[:7]}, when 01 was soil"
    ]
    assert [row.rpartition(" | ")[2] for row in garden.mentions("other.md")] == [
        "nothing contradicts the current numbering"
    ]


FEWER = ("seeds", "water", "compost", "light", "roses", "frost")  # soil is gone, so most numbers moved down


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Modules 2-4 are hard.", "stale |  | written 2025-03-01 in {}, when 02 was seeds"),
        ("The hard modules (02-04).", "stale |  | written 2025-03-01 in {}, when 02 was seeds"),
        ("total_modules = 5  # counts 01 through 05", "stale |  | written 2025-03-01 in {}, when 01 was soil"),
        ("Modules 1-4 are easy.", "current | 01_seeds, 02_water, 03_compost, 04_light | {}"),  # what is left is in it
        ("Modules 4-6 come later.", "current | 04_light, 05_roses, 06_frost | {}"),
    ],
    ids=[
        "what it held is outside",
        "in brackets",
        "all that there was",
        "what it held is inside",
        "nothing is outside",
    ],
)
def test_a_range_holds_still_what_it_held(garden: Garden, text: str, expected: str) -> None:
    first = garden.commit(1, notes=text + "\n")
    garden.modules(FEWER)
    garden.commit(2)
    [said] = [row for row in garden.mentions() if "-" in row or "through" in row]
    assert said.partition(" | ")[2] == expected.format(
        first[:7] if "{}," in expected else "nothing contradicts the current numbering"
    )


def test_names_of_both_ends_are_stronger_than_the_history_of_a_range(garden: Garden) -> None:
    garden.commit(1, notes="Modules 2-4 are hard.\n\nModule 2: Water\n\nModule 4: Light\n")
    garden.modules(FEWER)
    garden.commit(2)
    assert "1 Modules 2-4 | current" in garden.mentions()[0]


# --- who wrote it ---------------------------------------------------------------------------------


def older(garden: Garden, after: str, *, path: str = "notes.md", ignored: bool = False) -> list[str]:
    """A line of the first numbering, written anew as `after` in the second, and what it is taken to mean."""
    garden.commit(1, notes="Water, as Module 2 says, is best in the morning.\n")
    garden.modules(SECOND)
    garden.commit(2)
    (garden.root / "notes.md").unlink()
    garden.write(path, after)
    last = garden.commit(3)
    if ignored:
        garden.write(IGNORED, f"{last}\n")
        garden.commit(4)
    return [row.partition(" | ")[2].split(" in ")[0] for row in garden.mentions(path)]


@pytest.mark.parametrize(
    "after",
    [
        "    Water, as Module 2 says, is best in the morning.\n",
        "- Water, as Module 2 says, is best in the morning!\n",
        "> Water, as *Module 2* says, is best in the early morning.\n",
        "# Watering\n\nNew text.\n\nWater, as Module 2 says, is best in the morning.\n",
    ],
    ids=["blanks", "a list", "markup", "new text above"],
)
def test_a_line_that_was_written_anew_keeps_the_meaning_of_its_number(garden: Garden, after: str) -> None:
    assert older(garden, after) == ["stale | 01_seeds | written 2025-03-01"]


def test_a_line_that_moved_to_another_file_keeps_its_meaning(garden: Garden) -> None:
    text = "Water, as Module 2 says, is best in the morning.\n"
    assert older(garden, text, path="docs/water.md") == ["stale | 01_seeds | written 2025-03-01"]


def test_another_number_is_a_new_statement(garden: Garden) -> None:
    assert older(garden, "Water, as Module 3 says, is best in the morning.\n") == [
        "current | 03_compost | written 2025-03-03"
    ]


def test_numbers_that_change_places_on_a_line_are_new(garden: Garden) -> None:
    garden.commit(1, notes="Do Module 2 before Module 3, please.\n")
    garden.modules(("soil", "water", "seeds", "light", "frost"))
    second = garden.commit(2, notes="Do Module 3 before Module 2, please.\n")
    assert [row.partition(" | ")[2] for row in garden.mentions()] == [
        f"current | 03_seeds | written 2025-03-02 in {second[:7]}, when 03 was seeds",
        f"current | 02_water | written 2025-03-02 in {second[:7]}, when 02 was water",
    ]


def test_a_ledger_tells_what_git_cannot_see(garden: Garden, capsys: pytest.CaptureFixture[str]) -> None:
    first = garden.commit(1, notes="See Module 2.\n")
    assert main(["--root", str(garden.root), "rename", "--from", "02_seeds", "--to", "02_grains"]) == 0
    garden.write("modules/02_grains/work.py", "# Nothing of what was here is left.\n")
    garden.commit(2)
    assert main(["--root", str(garden.root), "rename", "--from", "02_grains", "--to", "03_grains", "--swap"]) == 0
    garden.write("notes.md", "See Module 2.\n")
    garden.commit(3)
    assert garden.mentions() == [
        f"1 Module 2 | stale | 03_grains | written 2025-03-01 in {first[:7]}, when 02 was seeds"
    ]
    (garden.root / "refactor.ledger.toml").unlink()
    assert "03_grains" not in garden.mentions()[0]
    assert capsys.readouterr()


def cut_in_two(garden: Garden) -> None:
    """Give seeds another name and other contents, so that git sees no rename, and let roses come as well."""
    garden.commit(1, notes="See Module 2.\n")
    garden.modules(("soil", "roses", "grains", "water", "light", "frost"))
    garden.commit(2)


def test_a_person_can_tell_what_an_entry_was_called(garden: Garden, capsys: pytest.CaptureFixture[str]) -> None:
    cut_in_two(garden)
    command = ["--root", str(garden.root), "lint", "--select", "stale-number", "--output-format", "json"]
    found = []
    for alias in ([], ["--alias", "seeds=grains"], ["--alias", "seeds=03_grains"]):
        assert main([*command, *alias]) == 1
        [finding] = json.loads(capsys.readouterr().out)
        found.append(finding["data"]["target"])
    assert found == [None, "03_grains", "03_grains"]


def test_an_alias_joins_the_epochs(garden: Garden, capsys: pytest.CaptureFixture[str]) -> None:
    cut_in_two(garden)
    command = ["--root", str(garden.root), "list", "epochs"]
    assert main(command) == 0
    assert "went: 02_seeds" in capsys.readouterr().out
    assert main([*command, "--alias", "seeds=grains"]) == 0
    assert "renamed: 02_seeds -> 03_grains" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("alias", "sentence"),
    [
        ("seeds", "--alias takes OLD=NEW, got 'seeds'"),
        ("seeds=corn", "--alias seeds=corn: no entry is called 'corn' here"),
    ],
)
def test_an_alias_of_nobody_is_refused(
    garden: Garden, capsys: pytest.CaptureFixture[str], alias: str, sentence: str
) -> None:
    cut_in_two(garden)
    for verb in (["lint"], ["list", "epochs"], ["rename", "--from", "01_soil", "--to", "01_earth"]):
        assert main(["--root", str(garden.root), *verb, "--alias", alias]) == 2
        assert sentence in capsys.readouterr().err


def test_another_sentence_is_a_new_statement(garden: Garden) -> None:
    assert older(garden, "Who has read Module 2 knows how to dig a pond.\n") == [
        "current | 02_water | written 2025-03-03"
    ]


SWAP = ("rename", "--from", "02_seeds", "--to", "03_seeds", "--swap")


def test_what_a_renaming_wrote_is_not_taken_for_what_stood_there(
    garden: Garden, monkeypatch: pytest.MonkeyPatch
) -> None:
    for role in ("AUTHOR", "COMMITTER"):
        monkeypatch.setenv(f"GIT_{role}_NAME", "Ada")
        monkeypatch.setenv(f"GIT_{role}_EMAIL", "ada@example.org")
    garden.commit(1, notes="- Module 2 is dry.\n- Module 3 is wet.\n")
    assert not main(["--root", str(garden.root), *SWAP, "--commit"])
    assert [row.split(" | ")[1:3] for row in garden.mentions()] == [["current", "03_seeds"], ["current", "02_water"]]


def test_a_number_that_changed_its_place_on_a_line_is_a_new_statement(garden: Garden) -> None:
    garden.commit(1, notes="Dig as in Module 2, pour as in Module 3, rest.\n")
    assert not main(["--root", str(garden.root), *SWAP])
    garden.commit(2)
    assert (garden.root / "notes.md").read_text(encoding="utf-8") == "Dig as in Module 3, pour as in Module 2, rest.\n"
    assert [row.split(" | ")[1:3] for row in garden.mentions()] == [["current", "03_seeds"], ["current", "02_water"]]


def test_commits_that_git_is_told_to_ignore_wrote_nothing(garden: Garden) -> None:
    after = "Who has read Module 2 knows how to dig a pond.\n"
    assert older(garden, after, ignored=True) == ["stale | 01_seeds | written 2025-03-01"]


def test_what_a_revert_brought_back_was_written_before_what_it_took_back(garden: Garden) -> None:
    """Between two reverts the text has one numbering and the folders another: the days of reverts would tell nonsense."""
    garden.commit(1, notes="Module 2 is dry.\nModule 3 is wet.\n")
    garden.modules(("soil", "water", "seeds", "light", "frost"))
    start = garden.commit(2, notes="Module 2 is dry.\nModule 3 is wet.\nModule 2 is wet.\nModule 3 is dry.\n")
    before = garden.mentions()
    garden.commit(3, notes="Module 2 is dry.\nModule 3 is wet.\nModule 4 is wet.\nModule 2 is dry.\n")
    garden.modules(("soil", "seeds", "frost", "water", "light"))
    end = garden.commit(4)
    after = garden.mentions()
    assert [row.split(" | ")[1] for row in before] == ["stale", "stale", "current", "current"]

    garden.git("revert", "--no-edit", f"{start}..HEAD", day=5)
    assert garden.mentions() == before
    garden.git("revert", "--no-edit", f"{end}..HEAD", day=6)
    assert garden.mentions() == after


def test_files_that_change_places_are_followed(garden: Garden) -> None:
    for name in ("soil", "light"):
        garden.write(
            f"modules/{FIRST.index(name) + 1:02d}_{name}/test.py",
            f"# The test of {name}, after Module 2.\n" + f"check({name!r})\n" * 9,
        )
    garden.commit(1)
    garden.modules(("light", "seeds", "water", "soil", "frost"))
    garden.commit(2)
    garden.modules(("light", "water", "seeds", "soil", "frost"))
    garden.commit(3)
    assert [row.split(" in ")[0] for row in garden.mentions("modules/04_soil/test.py")] == [
        "1 Module 2 | stale | 03_seeds | written 2025-03-01"
    ]


# --- where history is short -----------------------------------------------------------------------


DEFAULT = "1 Module 2 | current | 02_water | nothing contradicts the current numbering"


def test_without_git_the_other_rules_decide(garden: Garden) -> None:
    garden.modules(SECOND)
    garden.write("notes.md", "After Module 2 comes compost.\n")
    (garden.root / ".git").rename(garden.root.parent / "away")
    assert garden.mentions() == [DEFAULT]


def test_before_the_first_commit_the_other_rules_decide(garden: Garden) -> None:
    garden.modules(SECOND)
    garden.write("notes.md", "After Module 2 comes compost.\n")
    assert garden.mentions() == [DEFAULT]


def test_what_came_with_the_series_may_be_older_than_the_repository(garden: Garden) -> None:
    lines = ("Dig in Module 1 (seeds).", "Rake in Module 3.", "Then Module 3 (light).", "Rake in Module 4.")
    garden.modules(SECOND)
    garden.write("book/00-intro.md", "# Intro\n")  # pages count one more
    for number, slug in enumerate(SECOND, 1):
        garden.write(f"book/{number:02d}-{slug}.md", f"# {slug.title()}\n")
    garden.commit(1, notes="\n\n".join((*lines, "")))
    assert garden.mentions()[1::2] == [
        "3 Module 3 | stale | 04_light | the file gives this number to another name",
        "7 Module 4 | ambiguous | 04_light | the file follows an older numbering in other places",
    ]
    second = garden.commit(2, notes="\n\n".join((*lines, "Then rest in Module 4.", "")))
    assert garden.mentions()[3:] == [
        "7 Module 4 | ambiguous | 04_light | the file follows an older numbering in other places",
        f"9 Module 4 | current | 04_light | written 2025-03-02 in {second[:7]}, when 04 was light",
    ]


def test_a_line_that_is_not_committed_is_of_today(garden: Garden) -> None:
    garden.commit(1, notes="Nothing yet.\n")
    garden.modules(SECOND)
    garden.commit(2)
    garden.write("notes.md", "After Module 2 comes compost.\n")
    assert garden.mentions() == [DEFAULT]


def test_a_shallow_history_does_not_say_who_wrote_its_first_lines(
    garden: Garden, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    garden.commit(1, notes="After Module 2 comes compost.\n")
    garden.modules(SECOND)
    garden.commit(2)
    garden.commit(3, notes="After Module 2 comes compost.\n\nModule 3 smells.\n")
    garden.git("clone", "--quiet", "--depth", "2", f"file://{garden.root}", str(tmp_path / "shallow"))
    shallow = Garden(tmp_path / "shallow")
    rows = shallow.mentions()
    workspace = open_tree(shallow.root)
    workspace.references(workspace.catalogue.series[0])
    assert [one.partition(";")[0] for one in workspace.remarks] == [
        "the clone is shallow, and who wrote older lines is not known"
    ]
    for command in (["lint", "--exit-zero"], ["rename", "--insert", "2", "--dry-run"]):
        assert main(["--root", str(shallow.root), *command]) == 0
        assert capsys.readouterr().err.count("note: the clone is shallow") == 1
    assert rows[0] == DEFAULT
    assert rows[1].startswith("3 Module 3 | current | 03_compost | written 2025-03-03")


def test_contents_that_are_missing_stop_nothing(garden: Garden) -> None:
    first = garden.commit(1, notes="After Module 2 comes water.\n")
    gone = garden.git("rev-parse", "HEAD:modules/05_frost/work.py")
    garden.modules(SECOND)
    garden.write(
        "modules/05_roses/work.py", "# All about roses, which is like frost but for the roses.\nprint('roses')\n"
    )
    garden.commit(2)
    (garden.root / ".git" / "objects" / gone[:2] / gone[2:]).unlink()
    assert garden.mentions() == [
        f"1 Module 2 | stale | 01_seeds | written 2025-03-01 in {first[:7]}, when 02 was seeds"
    ]


def test_a_course_in_a_folder_of_the_repository(garden: Garden) -> None:
    inner = Garden(garden.root / "course")
    inner.root.mkdir()
    inner.modules(FIRST)
    first = inner.commit(1, notes="After Module 2 comes water.\n")
    inner.modules(SECOND)
    inner.commit(2, notes="After Module 2 comes water!\n")
    assert inner.mentions() == [f"1 Module 2 | stale | 01_seeds | written 2025-03-01 in {first[:7]}, when 02 was seeds"]


def test_pages_that_lagged_behind_do_not_tell_what_a_number_meant(garden: Garden) -> None:
    garden.modules(SECOND)
    for number, slug in enumerate(("soil", *SECOND), 1):  # pages that nobody has numbered anew for a while
        garden.write(f"book/{number:02d}-{slug}.md", f"# About {slug}\n\n{slug} {number * 7919}\n")
    garden.commit(1)
    second = garden.commit(2, notes="After Module 2 comes compost.\n")
    (garden.root / "course").mkdir()
    garden.git("mv", "modules", "course/modules")
    garden.git("rm", "-rq", "book")
    garden.commit(3)
    assert garden.mentions() == [
        f"1 Module 2 | current | 02_water | written 2025-03-02 in {second[:7]}, when 02 was water"
    ]


def test_a_series_that_lived_elsewhere_is_known(garden: Garden) -> None:
    first = garden.commit(1, notes="After Module 2 comes water.\n")
    garden.modules(SECOND)
    (garden.root / "course").mkdir()
    (garden.root / "modules").rename(garden.root / "course" / "modules")
    garden.commit(2)
    assert garden.mentions() == [
        f"1 Module 2 | stale | 01_seeds | written 2025-03-01 in {first[:7]}, when 02 was seeds"
    ]


# --- what is remembered ---------------------------------------------------------------------------


@pytest.fixture
def kept(garden: Garden, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The one file in which a run over a garden of two numberings kept what history told."""
    monkeypatch.setenv("REFACTOR_CACHE_DIR", str(tmp_path / "kept"))
    garden.commit(1, notes="After Module 2 comes water.\n", other="Module 3 comes next.\n")
    garden.modules(SECOND)
    garden.commit(2)
    assert [row.split(" in ")[0] for row in garden.mentions()] == ["1 Module 2 | stale | 01_seeds | written 2025-03-01"]
    (file,) = (tmp_path / "kept").glob("past-*")
    return file


def test_the_next_run_says_the_same(garden: Garden, kept: Path) -> None:
    before = kept.read_bytes()
    assert garden.mentions() == garden.mentions()
    assert kept.read_bytes() == before  # there was nothing to learn


SPOILED = {
    "gone": None,
    "empty": b"",
    "cut off": b"half",
    "no JSON": b"\x00\xff{",
    "another version": b"{}",
    "edited by hand": b"2025-01-01",
}


@pytest.mark.parametrize("how", SPOILED)
def test_a_spoiled_memory_is_passed_over(garden: Garden, kept: Path, how: str) -> None:
    expected, data = garden.mentions(), kept.read_bytes()
    new = SPOILED[how]
    if new is None:
        kept.unlink()
    elif how == "cut off":
        kept.write_bytes(data[: len(data) // 2])
    elif how == "edited by hand":
        kept.write_bytes(data.replace(b"2025-03-01", new))
    else:
        kept.write_bytes(new)
    assert garden.mentions() == expected
    assert kept.read_bytes() == data


def test_a_commit_makes_its_own_files_forgotten(garden: Garden, kept: Path) -> None:
    other = garden.mentions("other.md")
    garden.commit(3, notes="Who has read Module 2 digs a pond at once.\n")
    assert [row.split(" in ")[0] for row in garden.mentions()] == [
        "1 Module 2 | current | 02_water | written 2025-03-03"
    ]
    assert garden.mentions("other.md") == other
    garden.git("reset", "--quiet", "--hard", "HEAD~1")
    assert [row.split(" in ")[0] for row in garden.mentions()] == ["1 Module 2 | stale | 01_seeds | written 2025-03-01"]


def test_a_file_that_was_edited_is_asked_about_again(garden: Garden, kept: Path) -> None:
    garden.write("notes.md", "# Notes\n\nAfter Module 2 comes water.\n\nAnd Module 3.\n")
    assert [row.split(" in ")[0] for row in garden.mentions()] == [
        "3 Module 2 | stale | 01_seeds | written 2025-03-01",
        "5 Module 3 | current | 03_compost | nothing contradicts the current numbering",
    ]


EDITED = {
    "below": "After Module 2 comes water.\n\nAnd rain.\n",
    "above": "# Notes\n\nAfter Module 2 comes water.\n",
    "around": "# Notes\n\nAfter Module 2 comes water.\nAnd rain.\n",
}


@pytest.mark.parametrize("where", EDITED)
def test_what_is_known_of_lines_that_an_edit_did_not_touch_is_not_asked_again(
    garden: Garden, kept: Path, where: str
) -> None:
    before, expected = kept.read_bytes(), garden.mentions()[0].partition(" | ")[2]
    garden.write("notes.md", EDITED[where])
    assert [row.partition(" | ")[2] for row in garden.mentions()] == [expected]
    assert (kept.read_bytes() == before) == (where != "around")


def test_a_rewritten_history_is_asked_again(garden: Garden, kept: Path) -> None:
    garden.git("checkout", "--quiet", "--orphan", "anew")
    garden.commit(9)
    assert garden.mentions() == [DEFAULT]


ASKED = {
    "Module 2: Seeds grow, and so does all of Module 2.\n": set(),  # the name beside it tells
    "After Module 2 comes water.\n": {"notes.md"},
}


@pytest.mark.parametrize(("text", "paths"), ASKED.items())
def test_git_is_asked_only_about_pages_where_it_counts(garden: Garden, text: str, paths: set[str]) -> None:
    garden.commit(1, notes=text)
    workspace = open_tree(garden.root)
    (series,) = workspace.catalogue.series
    assert "notes.md" in {one.path for one in workspace.references(series)}
    past = workspace.past(series)
    assert past is not None
    assert past.recall.new.lines.keys() == paths


# --- epochs ---------------------------------------------------------------------------------------


def test_epochs_are_the_numberings_of_a_branch(garden: Garden) -> None:
    garden.commit(1)
    garden.commit(2, notes="Nothing changes.\n")
    garden.modules(SECOND)
    garden.commit(5)
    workspace = open_tree(garden.root)
    past = workspace.past(workspace.catalogue.series[0])
    assert past
    assert [(one.first[1], one.last[1], [*one.names]) for one in past.epochs] == [
        ("2025-03-01", "2025-03-02", [1, 2, 3, 4, 5]),
        ("2025-03-05", "2025-03-05", [1, 2, 3, 4, 5]),
    ]
    assert [sorted(one.names[3]) for one in past.epochs] == [["water"], ["compost"]]
