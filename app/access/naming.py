"""Names of keys, which say who acted: readable as what they are, and compared as people read them."""

import unicodedata


def is_same_name(first: str, second: str) -> bool:
    """Whether two names are those of one party: without regard to case, odd spaces, and what does not show."""
    return _fold(first) == _fold(second)


def is_plain_name(name: str) -> bool:
    """Whether a name has Latin letters only and nothing that does not show: `Аnna` with a Cyrillic А is not Anna."""
    return all(map(_is_plain, unicodedata.normalize("NFC", name)))


def _is_plain(char: str) -> bool:
    category = unicodedata.category(char)
    if category.startswith("L"):
        return unicodedata.name(char, "").startswith("LATIN ")
    return not category.startswith(("C", "M", "Zl", "Zp"))


def _fold(name: str) -> str:
    seen = "".join(char for char in name if unicodedata.category(char) != "Cf")
    return " ".join(unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", seen).casefold()).split())
