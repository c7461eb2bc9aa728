"""The zones of Markdown, front matter and directives included."""

from __future__ import annotations

from textwrap import dedent

from zonetable import FORMATS, rows, table

from refactor.model import Document, ZoneKind
from refactor.spans import encode, line_column


def test_markdown_inner_zones_win_over_headings_and_cells() -> None:
    text = dedent("""\
        # Module [14](14_x.md): `cache` é
        ## Plain ##
        Underlined *title*
        ---
        | a \\| b | c |
        |--------|---|
        | *d*    | [e](f.md "t") and `g` |
        """)
    assert rows("markdown", text) == table("""
        heading 1     | Module
        link text     | 14
        link target   | 14_x.md
        heading 1     | :
        code span     | cache
        heading 1     | é
        heading 2     | Plain
        heading 2     | Underlined *title*
        table head    | a \\| b
        table head    | c
        table body    | *d*
        link text     | e
        link target   | f.md
        table body    | and
        code span     | g
        """)


def test_markdown_link_targets_are_found_as_they_are_written() -> None:
    text = dedent("""\
        [a](x.md) [b](<y z.md> "t") [](e.md) [c](p&amp;q\\)r) [d](\\() [](<>)
        [![i](pic.png)](page.md) ![alt][kv] [kv][] [kv] <https://x.org/14_a> <me@x.org>
        [broken][nowhere] `[not](a link)`

        [kv]: ../14_kv.md "title"
        [kv]: <../15 kv.md>
        > [q]:
        >   quoted.md
        [^1]: No [link](n.md).
        """)
    assert rows("markdown", text) == table("""
        link text   | a
        link target | x.md
        link text   | b
        link target | y z.md
        link target | e.md
        link text   | c
        link target | p&amp;q\\)r
        link text   | d
        link target | \\(
        link text   | i
        link target | pic.png
        link target | page.md
        link text   | alt
        link text   | kv
        link text   | kv
        link target | https://x.org/14_a
        link target | me@x.org
        code span   | [not](a link)
        link target | ../14_kv.md
        link target | ../15 kv.md
        link target | quoted.md
        link text   | link
        link target | n.md
        """)


def test_markdown_code_keeps_what_looks_like_markdown() -> None:
    text = dedent("""\
        - item

          ```bash title="x"
          cd 14_x
            [a](b.md)
          ```

        ~~~
        [kv]: not-a-definition.md
        # no heading
        ~~~

            indented 14

        ```
        ```
        """)
    assert rows("markdown", text) == table("""
        code block bash | cd 14_x⏎    [a](b.md)
        code block      | [kv]: not-a-definition.md⏎# no heading
        code block      | indented 14
        """)


def test_markdown_front_matter_gives_keys_and_values() -> None:
    text = dedent("""\
        ---
        title: "KV Caching"  # ours
        prerequisites: [Transformers, 13_transformers]
        next:
          - 15_profiling
        ---

        ---
        Not: front matter
        """)
    assert rows("markdown", text) == table("""
        key title             | title
        value title           | KV Caching
        comment               | # ours
        key prerequisites     | prerequisites
        value prerequisites.0 | Transformers
        value prerequisites.1 | 13_transformers
        key next              | next
        value next.0          | 15_profiling
        """)


def test_markdown_directives_hold_markdown_unless_they_hold_code() -> None:
    text = dedent("""\
        > ````{admonition} See Module 14
        > # Heading
        > A [link](l.md)
        >
        > ```{note}
        > `code`
        > ```
        > ````

        ```{figure} img/14_x.png
        :name: fig
        The *caption* [c](d.md)
        ```
        ```{grid-item-card} Card
        :link: chapters/14-kv
        Body
        ```
        ```{toctree}
        chapters/14-kv
        ```
        :::{figure} img/15_y.png
        :::
        {doc}`../chapters/14-kv`, {doc}`the chapter <../chapters/15-x>` and {math}`14`
        """)
    assert rows("markdown", text) == table("""
        heading 1            | Heading
        link text            | link
        link target          | l.md
        code span            | code
        link target          | img/14_x.png
        link text            | c
        link target          | d.md
        link target          | chapters/14-kv
        code block {toctree} | chapters/14-kv
        link target          | img/15_y.png
        link target          | ../chapters/14-kv
        link text            | the chapter
        link target          | ../chapters/15-x
        code span            | 14
        """)


def test_markdown_html_is_tags_and_comments_and_the_text_between_stays_prose() -> None:
    text = dedent("""\
        A <b>bold</b> <a href="14_x/" id=y>Module 14</a> <!-- here --> word

        <div class="c">
        Module 14 <img src=pic/14.png>
        <!-- there
        and on -->
        </div>
        """)
    assert rows("markdown", text) == table("""
        html        | <b>
        html        | </b>
        html        | <a href="
        link target | 14_x/
        html        | " id=y>
        html        | </a>
        comment     | <!-- here -->
        html        | <div class="c">
        html        | <img src=
        link target | pic/14.png
        html        | >
        comment     | <!-- there⏎and on -->
        html        | </div>
        """)


def test_markdown_counts_code_points_after_a_byte_order_mark_crlf_and_emoji() -> None:
    text = "\ufeff---\r\ntitle: é 14\r\n---\r\n# 🎉 Módule 14 🎉\r\n\r\n🎉 [🎉](é.md) `ü`\r\n\r\n```py\r\nä\r\nb\r\n```\r\n"
    assert rows("markdown", text) == table("""
        key title     | title
        value title   | é 14
        heading 1     | 🎉 Módule 14 🎉
        link text     | 🎉
        link target   | é.md
        code span     | ü
        code block py | ä␍⏎b
        """)
    document = Document("a.md", encode(text), FORMATS["markdown"])
    (span,) = (zone.span for zone in document.zones if zone.kind is ZoneKind.CODE_SPAN)
    assert line_column(document.starts, span.start) == (6, 14)


def test_markdown_lone_surrogates_take_one_code_point_each() -> None:
    assert rows("markdown", "\udc80\udcff é [a\udc80](b.md)\n") == table("""
        link text   | a\udc80
        link target | b.md
        """)
