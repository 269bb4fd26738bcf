"""Finds fragments of evidence in a text."""

import re
from collections.abc import Iterable

from app.verifying.reading import fold_text


def find_missing(text: str, fragments: Iterable[str]) -> list[str]:
    """The fragments that are not in a folded text."""
    return [fragment for fragment in fragments if not compile_fragment(fragment).search(text)]


def compile_fragment(fragment: str) -> re.Pattern[str]:
    """A pattern that matches a fragment word for word, whatever the spacing of its words and dashes.

    A number does not match within a longer one: `112` is not in `1125`.
    """
    folded = fold_text(fragment)
    spaced = re.escape(folded).replace(r"\ ", " ?")
    spaced = re.sub(r"(?: \?)?\\-(?: \?)?", " ?- ?", spaced)
    before = r"(?<!\d)" if folded[:1].isdigit() else ""
    after = r"(?!\d)" if folded[-1:].isdigit() else ""
    return re.compile(f"{before}{spaced}{after}")
