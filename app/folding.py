"""Names as people type them: without regard to case, diacritics, dashes or odd spaces."""

import unicodedata

DASHES = dict.fromkeys(map(ord, "‐‑‒–—−"), "-")


def fold(text: str) -> str:
    """Lower case, no diacritics, plain dashes, single spaces: `Region  Väst` → `region vast`."""
    decomposed = unicodedata.normalize("NFKD", text.translate(DASHES).casefold())
    return " ".join("".join(char for char in decomposed if not unicodedata.combining(char)).split())


def plain(text: str) -> str:
    """Only what printing blurs is evened out: no-break spaces and dashes. Letters keep their marks and case."""
    return " ".join(unicodedata.normalize("NFC", text).translate(DASHES).split())
