"""Who says what, in words: a resource's citations, gathered by source."""

import re
from dataclasses import dataclass
from datetime import date

from app.embed.pages.words import texts_in, texts_of
from app.resources.schemas import ResourceShown
from app.sources.schemas import SourceBrief
from app.texts import Language
from app.times import date_in_words

LINE = re.compile(r"rad(er)? [0-9 ,–-]+")


@dataclass(frozen=True, slots=True)
class Statement:
    """What a source states of a field: where, and its own few words."""

    locator: str | None
    evidence: str
    missing_since: date | None


@dataclass(slots=True)
class Witness:
    """A source, and what it states of one resource, by the field in words."""

    source: SourceBrief
    dated: str
    seen_at: date | None
    """When a machine last saw the source say any of it."""
    statements: dict[str, list[Statement]]


def witnesses(resource: ResourceShown, language: Language) -> list[Witness]:
    """The sources of a resource, in the order in which they are cited."""
    by_source: dict[str, Witness] = {}
    for citation in resource.citations:
        witness = by_source.setdefault(
            citation.source.id, Witness(citation.source, dated(citation.source, language), None, {})
        )
        witness.seen_at = max(filter(None, (witness.seen_at, citation.seen_at)), default=None)
        statements = witness.statements.setdefault(field(citation.field, resource, language), [])
        statement = Statement(_locate(citation.locator), citation.evidence, citation.missing_since)
        if statement not in statements:
            statements.append(statement)
    return list(by_source.values())


def _locate(locator: str | None) -> str | None:
    """Where in the source a reader finds it; not a line of a stored copy, which readers do not have."""
    return None if locator is None or LINE.fullmatch(locator) else locator


def publisher(source: SourceBrief, language: Language) -> str:
    """The publisher; our own note that a source names none, in the language of the page."""
    swedish, ours = (texts_in(code)["sources"]["no_publisher"] for code in (Language.SWEDISH, language))
    return source.publisher.replace(swedish, ours)


def dated(source: SourceBrief, language: Language) -> str:
    """`uppdaterad 6 oktober 2022`, `publicerad …` or `sidan anger inget datum`."""
    say = texts_in(language)["sources"]
    for form, day in (("updated", source.updated), ("published", source.published)):
        if day is not None:
            words: str = say[form].format(date_in_words(day, language))
            return words
    undated: str = say["undated"]
    return undated


def field(name: str, resource: ResourceShown, language: Language) -> str:
    """A field in words: `contact_points.telefon.value` → `Telefon: nummer eller adress`."""
    words = texts_of(resource.kind, language)["fields"]
    first, *rest = name.split(".")
    if first == "contact_points" and rest:
        labels = {point.id: point.label for point in resource.contact_points}
        return f"{labels.get(rest[0], rest[0])}: {words.get(rest[-1], rest[-1])}"
    label: str = words.get(first, name)
    return label[:1].upper() + label[1:]
