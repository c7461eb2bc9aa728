"""What holds for every format and any text at all, how a format is chosen, and the formats with little grammar."""

from __future__ import annotations

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from zonetable import FORMATS, label, rows, table

from refactor.formats import choose
from refactor.model import Document, Zone, ZoneKind
from refactor.spans import Span, encode


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("README.md", "markdown"),
        ("docs/README", "markdown"),
        ("a/b/14_notes.MD", "markdown"),
        ("_toc.yml", "yaml"),
        ("pyproject.toml", "toml"),
        ("settings.ini", "toml"),
        ("src/14_x/x_dev.py", "python"),
        ("x.ipynb", "notebook"),
        ("Makefile", "shell"),
        (".gitignore", "shell"),
        ("a/.gitignore", "shell"),
        ("deploy.sh", "shell"),
        ("Dockerfile", "shell"),
        ("index.html", "html"),
        ("notes.txt", "plain"),
        ("bin/course", "plain"),
        ("no.such-suffix", "plain"),
        ("md", "plain"),
    ],
)
def test_a_format_is_chosen_by_name_then_by_suffix(path: str, name: str) -> None:
    assert choose(path, tuple(FORMATS.values())).name == name


def test_no_two_formats_claim_one_name_or_suffix() -> None:
    claimed = [claim for known in FORMATS.values() for claim in (*known.names, *known.suffixes)]
    assert len(claimed) == len(set(claimed))


def test_a_format_is_called_as_its_file_is() -> None:
    assert {name: known.name for name, known in FORMATS.items()} == {name: name for name in FORMATS}


def test_shell_comments_start_at_a_word() -> None:
    text = "FROM x # 14\n#!a\necho \"$# # no\" '# no' a#b \\# no # yes\nx:;# also\n"
    assert rows("shell", text) == table("""
        comment | # 14
        comment | #!a
        comment | # yes
        comment | # also
        """)


def test_html_links_and_comments() -> None:
    text = "<!doctype html><p class='a>b'>Module 14 < 15 <a HREF='14_x/index.html'>x</a><script>let a = '<b>'</script><!-- open"
    assert rows("html", text) == table("""
        html        | <!doctype html>
        html        | <p class='a>b'>
        html        | <a HREF='
        link target | 14_x/index.html
        html        | '>
        html        | </a>
        html        | <script>let a = '<b>'</script>
        comment     | <!-- open
        """)


def test_a_script_without_suffix_is_read_as_what_its_first_line_says() -> None:
    assert rows("plain", "#!/usr/bin/env python3\nNUMBERS = {'14': 'x'}\n") == table("""
        comment | #!/usr/bin/env python3
        string  | 14
        string  | x
        """)
    assert rows("plain", "#!/bin/sh\ncd 14_x # there\n") == table("""
        comment | #!/bin/sh
        comment | # there
        """)
    assert rows("plain", "# Module 14\n'14'\n") == []


_BITS = """# ; #| ; \"\"\" ; ''' ; " ; ' ; \\ ; \\n ; \\u00e9 ; \\ud83d\\ude00 ; r ; f ; ( ; ) ; [ ; ] ; { ; } ; [x]( ; < ; > ; ` ;
    ``` ; ~~~ ; {note} ; {figure} a ; {toctree} ; ::: ; | a | b | ; |---|---| ; --- ; ... ; - ; * ; 1. ; a: ; b: ; = ; [t] ;
    key ; 14_x ; Module 14 ; import a ; from x import ( ; <!-- ; --> ; <a href=" ; &amp; ; "cells": [ ; &x ; *x ; !!t ; | ; ? ;
    {"cell_type": "markdown", "source": [ ; [^1]: ; ]: ; {doc} ; $ ; ! ; == ; <script ; , """.split(";")
_BREAKS = ["\n", "\r\n", "\r", " ", "    ", "\t", "\n---\n", "\n# %% [markdown]\n", "\n# ", "\n> ", "\n- ", "|\n"]
_ODD = ["\ufeff", "\0", "\udc80", "é", "🎉", "\x0c", "\x1c", "\x1d", "\x1e", "\x1f", "\x85", "\xa0", "\u2028"]
_HOSTILE = st.lists(st.sampled_from([*(bit.strip() for bit in _BITS), *_BREAKS, *_ODD]), max_size=30).map("".join)
_SOURCES = st.lists(st.lists(_HOSTILE, min_size=1, max_size=3) | _HOSTILE, max_size=3)
_NOTEBOOKS = st.builds(
    lambda sources, indent, ascii_: json.dumps(
        {"cells": [{"cell_type": kind, "source": source} for source in sources for kind in ("markdown", "code")]},
        indent=indent,
        ensure_ascii=ascii_,
    ),
    _SOURCES,
    st.sampled_from([None, 1, 2]),
    st.booleans(),
)
TEXTS = _HOSTILE | st.text(max_size=80) | _NOTEBOOKS


@pytest.mark.parametrize("name", FORMATS)
@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(text=TEXTS)
def test_views_keep_length_and_zones_are_sorted_disjoint_and_inside(name: str, text: str) -> None:
    known = FORMATS[name]
    view = known.view(text)
    assert len(view) == len(text)
    for read in (view, text):
        end = 0
        for zone in known.zones(read):
            assert end <= zone.span.start < zone.span.end <= len(read)
            end = zone.span.end


@pytest.mark.parametrize("name", FORMATS)
@settings(max_examples=40, deadline=None)
@given(data=st.binary(max_size=60) | TEXTS.map(encode))
def test_a_document_of_any_bytes_gives_them_back_and_answers_at_every_offset(name: str, data: bytes) -> None:
    document = Document("any", data, FORMATS[name])
    assert encode(document.text) == data
    for offset in range(len(document.text)):
        zone = document.zone_at(offset)
        assert zone in document.zones or zone == Zone(Span(offset, offset), FORMATS[name].default)


@given(sources=_SOURCES)
@settings(max_examples=60, deadline=None)
def test_notebook_zones_do_not_depend_on_how_the_json_is_laid_out(sources: list[str | list[str]]) -> None:
    cells = [{"cell_type": kind, "source": source} for source in sources for kind in ("markdown", "code")]
    joined = [cell | {"source": "".join(cell["source"])} for cell in cells]
    assert _labels(cells) == _labels(joined)


def _labels(cells: object) -> list[str]:
    """The zones of a notebook but for what lies between them, to which JSON adds."""
    document = Document("x.ipynb", json.dumps({"cells": cells}).encode(), FORMATS["notebook"])
    return [label(zone) for zone in document.zones if zone.kind not in (ZoneKind.PROSE, ZoneKind.CODE)]
