"""Which words differ between two texts, marked in both."""

import re
from difflib import SequenceMatcher

from markupsafe import Markup, escape

LONGEST = 3000
"""Characters beyond which nothing is marked: comparing takes the square of them."""
FEWEST = 9
"""Words and spaces below which nothing is marked: a number or a name is read as a whole."""
ALIKE = 0.3
"""Texts that share less than this are different texts; marking nearly every word would help nobody."""


def mark_words(before: str, after: str) -> tuple[str, str]:
    """Two texts with the words marked that the other has not."""
    old, new = (re.split(r"(\s+)", text) for text in (before, after))
    if max(len(before), len(after)) > LONGEST or min(len(old), len(new)) < FEWEST:
        return before, after
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    if matcher.ratio() < ALIKE:
        return before, after
    codes = [code for code in matcher.get_opcodes() if code[0] != "equal"]
    return _mark(old, [(code[1], code[2]) for code in codes]), _mark(new, [(code[3], code[4]) for code in codes])


def _mark(words: list[str], spans: list[tuple[int, int]]) -> Markup:
    marked, done = Markup(), 0
    for start, end in spans:
        marked += escape("".join(words[done:start]))
        if start < end:
            marked += Markup("<mark>{}</mark>").format("".join(words[start:end]))
        done = end
    return marked + escape("".join(words[done:]))
