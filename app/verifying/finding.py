"""Whether a fragment of evidence stands in a text."""

import re
from collections.abc import Iterable

from app.verifying.reading import fold_text


def find_missing(text: str, fragments: Iterable[str]) -> list[str]:
    """The fragments that are not in a folded text."""
    return [fragment for fragment in fragments if not pattern_of(fragment).search(text)]


def pattern_of(fragment: str) -> re.Pattern[str]:
    """What finds a fragment word for word, however its words and dashes are spaced.

    A number is not found within a longer one: `112` is not in `1125`.
    """
    folded = fold_text(fragment)
    spaced = re.escape(folded).replace(r"\ ", " ?")
    spaced = re.sub(r"(?: \?)?\\-(?: \?)?", " ?- ?", spaced)
    before = r"(?<!\d)" if folded[:1].isdigit() else ""
    after = r"(?!\d)" if folded[-1:].isdigit() else ""
    return re.compile(f"{before}{spaced}{after}")
