"""Steps of a restructure plan: each file of this room exports one `STEP`, found by the plug-in loader.

A step turns its arguments and a draft of the tree into what should be done. It writes nothing and runs nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from refactor.draft import Draft, Outcome
from refactor.errors import RefactorError
from refactor.marks import KeyPath, Value, words
from refactor.model import Document, Edit
from refactor.spans import Span
from refactor.tables import Fault, suggestion

CHANGE, CHECK = "change", "check"


@dataclass(frozen=True, slots=True)
class Shape:
    """What the value of a key may be: in words, as JSON Schema, and how what is wrong with a value is found."""

    wanted: str
    schema: Mapping[str, object]
    faults: Callable[[Value, KeyPath], Iterator[tuple[KeyPath, str, str]]]


@dataclass(frozen=True, slots=True)
class Key:
    """One argument of a step. `is_asset` tells that it names a file beside the plan."""

    name: str
    shape: Shape
    about: str
    required: bool = False
    is_asset: bool = False


@dataclass(frozen=True)
class Step:
    """One kind of step. Of each group of keys in `one_of` exactly one is given.

    `stages` tells where it may stand: among the changes of a commit, among the checks of a phase, or both.
    """

    name: str
    summary: str
    about: str
    keys: tuple[Key, ...]
    plan: Callable[[Call, Draft], Outcome]
    example: str
    one_of: tuple[tuple[str, ...], ...] = ()
    stages: tuple[str, ...] = (CHANGE,)


@dataclass(frozen=True)
class Call:
    """One step as it stands in a plan: its arguments, which are known to be right, and its place."""

    step: Step
    values: Mapping[str, Value]
    way: KeyPath
    fault: Fault
    assets: Mapping[str, str] = field(default_factory=dict)

    def text(self, key: str, otherwise: str = "") -> str:
        """The text at a key."""
        found = words(self.values.get(key))
        return found if isinstance(found, str) else otherwise

    def texts(self, key: str) -> tuple[str, ...]:
        """The list of texts at a key; one text alone is a list of one."""
        found = words(self.values.get(key))
        listed = found if isinstance(found, list) else [] if found is None else [found]
        return tuple(one for one in listed if isinstance(one, str))

    def number(self, key: str, otherwise: int) -> int:
        """The whole number at a key."""
        found = self.values.get(key)
        return found if isinstance(found, int) else otherwise

    def flag(self, key: str) -> bool:
        """Whether the truth value at a key is true."""
        return self.values.get(key) is True

    def table(self, key: str) -> dict[str, Value]:
        """The table at a key."""
        found = self.values.get(key)
        return found if isinstance(found, dict) else {}

    def written(self, key: str, old: str) -> str:
        """A text that is given at a key or in the asset, and that comes in place of an old one.

        The line break at the end of an asset counts only where the old text has one.
        """
        if "asset" not in self.assets:
            return self.text(key)
        text = self.assets["asset"]
        return text if old.endswith("\n") else text.removesuffix("\n").removesuffix("\r")

    def stop(self, problem: str, advice: str, key: str = "", details: Sequence[str] = ()) -> RefactorError:
        """Make the error that says what does not hold, and where in the plan."""
        sentence = self.fault((*self.way, key) if key else self.way, problem, advice)
        return RefactorError(str(sentence), details)

    def document(self, draft: Draft, key: str = "file") -> Document:
        """The file that a key names. Raises RefactorError if it is not there, or no text."""
        return self.document_at(draft, self.text(key), key)

    def document_at(self, draft: Draft, path: str, key: str = "file") -> Document:
        """The file at a path. Raises RefactorError if it is not there, or no text."""
        found = draft.read(path)
        if found is None:
            near = suggestion(path, draft.paths).removesuffix("?") if len(draft.paths) < 5000 else ""
            hint = near if near.startswith("did you mean") else "name a text file as it is called at this point"
            raise self.stop(f"{path} is not there", hint, key)
        return found

    def times(self, what: str, old: str, found: int) -> None:
        """Hold that a text stands as often as `count` says, or once. Raises RefactorError if it does not."""
        wanted = self.number("count", 1)
        if found != wanted:
            problem = f"{what} has {old!r} {found} times, not {wanted}"
            raise self.stop(problem, "write more of the text around it, or the right count", "old")

    def only(self, document: Document, places: list[Span], what: str, key: str) -> Span:
        """The one place that was found. Raises RefactorError if there is none, or more than one."""
        if len(places) == 1:
            return places[0]
        if not places:
            raise self.stop(f"{document.path} has no {what}", "look at the file, and name what is there", key)
        lines = ", ".join(str(document.text.count("\n", 0, place.start) + 1) for place in places[:5])
        raise self.stop(f"{document.path} has {what} {len(places)} times (lines {lines})", "say more of it", key)


def replaced(document: Document, span: Span, new: str, step: str) -> tuple[Edit, ...]:
    """The edit that puts a text at a span, or none if it stands there already."""
    old = document.text[span.start : span.end]
    return (Edit(document.path, span, old, new, f"step {step} of the plan", step),) if old != new else ()
