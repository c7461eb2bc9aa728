"""Findings as text for people and programs, one format a file; each exports one frozen `REPORTER`."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from refactor.model import Document, Finding


@dataclass(frozen=True, slots=True)
class Reporter:
    """An output format: a pure function of the findings, sorted, and the documents they are in.

    The text ends with a line break, or is empty where the format has nothing to say.
    """

    name: str
    summary: str
    render: Callable[[Sequence[Finding], Mapping[str, Document]], str]
