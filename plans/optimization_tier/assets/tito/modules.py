"""Which modules the course has, read from their folders; so no command keeps a table of its own.

Knows folders and numbers, and nothing of commands.
"""

import re
from pathlib import Path
from typing import Dict, Optional

SOURCE = Path("modules/source")

_FOLDER = re.compile(r"(?P<number>\d{2})_(?P<short>\w+)")


def numbered_modules(source: Path = SOURCE) -> Dict[str, str]:
    """Two-digit numbers with the folders that have them, in order; of two with one number, the first by name."""
    found: Dict[str, str] = {}
    for folder in sorted(path.name for path in source.iterdir() if path.is_dir()) if source.is_dir() else []:
        match = _FOLDER.fullmatch(folder)
        if match and (source / folder / f"{match['short']}_dev.py").exists():
            found.setdefault(match["number"], folder)
    return found


def resolve_module(name: str, source: Path = SOURCE) -> str:
    """The folder that a number (14), a short name (profiling) or a folder means; anything else as it is written."""
    modules = numbered_modules(source)
    if name.isdigit():
        return modules.get(f"{int(name):02d}", name)
    by_short_name = {folder.partition("_")[2]: folder for folder in modules.values()}
    return by_short_name.get(name, name)


def short_name(folder: str) -> str:
    """What a module is called without its number: profiling for 14_profiling."""
    match = _FOLDER.fullmatch(folder)
    return match["short"] if match else folder


def next_module(folder: str, source: Path = SOURCE) -> Optional[str]:
    """The folder of the module after this one; None after the last."""
    later = [number for number in numbered_modules(source) if number > folder[:2]]
    return numbered_modules(source)[min(later)] if later else None
