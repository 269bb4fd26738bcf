"""Extracts the text of a page, folded for comparison with evidence.

`app.verifying.isolating` runs it as a program that reads a page from stdin, because a foreign page may crash a parser
or keep it busy for hours.
"""

import codecs
import json
import logging
import re
import resource
import sys
from dataclasses import asdict, dataclass
from io import BytesIO

from selectolax.lexbor import LexborHTMLParser

from app.folding import plain

INLINE = (
    "a", "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "code", "data", "del", "dfn", "em", "font", "i", "ins",
    "kbd", "mark", "nobr", "q", "s", "samp", "small", "span", "strike", "strong", "sub", "sup", "time", "tt", "u",
    "var", "wbr",
)  # fmt: skip
"""Elements within a line: no line break is put around them."""
HIDDEN = ["script", "style", "noscript", "template"]
_BLOCKS = f"*:not({', '.join(INLINE)})"
_INVISIBLE = dict.fromkeys(map(ord, "\u00ad\u200b\u200c\u200d\u2060\ufeff"))
_BROKEN_WORD = re.compile(r"(?<=[^\W\d_])[-\u2010]\n(?=[^\W\d_])")
_META_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w.:-]{1,40})", re.IGNORECASE)
_HEADER_CHARSET = re.compile(r"charset\s*=\s*[\"']?([\w.:-]{1,40})", re.IGNORECASE)
_BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))


MEMORY = 1_000_000_000
"""Bytes of address space for a process that reads a page."""


class Unreadable(Exception):
    """The text of a page cannot be extracted; the message says why."""


@dataclass(frozen=True, slots=True)
class PageText:
    """The text of a page, folded by `fold_text`; its headings, title first; and signs of log-in and script pages."""

    text: str
    headings: tuple[str, ...] = ()
    asks_for_password: bool = False
    has_scripts: bool = False


def fold_text(text: str) -> str:
    """Normalize what typography varies: white space, no-break spaces, dashes, soft hyphens."""
    return plain(text.translate(_INVISIBLE))


def read_page(body: bytes, content_type: str) -> PageText:
    """The text of an HTML page, a PDF or a plain text. Raises Unreadable."""
    kind = content_type.partition(";")[0].strip().lower()
    if kind == "application/pdf" or body.startswith(b"%PDF-"):
        return PageText(fold_text(_read_pdf(body)))
    if kind == "text/plain":
        return PageText(fold_text(decode(body, content_type)))
    if kind in ("", "text/html", "application/xhtml+xml"):
        return _read_html(decode(body, content_type))
    raise Unreadable(f"a page of type {kind[:60]} cannot be read")


def decode(body: bytes, content_type: str) -> str:
    """Decode as UTF-8 if that is valid, whatever was declared; else as declared; else as Windows-1252."""
    for mark, name in _BOMS:
        if body.startswith(mark):
            return body.decode(name, "replace")
    declared = _HEADER_CHARSET.search(content_type)
    meta = _META_CHARSET.search(body[:4096])
    names = ["utf-8", declared and declared[1], meta and meta[1].decode("ascii")]
    for name in filter(None, names):
        try:
            return body.decode(name)
        except (LookupError, ValueError):
            continue
    return body.decode("windows-1252", "replace")


def _read_html(markup: str) -> PageText:
    tree = LexborHTMLParser(markup)
    asks_for_password = tree.css_first("input[type=password i]") is not None
    has_scripts = tree.css_first("script") is not None
    for node in tree.css(", ".join(HIDDEN)):
        node.decompose()
    for node in tree.css(_BLOCKS):
        node.insert_before("\n")
        node.insert_after("\n")
    headings = tuple(filter(None, (fold_text(node.text(deep=True)) for node in tree.css("title, h1")[:4])))
    text = tree.root.text(deep=True) if tree.root else ""
    return PageText(fold_text(text), headings, asks_for_password, has_scripts)


def _read_pdf(body: bytes) -> str:
    from pypdf import PdfReader  # noqa: PLC0415  # most pages are HTML

    logging.getLogger("pypdf").setLevel(logging.CRITICAL)  # it logs a line for each oddity of a file
    try:
        pages = [page.extract_text() for page in PdfReader(BytesIO(body)).pages]
    except Exception as error:  # which errors it raises for broken files is not documented
        raise Unreadable(f"the PDF cannot be read: {' '.join(str(error).split())[:200]}") from None
    return _BROKEN_WORD.sub("", "\n".join(pages))


if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    try:
        print(json.dumps(asdict(read_page(sys.stdin.buffer.read(), sys.argv[1]))))
    except Unreadable as error:
        print(json.dumps({"unreadable": str(error)}))
