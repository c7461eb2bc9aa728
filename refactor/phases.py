"""The phases of a plan: read and validated, every mistake with its line and column, before anything runs.

Looks at the plan and its assets, never at the tree.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from refactor import plugins
from refactor.errors import RefactorError
from refactor.marks import KeyPath, Value, words
from refactor.planfile import PlanFile
from refactor.steps import CHANGE, CHECK, Call, Key, Shape, Step
from refactor.steps._shapes import TEXT, WORD, any_number_of, list_of, schema_of, table
from refactor.tables import Fault, suggestion

_SLUG = re.compile(r"[a-z0-9]+(?:[-_.][a-z0-9]+)*")
_INSTRUCTION = re.compile(r"^[ \t]*#\?.*\n?", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Commit:
    """One commit of a phase: its message, and the steps that make it."""

    message: str
    calls: tuple[Call, ...]


@dataclass(frozen=True, slots=True)
class Phase:
    """One phase, numbered from 1 in the order of the plan."""

    number: int
    slug: str
    title: str
    commits: tuple[Commit, ...]
    verify: tuple[Call, ...]

    @property
    def calls(self) -> Iterator[Call]:
        """All steps of all commits, in order."""
        return (call for commit in self.commits for call in commit.calls)


@dataclass(frozen=True, slots=True)
class Unwritten:
    """An asset that is missing or empty, and the place in the plan that asks for it."""

    name: str
    phase: str
    where: str


@dataclass(frozen=True, slots=True)
class Script:
    """The phases of a plan, and the assets that nobody has written yet."""

    plan: PlanFile
    phases: tuple[Phase, ...]
    unwritten: tuple[Unwritten, ...]

    @property
    def renames(self) -> tuple[Call, ...]:
        """All `rename` steps, in order."""
        return tuple(call for phase in self.phases for call in phase.calls if call.step.name == "rename")

    @property
    def left_out(self) -> tuple[Call, ...]:
        """All `leave` steps."""
        return tuple(call for phase in self.phases for call in phase.calls if call.step.name == "leave")


def steps() -> dict[str, Step]:
    """All kinds of step, by name."""
    return {step.name: step for step in plugins.load("refactor.steps", "STEP", Step).values()}


def read(plan: PlanFile, given: Mapping[str, str] | None = None) -> Script:
    """Read the phases of a plan; `given` are values that come in place of the plan's own.

    Raises RefactorError for the first mistake.
    """
    reader = _Reader(plan, steps(), {**_values(plan), **_known(plan, given or {})}, [])
    phases: list[Phase] = []
    for at in range(len(plan.phases)):
        phases.append(reader.phase(at))
        if phases[-1].slug in {phase.slug for phase in phases[:-1]}:
            raise reader.fault(("phases", at), f"there are two phases {phases[-1].slug!r}", "give one another name")
    return Script(plan, tuple(phases), tuple(reader.unwritten))


def _values(plan: PlanFile) -> dict[str, str]:
    return {key: str(value) for key, value in plan.values.items()}


def _known(plan: PlanFile, given: Mapping[str, str]) -> Mapping[str, str]:
    for name in given:
        if name not in plan.values:
            raise RefactorError(
                f"{plan.path} has no value {name!r}; {suggestion(name, plan.values) or 'leave it out'}."
            )
    return given


def fault_of(plan: PlanFile) -> Fault:
    """The maker of errors that name a place of the plan."""

    def fault(way: KeyPath, problem: str, advice: str) -> RefactorError:
        return RefactorError(f"{plan.where(*way)}: {problem}: {advice}")

    return fault


# --- the grammar --------------------------------------------------------------------------------


def grammar(known: Mapping[str, Step]) -> dict[str, object]:
    """The JSON Schema of one phase."""
    return {"type": "object", **_phase_shape(known).schema}


def step_shape(known: Mapping[str, Step], stage: str) -> Shape:
    """A table with one key, the name of a step."""
    fitting = {name: step for name, step in known.items() if stage in step.stages}
    schema = {
        "type": "object",
        "minProperties": 1,
        "maxProperties": 1,
        "additionalProperties": False,
        "properties": {
            name: {"description": step.summary, **schema_of(step.keys, step.one_of)} for name, step in fitting.items()
        },
    }

    def faults(value: Value, way: KeyPath) -> Iterator[tuple[KeyPath, str, str]]:
        if not isinstance(value, dict) or len(value) != 1:
            yield way, "a step is a table with one key, its name", f"write one of {', '.join(fitting)}"
            return
        ((name, arguments),) = value.items()
        if name not in fitting:
            elsewhere = "changes stand below 'steps', checks below 'verify'"
            yield (
                (*way, name),
                f"no step here is called {name!r}",
                elsewhere if name in known else suggestion(name, fitting),
            )
            return
        step = fitting[name]
        yield from table(*step.keys, one_of=step.one_of).faults(arguments, (*way, name))

    return Shape("a step", schema, faults)


def _steps_shape(known: Mapping[str, Step], stage: str) -> Shape:
    """A list of steps, and of groups of steps."""
    step = step_shape(known, stage)
    steps = Key(
        "steps", any_number_of(step), "the steps, which a plan that extends this one may replace", required=True
    )
    group = table(Key("group", WORD, "the name of the group", required=True), steps)

    def faults(value: Value, way: KeyPath) -> Iterator[tuple[KeyPath, str, str]]:
        yield from (group if isinstance(value, dict) and "group" in value else step).faults(value, way)

    return list_of(Shape("a step", {"anyOf": [step.schema, group.schema]}, faults))


def _phase_shape(known: Mapping[str, Step]) -> Shape:
    listed = _steps_shape(known, CHANGE)
    commit = table(
        Key("message", WORD, "the message of the commit", required=True),
        Key("steps", listed, "what the commit consists of, in order", required=True),
    )
    return table(
        Key("phase", WORD, "the name of the phase: small letters, digits and dashes", required=True),
        Key("title", WORD, "what the phase is called in reports"),
        Key("about", TEXT, "what it is for; nothing reads it but people"),
        Key("commits", list_of(commit), "the commits of the phase, in order"),
        Key("message", WORD, "the message, where the phase is one commit"),
        Key("steps", listed, "the steps, where the phase is one commit"),
        Key("verify", _steps_shape(known, CHECK), "what must hold before the phase is brought over"),
    )


# --- reading ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Reader:
    plan: PlanFile
    known: Mapping[str, Step]
    values: Mapping[str, str]
    unwritten: list[Unwritten]

    @property
    def fault(self) -> Fault:
        return fault_of(self.plan)

    def phase(self, at: int) -> Phase:
        """The phase at a place of the list."""
        way: KeyPath = ("phases", at)
        value = _filled(self.plan.phases[at], self.values)
        for place, problem, advice in _phase_shape(self.known).faults(value, way):
            raise self.fault(place, problem, advice)
        fields = value if isinstance(value, dict) else {}
        slug = str(words(fields["phase"]))
        if not _SLUG.fullmatch(slug):
            raise self.fault((*way, "phase"), f"{slug!r} is no name of a phase", "write it as in profiler-helpers")
        verify = self._calls(fields.get("verify"), (*way, "verify"), slug)
        return Phase(at + 1, slug, str(fields.get("title", slug)), self._commits(fields, way, slug), verify)

    def _commits(self, fields: Mapping[str, Value], way: KeyPath, slug: str) -> tuple[Commit, ...]:
        listed = fields.get("commits")
        if listed is None:
            if "steps" not in fields and "verify" in fields:
                return ()
            for key in ("message", "steps"):
                if key not in fields:
                    raise self.fault(way, f"the phase {slug!r} has no {key!r}", "give message and steps, or commits")
            return (self._commit(fields, way, slug),)
        if "steps" in fields or "message" in fields:
            raise self.fault(way, f"the phase {slug!r} has commits and steps of its own", "put the steps into a commit")
        found = listed if isinstance(listed, list) else []
        return tuple(
            self._commit(one, (*way, "commits", at), slug) for at, one in enumerate(found) if isinstance(one, dict)
        )

    def _commit(self, fields: Mapping[str, Value], way: KeyPath, slug: str) -> Commit:
        message = str(words(fields["message"])).strip()
        return Commit(message, self._calls(fields["steps"], (*way, "steps"), slug))

    def _calls(self, listed: Value, way: KeyPath, phase: str) -> tuple[Call, ...]:
        """The steps of a list; those of a group stand there like all others."""
        found = listed if isinstance(listed, list) else []
        calls: list[Call] = []
        for at, one in enumerate(found):
            if isinstance(one, dict) and "group" in one:
                calls += self._calls(one.get("steps"), (*way, at, "steps"), phase)
            elif isinstance(one, dict):
                calls.append(self._call(one, (*way, at), phase))
        return tuple(calls)

    def _call(self, value: Mapping[str, Value], way: KeyPath, phase: str) -> Call:
        ((name, arguments),) = value.items()
        step, fields = self.known[name], arguments if isinstance(arguments, dict) else {}
        names = [key.name for key in step.keys if key.is_asset and key.name in fields]
        assets = {key: self._asset(str(fields[key]), (*way, name, key), phase) for key in names}
        return Call(step, fields, (*way, name), self.fault, assets)

    def _asset(self, name: str, way: KeyPath, phase: str) -> str:
        """The text of an asset, without the lines that only tell its writer what to write."""
        text = _INSTRUCTION.sub("", self._content(name, way))
        if not text.strip():
            self.unwritten.append(Unwritten(name, phase, self.plan.where(*way)))
        return text

    def _content(self, name: str, way: KeyPath) -> str:
        folders = [folder.resolve() for folder in self.plan.folders]
        folder = next((one for one in folders if (one / name).exists()), folders[0])
        file = folder / name
        if not file.resolve().is_relative_to(folder):
            raise self.fault(way, f"{name} leads out of the folder of the plan", "put the asset beside the plan")
        try:
            return file.read_bytes().decode("utf-8-sig")
        except FileNotFoundError:
            return ""
        except OSError as error:
            raise self.fault(way, f"{name} cannot be read ({error.strerror})", "check the asset") from error
        except UnicodeDecodeError as error:
            raise self.fault(way, f"{name} is not UTF-8", "save it as UTF-8") from error


def _filled(value: Value, values: Mapping[str, str]) -> Value:
    """Put the plan's values for `${name}`, in every text."""
    if isinstance(value, list):
        return [_filled(item, values) for item in value]
    if isinstance(value, dict):
        return {key: _filled(item, values) for key, item in value.items()}
    if not isinstance(value, str):
        return value
    for name, text in values.items():
        value = value.replace("${" + name + "}", text)
    return value
