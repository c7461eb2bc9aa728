"""The numberings that the demo course has had, as data/editions.toml lists them.

Says who had which number and name when; decides nothing about how that is written.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

from refactor.model import Tier

TODAY = 3  # the edition that the finished course is in
AFTER = 4  # what plan.yaml makes of it

Step = tuple[int, int]  # edition and revision within it: (2, 1) is a commit made while edition 2 held


@dataclass(frozen=True, slots=True)
class Member:
    """An entry as one edition has it; `key` is what stays the same over all editions."""

    key: str
    number: int
    slug: str
    title: str
    export: str
    symbols: tuple[str, ...]
    stars: int
    hours: int
    promise: str
    tier: str


@dataclass(frozen=True, slots=True)
class Edition:
    """One numbering."""

    number: int
    members: tuple[Member, ...]
    tiers: tuple[Tier, ...]

    def find(self, key: str) -> Member | None:
        """The member with a key, if this edition has it."""
        return next((member for member in self.members if member.key == key), None)

    def tier(self, name: str) -> Tier | None:
        """The tier of that name, if there is one."""
        return next((tier for tier in self.tiers if tier.name == name), None)

    def before(self, member: Member) -> Member | None:
        """The member with the next lower number."""
        return next((other for other in reversed(self.members) if other.number < member.number), None)

    def after(self, member: Member) -> Member | None:
        """The member with the next higher number."""
        return next((other for other in self.members if other.number > member.number), None)


@dataclass(frozen=True, slots=True)
class Commit:
    """A commit of the demo's history; `date` is ISO 8601 with its zone."""

    step: Step
    date: str
    author: str
    message: str


def data_text(name: str) -> str:
    """The text of one of the package's own data files."""
    return resources.files("refactor.demo").joinpath("data", name).read_text(encoding="utf-8")


def data_path(name: str) -> Path:
    """Where one of the package's own data files lies; only for packages that are installed as files."""
    return Path(str(resources.files("refactor.demo").joinpath("data", name)))


def parse_step(text: str) -> Step:
    """Read "2.1" as (2, 1) and "2" as (2, 0)."""
    edition, _, revision = text.partition(".")
    return int(edition), int(revision or 0)


@cache
def editions() -> Mapping[int, Edition]:
    """All numberings by their own number, `AFTER` included."""
    found = {}
    for name, about in _data()["edition"].items():
        tiers = tuple(Tier(tier, first, last) for tier, (first, last) in about["tiers"].items())
        members = (
            _member(int(name), number, key, tiers)
            for number, keys in enumerate(about["order"].split(), start=1)
            for key in keys.split("&")
        )
        found[int(name)] = Edition(int(name), tuple(members), tiers)
    return found


@cache
def commits() -> tuple[Commit, ...]:
    """The commits of the history, oldest first."""
    rows = _data()["commits"]
    return tuple(Commit(parse_step(row["at"]), row["date"], row["author"], row["message"]) for row in rows)


def last_step(edition: int) -> Step:
    """The last commit made while an edition held."""
    return max(commit.step for commit in commits() if commit.step[0] == edition)


@cache
def _data() -> dict[str, Any]:  # TOML has no types; the records made of it have
    return tomllib.loads(data_text("editions.toml"))


def _member(edition: int, number: int, key: str, tiers: tuple[Tier, ...]) -> Member:
    """An entry with what has become different up to an edition."""
    about: dict[str, Any] = {"slug": key}
    for name, value in _data()["entries"][key].items():
        about |= {name: value} if not name.isdigit() else value if int(name) <= edition else {}
    tier = next((tier.name for tier in tiers if tier.first <= number <= tier.last), "Project")
    return Member(**about | {"key": key, "number": number, "tier": tier, "symbols": tuple(about["symbols"])})
