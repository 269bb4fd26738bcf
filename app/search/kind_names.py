"""The kinds as people ask for them, in Swedish and English: `hotline` finds the hotlines, whatever they are called."""

from functools import cache

from app.resources.kind import Kind, profile_of

_OTHERS = {"organization": "organization organisation organisationer"}


@cache
def kinds_by_word() -> dict[str, str]:
    """The kind that each word names."""
    names = {kind.value: profile_of(kind).asked_as for kind in Kind} | _OTHERS
    return {word: kind for kind, words in names.items() for word in words.split()}
