"""What entries were called before: which slug became which, as renamed folders and pages tell.

Reads what git takes for renames, and judges them; numbers are the business of `history`.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path

from refactor import gitlog
from refactor.naming import parse_id, same, split_suffix
from refactor.places import FEWEST, is_frozen

_MADE = re.compile(r"(?:^|/)(?:_?build|dist|site|\.[^/]*|[^/]*(?:backup|_build)[^/]*)(?:/|$)")
_SURE = 90  # percent of a file that must have stayed for it alone to tell what its folder became


def ids(path: str) -> Iterator[tuple[str, str]]:
    """The folder and the slug, in comparable form, of every id on the way of a path."""
    parts = path.split("/")
    for at, part in enumerate(parts):
        found = parse_id(part if at < len(parts) - 1 else split_suffix(part)[0])
        folder = "/".join(parts[:at])
        if found and found.slug and not is_frozen(path) and not _MADE.search(folder):
            yield folder, same(found.slug)


def became(root: Path, folders: Sequence[str], also: Collection[str]) -> dict[str, str]:
    """What a slug in the folders of a series became, in comparable form: `cnn` is `spatial` now.

    One file may be a little like another by chance, and in the folders of `also` stubs of one kind may follow each other.
    """
    seen: dict[str, Counter[str]] = defaultdict(Counter)
    for one, folder, old, new in _first_so_called(root, folders):
        seen[old][new] += 1 + (one.likeness >= _SURE and folder not in also)
    most = {slug: found.most_common(1)[0] for slug, found in seen.items()}
    return {old: new for old, (new, count) in most.items() if count > 1 or _are_alike(old, new)}


def _first_so_called(root: Path, folders: Sequence[str]) -> Iterator[tuple[gitlog.Renamed, str, str, str]]:
    """Renames of entries with their folder, old and new slug: the new one was nobody's, and the old one is gone."""
    once = {(one.old, one.new): one for one in gitlog.renamed(root)}  # a rebase does all of them again
    found = [(one, *slugs) for one in once.values() for slugs in _slugs(one) if slugs[0] in folders]
    became = {(old, new) for _, _, old, new in found}
    names = Counter(old for old, _ in became)  # `03_day` became `03_day_seeds`, `04_day` became `04_day_water`
    found = [row for row in found if names[row[2]] < FEWEST]
    commits = dict.fromkeys(one.commit for one, *_ in found)
    slugs = _slugs_at(root, [f"{one}{way}" for one in commits for way in ("^", "")], folders)
    for one, folder, old, new in found:
        before, after = slugs[f"{one.commit}^"], slugs[one.commit]
        late = any(new in there for there in before.values())  # it was called so already in another folder
        if new not in before[folder] and old not in after[folder] and (not late or _are_alike(old, new)):
            yield one, folder, old, new


def _slugs_at(root: Path, commits: Sequence[str], folders: Sequence[str]) -> dict[str, dict[str, set[str]]]:
    """The slugs of what lay in folders at commits, by commit and folder."""
    listed = gitlog.folders(root, commits, folders)
    slugs = {key: {slug for name in names for _, slug in ids(name)} for key, names in listed.items()}
    return {commit: {folder: slugs.get((commit, folder), set()) for folder in folders} for commit in commits}


def _are_alike(old: str, new: str) -> bool:
    """Tell whether one slug is a longer form of the other, so that a page may follow its folder late."""
    return old in new or new in old


def _slugs(one: gitlog.Renamed) -> Iterator[tuple[str, str, str]]:
    """The folders in which a rename gave an entry another slug, with the old and the new one."""
    for (before, old), (after, new) in zip(ids(one.old), ids(one.new), strict=False):
        if before == after and old != new:
            yield before, old, new
