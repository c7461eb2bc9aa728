"""A plan file is read as written, and every mistake in it is named with its line and column."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from referencing import Resource
from referencing.jsonschema import EMPTY_REGISTRY

from refactor import marks, planfile
from refactor.errors import RefactorError
from refactor.model import Tier
from refactor.planfile import PlanRename

SCHEMAS = Path(planfile.__file__).with_name("schema")

FULL = """\
plan: optimization-tier
series: module
rename:
  09_spatial: {to: 09_convolutional_networks, title: Convolutional Networks}
  14_kvcaching:
    to: 15_memoization
    title: Memoization
    export: course.caching=course.memo
  15_profiling: 14_profiling
tiers: {Architecture: 08-13, Optimization: 14-19}
settings:
  history: [CHANGELOG.md]
  series:
    module: {nouns: [Module]}
phases:
- phase: move
  message: "refactor: move"
  title: 14
  steps: [{rename: {repair: true, paths: [08]}}]
"""


def write(folder: Path, text: str) -> Path:
    path = folder / "plan.yaml"
    path.write_text(text, encoding="utf-8", newline="")
    return path


def error_of(path: Path) -> str:
    """The error of a plan, with the folder left out of its path."""
    with pytest.raises(RefactorError) as caught:
        planfile.read(path)
    return str(caught.value).replace(f"{path.parent}{os.sep}", "")


# --- reading ------------------------------------------------------------------------------------


def test_a_plan_is_read_with_the_place_of_every_pair(tmp_path: Path) -> None:
    plan = planfile.read(write(tmp_path, FULL))
    assert plan.path == tmp_path / "plan.yaml"
    assert (plan.name, plan.series) == ("optimization-tier", "module")
    assert plan.renames == (
        PlanRename("09_spatial", "09_convolutional_networks", "Convolutional Networks"),
        PlanRename("14_kvcaching", "15_memoization", "Memoization"),
        PlanRename("15_profiling", "14_profiling", None),
    )
    assert [plan.where("rename", one.old_id).partition("plan.yaml:")[2] for one in plan.renames] == [
        "4:3",
        "5:3",
        "9:3",
    ]
    assert plan.tiers == (Tier("Architecture", 8, 13), Tier("Optimization", 14, 19))
    assert plan.exports == (("course.caching", "course.memo"),)
    assert plan.settings == {"history": ["CHANGELOG.md"], "series": {"module": {"nouns": ["Module"]}}}
    assert plan.phases == (
        {
            "phase": "move",
            "message": "refactor: move",
            "title": 14,
            "steps": [{"rename": {"repair": True, "paths": ["08"]}}],
        },
    )


def test_a_folder_stands_for_the_plan_in_it(tmp_path: Path) -> None:
    write(tmp_path, FULL)
    assert planfile.read(tmp_path) == planfile.read(tmp_path / "plan.yaml")


def test_any_key_can_be_found_again(tmp_path: Path) -> None:
    path = write(tmp_path, FULL)
    plan = planfile.read(path)
    assert plan.where("rename", "15_profiling") == f"{path}:9:3"
    assert plan.where("phases", 0, "steps", 0, "rename", "paths") == f"{path}:19:35"
    assert plan.where("phases", 0, "nothing", "here") == f"{path}:16:3"
    assert plan.where() == f"{path}:1:1"


def test_a_mapping_alone_is_a_plan_named_after_its_folder(tmp_path: Path) -> None:
    folder = tmp_path / "swap-two"
    folder.mkdir()
    plan = planfile.read(write(folder, "rename: {14_a: 15_a, 15_b: 14_b}\n"))
    assert (plan.name, plan.series, plan.tiers, plan.exports, plan.phases) == ("swap-two", None, (), (), ())
    assert plan.renames == (PlanRename("14_a", "15_a", None), PlanRename("15_b", "14_b", None))
    assert [plan.where("rename", one.old_id).rpartition(":")[2] for one in plan.renames] == ["10", "22"]


def test_a_plan_of_another_name_is_named_after_its_file(tmp_path: Path) -> None:
    (tmp_path / "spring.yml").write_text("rename: {a1: a2}", encoding="utf-8")
    assert planfile.read(tmp_path / "spring.yml").name == "spring"


def test_ids_and_titles_are_texts_whatever_yaml_thinks(tmp_path: Path) -> None:
    text = "plan: 1.10\nrename:\n  14_15: 010\n  08: 0x1F\n  7: {to: 8, title: Yes}\n  ch17: {to: ch18, title: 3.0}\n"
    plan = planfile.read(write(tmp_path, text))
    assert plan.name == "1.10"
    assert [(one.old_id, one.new_id, one.title) for one in plan.renames] == [
        ("14_15", "010", None),
        ("08", "0x1F", None),
        ("7", "8", "Yes"),
        ("ch17", "ch18", "3.0"),
    ]


def test_a_title_alone_keeps_the_id(tmp_path: Path) -> None:
    plan = planfile.read(write(tmp_path, "rename:\n  14_kv: {title: Memory}\n"))
    assert plan.renames == (PlanRename("14_kv", "14_kv", "Memory"),)


def test_exports_may_be_several(tmp_path: Path) -> None:
    text = (
        "rename:\n  14_kv: {to: 15_memo, export: {a.kv: a.memo, a.cache: a.store}}\n  15_p: {to: 14_p, export: b=c}\n"
    )
    assert planfile.read(write(tmp_path, text)).exports == (("a.kv", "a.memo"), ("a.cache", "a.store"), ("b", "c"))


def test_phases_may_stand_without_a_renaming(tmp_path: Path) -> None:
    plan = planfile.read(write(tmp_path, "rename: {}\nphases: [{phase: tidy, verify: [{lint: {}}]}]\n"))
    assert (plan.renames, plan.phases) == ((), ({"phase": "tidy", "verify": [{"lint": {}}]},))


def test_columns_count_code_points_after_emoji_crlf_and_a_byte_order_mark(tmp_path: Path) -> None:
    path = tmp_path / "plan.yaml"
    path.write_bytes("\ufeffplan: ⚡🏛\r\nrename: { '🏛x': 15_a, 15_b: 14_b }\r\n".encode())
    plan = planfile.read(path)
    assert [plan.where("rename", one) for one in ("🏛x", "15_b")] == [f"{path}:2:11", f"{path}:2:23"]


def test_a_handful_of_aliases_is_fine(tmp_path: Path) -> None:
    plan = planfile.read(write(tmp_path, "rename: {}\nphases: [{run: &it make}, {run: *it}]\n"))
    assert plan.phases == ({"run": "make"}, {"run": "make"})


# --- mistakes -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("", "plan.yaml:1:1: the plan has no key 'rename': add it, with old_id: new_id below"),
        ("plan: x\n", "plan.yaml:1:1: the plan has no key 'rename': add it, with old_id: new_id below"),
        ("rename:\n", "plan.yaml:1:1: the plan does nothing: add old_id: new_id below 'rename'"),
        ("rename: {}\nphases: []\n", "plan.yaml:1:1: the plan does nothing: add old_id: new_id below 'rename'"),
        ("- a\n", "plan.yaml:1:1: the whole must be a table, not a list: write keys with their values"),
        ("just words\n", "plan.yaml:1:1: the whole must be a table, not a text: write keys with their values"),
        ("plan: x\nrenmae: {}\n", "plan.yaml:2:1: unknown key 'renmae': did you mean 'rename'?"),
        ("rename: [14_a]\n", "plan.yaml:1:1: 'rename' must be a table, not a list: write keys with their values"),
        ("plan: [x]\nrename: {a: b}\n", "plan.yaml:1:1: 'plan' must be a text, not a list: write plan = \"...\""),
        ("series:\nrename: {a: b}\n", "plan.yaml:1:1: 'series' must be a text, not nothing: write series = \"...\""),
        ("rename:\n  14_a: {too: 15_a}\n", "plan.yaml:2:10: unknown key 'too': did you mean 'to'?"),
        ("rename:\n  14_a:\n", "plan.yaml:2:3: '14_a' has no new id: write old_id: new_id, or {to: new_id}"),
        ("rename:\n  14_a: [b]\n", "plan.yaml:2:3: '14_a' must be a table, not a list: write keys with their values"),
        ("rename:\n  14_a: {to: }\n", "plan.yaml:2:10: 'to' must be a text, not nothing: write to = \"...\""),
        ("rename:\n  14_a: {to: b, title: ' '}\n",
         "plan.yaml:2:17: 'title' is empty: fill it in, or leave the key out"),
        ("rename:\n  14_a: 15_a\n  14_a: 16_a\n", "plan.yaml:3:3: the key '14_a' stands twice."),
        ("rename:\n  14_a: 15_a\n  16_b: 15_a\n", "plan.yaml:3:3: '14_a' becomes '15_a' too: give one another id"),
        ("rename:\n  src/14_a: 15_a\n", "plan.yaml:2:3: 'src/14_a' is no id: write it as in 14_profiling or ch17"),
        ("rename:\n  14_a: ../15_a\n", "plan.yaml:2:3: '../15_a' is no id: write it as in 14_profiling or ch17"),
        ("rename:\n  14_a: '???'\n", "plan.yaml:2:3: '???' is no id: write it as in 14_profiling or ch17"),
        ("rename:\n  14_a: {to: b, export: x}\n",
         "plan.yaml:2:17: 'export' names no modules: write export: old.path=new.path"),
        ("rename:\n  14_a: {to: b, export: [x]}\n",
         "plan.yaml:2:17: 'export' must be a table, not a list: write keys with their values"),
        ("rename: {a1: a2}\ntiers:\n  Late: 14-x\n",
         "plan.yaml:3:3: the tier 'Late' has no range, but '14-x': write it as in \"14-19\""),
        ("rename: {a1: a2}\ntiers: [Late]\n",
         "plan.yaml:2:1: 'tiers' must be a table, not a list: write keys with their values"),
        ("rename: {a1: a2}\nsettings:\n  histroy: []\n", "plan.yaml:3:3: unknown key 'histroy': did you mean 'history'?"),
        ("rename: {a1: a2}\nsettings: {frozen: [/old]}\n",
         "plan.yaml:2:12: '/old' in 'frozen' is an absolute path: name it from the root downwards"),
        ("rename: {a1: a2}\nsettings:\n  series:\n    module: {palces: []}\n",
         "plan.yaml:4:14: unknown key 'palces': did you mean 'places'?"),
        ("rename: {a1: a2}\nphases: {a: b}\n", "plan.yaml:2:1: 'phases' must be a list: start each phase with a dash"),
        ("rename:\n\t14_a: 15_a\n", "plan.yaml:2:1: a tab stands where only spaces may: replace it."),
        ("rename: {a1: a2\n", "plan.yaml:2:1: did not find expected ',' or '}'."),
        ("rename: {a1: a2}\n---\nmore: 1\n", "plan.yaml:2:1: but found another document."),
        ("rename: {a1: *there}\n", "plan.yaml:1:14: found undefined alias."),
        ("rename: {a1: a2}\nphases: [!!python/name:os.system x]\n",
         "plan.yaml:2:10: the tag 'python/name:os.system' has no meaning here."),
        ("rename: {a1: a2}\nphases: [!env x]\n", "plan.yaml:2:10: the tag '!env' has no meaning here."),
        ("rename: {[a]: b}\n", "plan.yaml:1:10: a key must be a word."),
        ("rename: {a1: a2}\nphases: ['\x07']\n", "plan.yaml:2:11: the character '\\x07' cannot stand here."),
    ],
)  # fmt: skip
def test_a_mistake_is_one_sentence_with_its_place(tmp_path: Path, text: str, error: str) -> None:
    assert error_of(write(tmp_path, text)) == error


def test_a_plan_that_is_not_there_is_refused(tmp_path: Path) -> None:
    help_ = "name a YAML file, or a folder that holds plan.yaml."
    assert error_of(tmp_path / "plan.yaml") == f"there is no plan at plan.yaml: {help_}"
    with pytest.raises(RefactorError, match="there is no plan at "):
        planfile.read(tmp_path)
    assert error_of(write(tmp_path, "a: b") / "deeper") == f"there is no plan at deeper: {help_}"


def test_a_plan_that_is_not_utf8_is_refused(tmp_path: Path) -> None:
    (tmp_path / "plan.yaml").write_bytes(b"plan: x\nrename:\n  14_a: \xe9\n")
    assert error_of(tmp_path / "plan.yaml") == "plan.yaml:3:1: this line is not UTF-8: save the file as UTF-8."


def test_a_huge_plan_is_refused_unread(tmp_path: Path) -> None:
    path = write(tmp_path, "rename: {a1: a2}\n#" + "x" * 1_000_000)
    assert error_of(path) == "plan.yaml is larger than 1 MB: shorten it, for a plan is read by people."


@pytest.mark.skipif(os.geteuid() == 0, reason="permissions do not bind root")
def test_an_unreadable_plan_is_refused(tmp_path: Path) -> None:
    path = write(tmp_path, FULL)
    path.chmod(0)
    assert error_of(path) == "plan.yaml cannot be read (Permission denied): check its permissions."


def test_aliases_cannot_multiply(tmp_path: Path) -> None:
    lines = ["rename: {a1: a2}", "phases:", "- &a0 [x, x]", *(f"- &a{n + 1} [*a{n}, *a{n}]" for n in range(20))]
    assert error_of(write(tmp_path, "\n".join(lines))) == "plan.yaml:8:8: too many aliases: write the text out."


def test_an_alias_cannot_contain_itself(tmp_path: Path) -> None:
    assert error_of(write(tmp_path, "rename: {a1: a2}\nphases: &it [*it]\n")) == "plan.yaml:2:9: this contains itself."


@pytest.mark.parametrize("opened", ["[", "{a: ", "- "])
def test_nesting_has_an_end(tmp_path: Path, opened: str) -> None:
    found = error_of(write(tmp_path, opened * 100_000))
    assert found.endswith("this is nested more than 100 levels deep.")


@given(
    st.one_of(
        st.text(max_size=60),
        st.lists(st.sampled_from([*"[]{}:,-*&!|>'\"\n\t #?", "rename", "a1", "to", "tiers", "  ", "- ", ": "])).map(
            "".join
        ),
    )
)
def test_any_text_is_a_plan_or_a_sentence_with_a_place(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    path = tmp_path_factory.getbasetemp() / "any.yaml"
    path.write_bytes(text.encode("utf-8", "surrogatepass"))
    try:
        planfile.read(path)
    except RefactorError as error:
        assert str(error).startswith(f"{path}:")


# --- YAML ---------------------------------------------------------------------------------------


TEXTS = st.text(st.characters(max_codepoint=0xFFFF, exclude_categories=["Cs"]), max_size=8)
VALUES = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(-(10**20), 10**20), st.floats(-1e6, 1e6), TEXTS),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(TEXTS, inner, max_size=3)),
    max_leaves=8,
)


def as_words(value: object) -> object:
    """What is left of a value when every scalar is the text that was written."""
    if isinstance(value, list):
        return [as_words(item) for item in value]
    if isinstance(value, dict):
        return {key: as_words(item) for key, item in value.items()}
    if isinstance(value, bool):
        return "true" if value else "false"
    return None if value is None else str(value)


@given(VALUES)
def test_every_scalar_can_be_had_as_it_was_written(value: object) -> None:
    written = json.dumps(value, ensure_ascii=True)
    assert marks.words(marks.read_yaml(written).value) == as_words(value)


@given(st.dictionaries(TEXTS, st.dictionaries(TEXTS, st.integers(0, 99), max_size=2), max_size=3))
def test_marks_point_at_the_keys(table: dict[str, dict[str, int]]) -> None:
    text = json.dumps(table, indent=1)
    marked = marks.read_yaml(text)
    assert marked.value == table
    assert set(marked.marks) == {(key,) for key in table} | {(key, inner) for key in table for inner in table[key]}
    for path, offset in marked.marks.items():
        assert text.startswith(json.dumps(path[-1]), offset)


# --- the published schema -----------------------------------------------------------------------


def schema() -> Draft202012Validator:
    names = ("plan.schema.json", "phase.schema.json", "settings.schema.json")
    contents = {name: json.loads((SCHEMAS / name).read_text(encoding="utf-8")) for name in names}
    for content in contents.values():
        Draft202012Validator.check_schema(content)
    resources = [(name, Resource.from_contents(content)) for name, content in contents.items()]
    return Draft202012Validator(contents["plan.schema.json"], registry=EMPTY_REGISTRY.with_resources(resources))


GOOD = [
    FULL,
    "rename: {14_a: 15_a, 15_b: 14_b}",
    "rename: {a1: {title: A}}",
    "rename: {ch17: 18}",
    "rename: {}\nphases: [{phase: tidy, verify: [{lint: {}}]}]",
    "rename:\nphases: [{phase: tidy, verify: [{lint: {}}]}]",
    "rename: {a1: {to: a2, export: {p.a: p.b}}}\ntiers:\nsettings:\nphases:\n",
    "rename: {第1章: 第2章, 'Lab 3 - loops': Lab 4 - loops}\ntiers: {Last: 20}",
]
BAD = [
    "plan: x",
    "rename: {}",
    "rename:",
    "rename: [14_a]",
    "renmae: {a1: a2}",
    "rename: {a1: a2}\nextra: 1",
    "rename: {a1: {too: a2}}",
    "rename: {a1: {export: a=b}}",
    "rename: {a1: }",
    "rename: {a/1: a2}",
    "rename: {a1: '..'}",
    "rename: {a1: '???'}",
    "rename: {a1: {to: a2, export: a}}",
    "rename: {a1: {to: a2, export: {a: b/c}}}",
    "rename: {a1: a2}\ntiers: {Late: 14-x}",
    "rename: {a1: a2}\nsettings: {histroy: []}",
    "rename: {a1: a2}\nsettings: {frozen: [/old]}",
    "rename: {a1: a2}\nphases: {name: tidy}",
    "rename: {a1: a2}\nplan: ''",
]


@pytest.mark.parametrize("text", GOOD)
def test_what_the_schema_accepts_is_read(tmp_path: Path, text: str) -> None:
    assert [*schema().iter_errors(yaml.safe_load(text))] == []
    planfile.read(write(tmp_path, text))


@pytest.mark.parametrize("text", BAD)
def test_what_the_schema_refuses_is_refused(tmp_path: Path, text: str) -> None:
    assert not schema().is_valid(yaml.safe_load(text))
    error_of(write(tmp_path, text))


def test_the_schema_knows_the_same_keys() -> None:
    content = json.loads((SCHEMAS / "plan.schema.json").read_text(encoding="utf-8"))
    assert set(content["properties"]) == set(planfile.KEYS)
    assert set(content["$defs"]["target"]["properties"]) == set(planfile.RENAME_KEYS)
