"""Names of keys, which say who acted: plain characters only, compared as people read them."""

import unicodedata


def is_same_name(first: str, second: str) -> bool:
    """Whether two names are those of one party, disregarding case, spacing and invisible characters."""
    return _fold(first) == _fold(second)


def is_plain_name(name: str) -> bool:
    """Whether a name has only Latin letters and visible characters: `Аnna` with a Cyrillic А is not Anna."""
    return all(map(_is_plain, unicodedata.normalize("NFC", name)))


def _is_plain(char: str) -> bool:
    category = unicodedata.category(char)
    if category.startswith("L"):
        return unicodedata.name(char, "").startswith("LATIN ")
    return not category.startswith(("C", "M", "Zl", "Zp"))


def _fold(name: str) -> str:
    visible = "".join(char for char in name if unicodedata.category(char) != "Cf")
    return " ".join(unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", visible).casefold()).split())
