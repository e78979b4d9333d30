"""Turn Markdown and code into HTML, and HTML and Markdown into plain text for the search."""

import html
import itertools
import re
from typing import Any, Final

from markdown_it import MarkdownIt
from markdownify import markdownify
from markupsafe import Markup
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import get_lexer_by_name

__all__ = ["as_markdown", "breakable", "capitalised", "code", "inline", "markdown", "text_of_html", "text_of_markdown"]

WHOLE: Final = 28
"""Inline code up to this length is not broken: `--send-at` would leave two hyphens behind."""
LONG: Final = 20
"""A cell with more characters needs a line of its own on a telephone."""


def markdown(source: str) -> Markup:
    """Return Markdown as HTML: headings with anchors, code in colours, tables that fit or scroll.

    Comments are for those who write, and left out.
    """
    reader = _reader().enable("table")
    reader.options["highlight"] = lambda text, language, _: code(text, language or "text")
    numbers, box = itertools.count(1), '<div class="scroll" tabindex="0" role="region" aria-label="Table {}"><table>\n'
    reader.add_render_rule("table_open", lambda *_: box.format(next(numbers)))
    reader.add_render_rule("table_close", lambda *_: "</table></div>\n")
    reader.add_render_rule("code_block", lambda _, tokens, at, *__: code(tokens[at].content, "python"))
    taken: set[str] = set()

    def anchored(match: re.Match[str]) -> str:
        level, heading = match.groups()
        anchor = re.sub(r"[^a-z0-9]+", "-", text_of_html(heading).lower()).strip("-")
        if not anchor:
            return match[0]
        while anchor in taken:
            anchor += "-" + str(len(taken))
        taken.add(anchor)
        return f'<h{level} id="{anchor}"><a class="here" href="#{anchor}">{heading}</a></h{level}>'

    source = re.sub(r"^<!--.*?-->\n", "", source, flags=re.MULTILINE | re.DOTALL)
    text = re.sub(r"<h([23])>(.*?)</h\1>", anchored, reader.render(source))
    text = re.sub(r"(?:<p><img [^>]*></p>\n?){2,}", lambda match: f'<div class="drawings">{match[0]}</div>\n', text)
    text = re.sub(r"<table>.*?</table>", lambda match: _labelled(match[0]), text, flags=re.DOTALL)
    return Markup(text)  # noqa: S704 - HTML is escaped


def inline(source: str) -> Markup:
    """Return a line of Markdown as HTML."""
    return Markup(_reader().renderInline(source))  # noqa: S704 - HTML is escaped


def _reader() -> MarkdownIt:
    """Return a reader of Markdown that keeps short code on one line."""

    def inline_code(_: Any, tokens: Any, at: int, *__: Any) -> str:
        text = tokens[at].content
        kind = ' class="whole"' if len(text) <= WHOLE else ""
        return f"<code{kind}>{html.escape(text, quote=False)}</code>"

    reader = MarkdownIt("commonmark", {"html": False})
    reader.add_render_rule("code_inline", inline_code)
    return reader


def _labelled(table: str) -> str:
    """Return a table whose rows a telephone shows below one another, each cell with its heading.

    A table of figures stays a table.
    """
    heads = [text_of_html(head) for head in re.findall(r"<th[^>]*>(.*?)</th>", table)]
    rows = [re.findall(r"<td[^>]*>(.*?)</td>", row) for row in table.split("<tr>")[2:]]
    beyond = max((len(text_of_html(cell)) for row in rows for cell in row[1:]), default=0)
    names = max((len(text_of_html(row[0])) for row in rows if "<code" in row[0]), default=0)
    if beyond <= LONG or (len(heads) == 2 and names <= LONG):
        return table
    labels = itertools.cycle(["", *heads[1:]] if len(heads) > 2 else ["", ""])

    def cell(_: re.Match[str]) -> str:
        name = next(labels)
        return f'<td role="cell" data-label="{html.escape(name)}">' if name else '<td role="cell">'

    table = re.sub("<td>", cell, table)
    for tag, role in (("tr", "row"), ("thead", "rowgroup"), ("tbody", "rowgroup"), ("th", "columnheader")):
        table = table.replace(f"<{tag}>", f'<{tag} role="{role}">')
    return table.replace("<table>", '<table class="labelled" role="table">')


def breakable(name: str) -> Markup:
    """Return a long name as HTML that may break at its parts."""
    return Markup(re.sub(r"(?<=[a-z])(?=[A-Z])|(?<=[_/])(?=.)", "<wbr>", html.escape(name)))  # noqa: S704 - escaped


def capitalised(sentence: str) -> str:
    """Return a sentence that begins in upper case, unless with a name or code."""
    first = sentence.partition(" ")[0]
    return sentence[:1].upper() + sentence[1:] if re.fullmatch(r"[a-z]+[,;:]?", first) else sentence


def code(text: str, language: str) -> str:
    """Return a block of code in colours. `tabindex` lets the keyboard scroll its long lines."""
    inner = highlight(text, get_lexer_by_name(language, stripnl=False), HtmlFormatter(nowrap=True))
    return f'<pre tabindex="0" data-code="{language}"><code>{inner}</code></pre>'


def as_markdown(page: str) -> str:
    """Return the text of a page of ours as Markdown, with links to the Markdown of other pages."""
    main = page[page.index("<main") : page.index("</main>")]
    main = re.sub(r"<form.*?</form>|<wbr>|<template.*?</template>", "", main, flags=re.DOTALL)
    main = re.sub(r'<p class="eyebrow">.*?</p>|<p data-away>.*?</p>', "", main, flags=re.DOTALL)
    main = re.sub(r'<a class="(?:here|name)" href="[^"]*">(.*?)</a>', r"\1", main)
    main = re.sub(r'href="(?!https?:)([^"#]+)\.html', r'href="\1.md', main)
    text = markdownify(main, heading_style="ATX", bullets="-", code_language_callback=lambda pre: pre.get("data-code"))
    return re.sub(r"\n{3,}", "\n\n", text).strip() + "\n"


def text_of_html(markup: str) -> str:
    """Return the text of a piece of HTML."""
    return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", markup.replace("<wbr>", ""))).split())


def text_of_markdown(source: str) -> str:
    """Return the text of a piece of Markdown."""
    return " ".join(re.sub(r"[*`|]|^[\s|:-]+$", "", source, flags=re.MULTILINE).split())
