"""What was measured, as a Markdown table, as JSON, and as a plot of time against size. Measures nothing."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from html import escape
from itertools import pairwise
from statistics import median

from commands import AGAIN, BARS, COLD
from measure import Taken, ratio


@dataclass(frozen=True)
class Measured:
    """One tree, its size, and what every command took in every round."""

    tree: str
    files: int
    bytes: int
    courses: int
    taken: Mapping[str, Sequence[Taken]]

    def middle(self, name: str, clock: str) -> float:
        """The median seconds of a command."""
        return median(getattr(one, clock) for one in self.taken[name])


def as_json(all_measured: Iterable[Measured], machine: Mapping[str, object]) -> dict[str, object]:
    """Everything, for programs."""
    return {"version": 1, "machine": dict(machine), "trees": [asdict(one) for one in all_measured]}


def table(all_measured: Sequence[Measured], clock: str) -> str:
    """Times of all commands on all trees, ratios against the bars, growth and memory, in Markdown."""
    names = list(dict.fromkeys(name for one in all_measured for name in one.taken))
    rows = [[name, *(_time(one, name, clock) for one in all_measured)] for name in names]
    head = ["seconds", *(f"{one.tree} ({one.files} files, {one.bytes / 1e6:.1f} MB)" for one in all_measured)]
    bars = [["what", "on", "times", "spread", "bar", ""], *_bars(all_measured, clock)]
    return "\n".join(
        [*_markdown([head, *rows]), "", *_markdown(bars), "", *_growth(all_measured, clock), *_memory(all_measured)]
    )


def _time(one: Measured, name: str, clock: str) -> str:
    return f"{one.middle(name, clock):.3f}" if name in one.taken else ""


def _bars(all_measured: Sequence[Measured], clock: str) -> Iterator[list[str]]:
    for what, where, other, bar in BARS:
        for one in all_measured:
            if where in one.tree and {what, other} <= one.taken.keys():
                found = ratio(one.taken[what], one.taken[other], clock)
                spread = f"{found.least:.2f} to {found.most:.2f}"
                held = "held" if found.middle <= bar else "missed"
                yield [f"{what} / {other}", one.tree, f"{found.middle:.2f}", spread, f"{bar:.2g}", held]


def _growth(all_measured: Sequence[Measured], clock: str) -> Iterator[str]:
    """How time grows with the number of courses: 1 is in step, 2 with the square."""
    several = sorted((one for one in all_measured if one.courses), key=lambda one: one.courses)
    for small, large in pairwise(several):
        for name in (COLD, AGAIN):
            exponent = math.log(large.middle(name, clock) / small.middle(name, clock)) / math.log(
                large.files / small.files
            )
            yield f"- {name}, from {small.tree} to {large.tree}: time grows as size to the power of {exponent:.2f}"


def _memory(all_measured: Iterable[Measured]) -> Iterator[str]:
    for one in all_measured:
        most = max((max(taken.memory for taken in one.taken[name]), name) for name in (COLD, AGAIN))
        yield f"- memory on {one.tree}: {most[0] / 1e6:.0f} MB ({most[1]})"


def _markdown(rows: Sequence[Sequence[str]]) -> Iterator[str]:
    yield "| " + " | ".join(rows[0]) + " |"
    yield "|" + "---|" * len(rows[0])
    yield from ("| " + " | ".join(row) + " |" for row in rows[1:])


# --- the plot -----------------------------------------------------------------------------------

_WIDTH, _HEIGHT, _LEFT, _RIGHT, _TOP, _BOTTOM = 760, 460, 60, 170, 30, 50
_COLOURS = ("#c62828", "#ef6c00", "#1565c0", "#2e7d32", "#6a1b9a", "#00838f", "#5d4037", "#546e7a")


def plot(all_measured: Sequence[Measured], clock: str) -> str:
    """Seconds against files, both axes in powers of ten, as SVG; only commands that ran on two trees or more."""
    lines: dict[str, list[tuple[float, float]]] = {}
    for one in sorted(all_measured, key=lambda one: one.files):
        for name in one.taken if one.courses else ():
            lines.setdefault(name, []).append((one.files, one.middle(name, clock)))
    lines = {name: points for name, points in lines.items() if len(points) > 1}
    if not lines:
        return ""
    points = [point for line in lines.values() for point in line]
    x = _Axis(min(p[0] for p in points), max(p[0] for p in points), _LEFT, _WIDTH - _RIGHT)
    y = _Axis(min(p[1] for p in points), max(p[1] for p in points), _HEIGHT - _BOTTOM, _TOP)
    return "\n".join([_OPEN, *_grid(x, y), *_lines(lines, x, y), "</svg>\n"])


@dataclass(frozen=True)
class _Axis:
    """From a value to its place, by its logarithm."""

    least: float
    most: float
    start: float
    end: float

    def at(self, value: float) -> float:
        low, high = math.floor(math.log10(self.least)), math.ceil(math.log10(self.most))
        return self.start + (math.log10(value) - low) / (high - low) * (self.end - self.start)

    def ticks(self) -> list[float]:
        powers = range(math.floor(math.log10(self.least)), math.ceil(math.log10(self.most)) + 1)
        return [10.0**power for power in powers]


_OPEN = (
    f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}" font-family="sans-serif" font-size="12">'
    f'\n<rect width="{_WIDTH}" height="{_HEIGHT}" fill="white"/>'
)


def _grid(x: _Axis, y: _Axis) -> Iterator[str]:
    for value in x.ticks():
        at = x.at(value)
        yield f'<line x1="{at:.1f}" y1="{_TOP}" x2="{at:.1f}" y2="{_HEIGHT - _BOTTOM}" stroke="#ddd"/>'
        yield f'<text x="{at:.1f}" y="{_HEIGHT - _BOTTOM + 18}" text-anchor="middle">{value:g}</text>'
    for value in y.ticks():
        at = y.at(value)
        yield f'<line x1="{_LEFT}" y1="{at:.1f}" x2="{_WIDTH - _RIGHT}" y2="{at:.1f}" stroke="#ddd"/>'
        yield f'<text x="{_LEFT - 6}" y="{at + 4:.1f}" text-anchor="end">{value:g} s</text>'
    yield f'<text x="{(_LEFT + _WIDTH - _RIGHT) / 2}" y="{_HEIGHT - 10}" text-anchor="middle">files in the tree</text>'


def _lines(lines: Mapping[str, Sequence[tuple[float, float]]], x: _Axis, y: _Axis) -> Iterator[str]:
    """Lines with their names at the end, which are moved apart where they would lie on one another."""
    lowest = _HEIGHT
    by_height = sorted(lines.items(), key=lambda item: item[1][-1][1])
    for at, (name, points) in enumerate(by_height):
        colour = _COLOURS[at % len(_COLOURS)]
        places = " ".join(f"{x.at(files):.1f},{y.at(seconds):.1f}" for files, seconds in points)
        lowest = min(y.at(points[-1][1]), lowest - 14)
        yield f'<polyline points="{places}" fill="none" stroke="{colour}" stroke-width="2"/>'
        yield f'<text x="{x.at(points[-1][0]) + 6:.1f}" y="{lowest + 4:.1f}" fill="{colour}">{escape(name)}</text>'
