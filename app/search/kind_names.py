"""The kinds as people ask for them, in Swedish and English: `hotline` finds the hotlines, whatever they are called."""

from functools import cache

_NAMES = {
    "hotline": "hotline helpline supportline stödlinje stödlinjer hjälplinje hjälplinjer",
    "coordinator": "coordinator koordinator koordinatorer regionkoordinator regionkoordinatorer",
    "support_service": "supportservice stödverksamhet stödverksamheter",
    "course": "course kurs kurser utbildning utbildningar webbkurs webbkurser webbutbildning webbutbildningar",
    "program": "program programme",
    "publication": "publication publikation publikationer",
    "event": "event evenemang",
    "organization": "organization organisation organisationer",
}
"""Words written apart (`support line`) are asked for as one as well."""


@cache
def kinds_by_word() -> dict[str, str]:
    """The kind that each word names."""
    return {word: kind for kind, words in _NAMES.items() for word in words.split()}
