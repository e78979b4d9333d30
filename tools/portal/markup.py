"""Turn Markdown and code into HTML, and HTML and Markdown into plain text for the search."""

import html
import itertools
import re

from markdown_it import MarkdownIt
from markdownify import markdownify
from markupsafe import Markup
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import get_lexer_by_name

__all__ = ["as_markdown", "breakable", "code", "inline", "markdown", "text_of_html", "text_of_markdown"]


def markdown(source: str) -> Markup:
    """Return Markdown as HTML: headings with anchors, code in colours, tables that scroll."""
    options = {"html": False, "highlight": lambda text, language, _: code(text, language or "text")}
    reader = MarkdownIt("commonmark", options).enable("table")
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

    text = re.sub(r"<h([23])>(.*?)</h\1>", anchored, reader.render(source))
    return Markup(text)  # noqa: S704 - HTML is escaped


def inline(source: str) -> Markup:
    """Return a line of Markdown as HTML."""
    return Markup(MarkdownIt("commonmark", {"html": False}).renderInline(source))  # noqa: S704 - HTML is escaped


def breakable(name: str) -> Markup:
    """Return a long name as HTML that may break at its parts."""
    return Markup(re.sub(r"(?<=[a-z])(?=[A-Z])|(?<=[_/])(?=.)", "<wbr>", html.escape(name)))  # noqa: S704 - escaped


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
    return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", markup)).split())


def text_of_markdown(source: str) -> str:
    """Return the text of a piece of Markdown."""
    return " ".join(re.sub(r"[*`|]|^[\s|:-]+$", "", source, flags=re.MULTILINE).split())
