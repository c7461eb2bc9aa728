"""The one exception that a person can put right."""

from __future__ import annotations

from collections.abc import Sequence


class RefactorError(Exception):
    """A sentence for the user: what is wrong, where, and what to do. Caught once, in `cli.main`.

    `details` are lines that belong to it, such as what a program said.
    """

    def __init__(self, sentence: str, details: Sequence[str] = ()) -> None:
        super().__init__(sentence)
        self.details = tuple(details)
