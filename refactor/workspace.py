"""A tree opened for work: settings, files, catalogue, and the references of one series.

The order of the rooms in one place: discover, index, resolve. Writes nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING

from refactor import catalogue, git, index, ledger, parallel, plugins, records, settings, toc, tree, verdicts
from refactor.describing import describes
from refactor.errors import RefactorError
from refactor.kinds import Kind
from refactor.lazily import Lazily, everything
from refactor.lint import View
from refactor.model import Catalogue, Claim, Document, Format, Reference, Series
from refactor.naming import same
from refactor.outside import repository_of
from refactor.progress import watched
from refactor.words import Words

if TYPE_CHECKING:
    from refactor.history import Numbering, Past

_PROSE = (".md", ".mdx", ".rst", ".adoc", ".txt")


@dataclass(frozen=True, eq=False)
class Workspace:
    """One tree and what was found in it; every part is computed when first asked for."""

    root: Path
    settings: settings.Settings
    tree: tree.Tree
    memory: Path | None = None  # the folder in which what history tells is kept for the next run
    aliases: tuple[tuple[str, str], ...] = ()  # old names that a person tells, each with an id or slug of today

    @cached_property
    def tocs(self) -> tuple[toc.Toc, ...]:
        """The tables of contents of the tree."""
        texts = ((path, self.tree.read(path)) for path in toc.files(self.tree.paths))
        found = (toc.read(path, document.text) for path, document in texts if document)
        return tuple(one for one in found if one is not None)

    @cached_property
    def catalogue(self) -> Catalogue:
        """All series of the tree."""
        return catalogue.discover(self.tree, self.settings, self.tocs)

    @cached_property
    def kinds(self) -> tuple[Kind, ...]:
        """All kinds of mention."""
        return tuple(plugins.load("refactor.kinds", "KIND", Kind).values())

    def words(self, series: Series) -> Words:
        """The words of a series, ready for searching."""
        words, past = self._words_of_today(series), self.past(series)
        told = {old: words.by_id(new) for old, new in self._told(words).items()}
        return replace(words, old={**(past.old_names if past else {}), **told})

    def _told(self, words: Words) -> dict[str, str]:
        """What entries are called now, by the names in comparable form that the ledger or the settings know of old."""
        recorded = ledger.old_names(self.ledger, words.series.name)
        named = next((one.aliases for one in self.settings.series if one.name == words.series.name), ())
        named = (*named, *(one for one in self._aliases if words.by_id(one[1])))
        names = {old: new for old, new in recorded.items() if old not in words.by_title}
        return {**names, **{same(old): new for old, new in named}}

    @cached_property
    def _aliases(self) -> tuple[tuple[str, str], ...]:
        """The old names from the command line, each for an entry that there is. Raises RefactorError."""
        known = {
            name for series in self.catalogue.series for entry in series.entries for name in (entry.id, entry.slug)
        }
        for old, new in self.aliases:
            if new not in known:
                raise RefactorError(f"--alias {old}={new}: no entry is called '{new}' here; see `list modules`.")
        return self.aliases

    @cached_property
    def ledger(self) -> ledger.Ledger:
        """The renamings that were applied to the tree. Raises RefactorError if their record cannot be trusted."""
        return records.on_disk(self.root)

    def _words_of_today(self, series: Series) -> Words:
        foreign = tuple(noun for noun in self.catalogue.foreign if noun not in series.nouns)
        return Words(series, self.tree.paths, foreign, self.catalogue.commands, self._repository)

    def past(self, series: Series) -> Past | None:
        """What git knows of a series; None outside git, and before the first commit."""
        if series.name not in self._pasts:
            self._pasts[series.name] = self._past(series)
        return self._pasts[series.name]

    def _past(self, series: Series) -> Past | None:
        from refactor.authors import Authors
        from refactor.history import Past
        from refactor.recall import recall

        found = git.repository(self.root)
        head = git.head(self.root) if found else None
        if found is None or head is None:
            return None
        remembered, words = recall(self.root, series, self.memory), self._words_of_today(series)
        became = {old: same(entry.slug) for old, new in self._told(words).items() for entry in words.by_id(new)}
        known = records.Past(self.root)

        def settled(commit: str, names: Numbering) -> Numbering:
            has_ledger = bool(self.ledger.records) and bool(names)
            return ledger.settled(known.at(commit), series.name, names) if has_ledger else names

        authors = Authors(found, head, self.tree.read, remembered, self.tree.unsaved)
        return Past(found, head, words, remembered, authors, became, settled)

    @property
    def remarks(self) -> tuple[str, ...]:
        """What kept the histories that were asked from telling all, once each."""
        return tuple(dict.fromkeys(past.remark for past in self._pasts.values() if past and past.remark))

    @cached_property
    def _pasts(self) -> dict[str, Past | None]:
        return {}

    @cached_property
    def _repository(self) -> str:
        """The repository that the README is in: links into others are not ours."""
        name = min((path for path in self.tree.paths if path.casefold() == "readme.md"), default="")
        readme = self.tree.read(name) if name else None
        return repository_of(readme.text, self.tree.exists) if readme else ""

    @cached_property
    def documents(self) -> dict[str, Document]:
        """Every readable text of the tree by its path."""
        return {document.path: document for document in self.tree.documents()}

    def references(self, series: Series) -> list[Reference]:
        """Every mention of a series in the tree, decided."""
        past = self.past(series)
        found = list(verdicts.resolve(self._index(self.words(series)), self.is_history, past))
        if past:
            past.recall.keep()
        return found

    def _index(self, words: Words) -> index.Index:
        if not words.series.entries:
            return index.Index(words, ())
        sizes = {path: len(document.data) for path, document in self.documents.items()}
        shares = parallel.split(sizes, parallel.copies())
        done = parallel.gather([partial(self._claims, words, share) for share in shares])
        claims = {path: found for share in done for path, found in share}
        return index.Index(
            words, tuple(index.Page(self.documents[path], claims[path], words) for path in sorted(claims))
        )

    def _claims(self, words: Words, paths: Sequence[str]) -> list[tuple[str, tuple[Claim, ...]]]:
        """What is found in some documents, without those in which there is nothing."""
        kinds, seen = index.in_order(self.kinds), watched(paths, len(paths), "reading")
        found = ((path, index.claims_of(self.documents[path], words, kinds)) for path in seen)
        return [(path, claims) for path, claims in found if claims]

    def view(self, series: Series, asks: Callable[[str], bool] = everything) -> View:
        """What the checks look at; `asks` tells which paths they are asked about."""
        words, past = self.words(series), self.past(series)
        documents = Lazily(self.tree.files, self.tree.read)

        def drafted(path: str) -> verdicts.Draft | None:
            found = index.build([documents[path]], words, self.kinds).pages if path in documents else ()
            return verdicts.draft(found[0], self.is_history) if found else None

        drafts = Lazily(self.tree.files, drafted)

        def ahead(paths: Iterable[str]) -> None:
            verdicts.ask(past, [drafts[path] for path in paths if path in drafts])

        def decided(path: str) -> Sequence[Reference] | None:
            return list(verdicts.settled(drafts[path], self.is_history, past)) if path in drafts else None

        mentions = Lazily(self.tree.files, decided)
        return View(self.tree, documents, series, words, mentions, self.tocs, self.is_history, ahead, asks)

    def is_history(self, path: str) -> bool:
        """Tell whether a file describes the past: the settings say so, or it describes a renaming of the ledger."""
        return self._history(path) or self._describes(path)

    def _describes(self, path: str) -> bool:
        # A table of contents with redirects goes on leading somewhere.
        if not self._carried_out or not path.endswith(_PROSE) or path.rpartition("/")[2] in toc.NAMES:
            return False
        if path not in self._describing:
            document = self.tree.read(path)
            self._describing[path] = document is not None and describes(document, self._carried_out)
        return self._describing[path]

    @cached_property
    def _describing(self) -> dict[str, bool]:
        return {}

    @cached_property
    def _carried_out(self) -> tuple[tuple[str, str], ...]:
        """The old and new ids of all renamings in force."""
        pairs = ((one.old, one.new) for record in self.ledger.in_force for one in record.pairs)
        return tuple((old, new) for old, new in pairs if old != new)

    @cached_property
    def _history(self) -> Callable[[str], bool]:
        return tree.matcher(self.settings.history)


def open_tree(root: Path, extra: Mapping[str, object] | None = None, aliases: Sequence[str] = ()) -> Workspace:
    """Open a tree; `extra` are settings of a plan, which come on top of the tree's own, and `aliases` old names as the
    command line takes them. What git tells is remembered."""
    from refactor import cache

    chosen = settings.read(root)
    if extra:
        chosen = settings.merge(chosen, extra)
    formats: Sequence[Format] = tuple(plugins.load("refactor.formats", "FORMAT", Format).values())
    known = tuple(map(settings.read_alias, aliases))
    return Workspace(root, chosen, tree.discover(root, chosen, formats), cache.folder_of(None), known)
