"""The comments in our expressions, in both languages. They are our own words, not the source's."""

from collections.abc import Iterator

from app.opening_hours.holidays import FIRST_YEAR, eves
from app.texts import Language, Text

EXISTENCE = Text(sv="inte känt om linjen finns kvar", en="not known whether the line still exists")
COMMENTS = {
    text.sv: text
    for text in (
        Text(sv="kontorstid", en="office hours"),
        Text(sv="tider från 2024", en="hours from 2024"),
        Text(sv="utanför kontorstid", en="outside office hours"),
        Text(sv="efter bokning", en="by appointment"),
        EXISTENCE,
        Text(sv="enligt lista juni 2026", en="according to a list of June 2026"),
        Text(sv="enligt sida utan datum", en="according to an undated page"),
        Text(sv="enligt sida från 2023", en="according to a page from 2023"),
        Text(sv="enligt äldre sida", en="according to an older page"),
        Text(sv="enligt Kungsbacka", en="according to Kungsbacka"),
        *(Text(sv=name.sv.lower(), en=name.en) for name in eves(FIRST_YEAR).values()),
    )
}
"""Keyed by the Swedish text, which is the one that stands in an expression."""


def comment_in(language: Language, comment: str | None) -> str | None:
    """The comment of a rule in a language; a comment that has no translation is returned unchanged."""
    return COMMENTS[comment][language] if comment in COMMENTS else comment


def doubts_existence(expression: str | None) -> bool:
    """Whether some rule says that it is not known whether the line still exists; it then holds for all hours."""
    return expression is not None and f'"{EXISTENCE.sv}"' in expression


def find_untranslated(expression: str) -> Iterator[str]:
    """The comments of an expression that have no translation, without their quotation marks."""
    return (text for text in expression.split('"')[1::2] if text not in COMMENTS)
