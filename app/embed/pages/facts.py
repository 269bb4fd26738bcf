"""What is particular to a resource, as names and values in words; what nobody states is left out."""

from collections.abc import Iterator
from typing import Any

from app.coordinators.schemas import Coordinator
from app.courses.schemas import Course
from app.embed.pages.words import day, said_of
from app.events.schemas import Event
from app.programs.schemas import Program
from app.publications.schemas import Publication
from app.resources.models import Basis
from app.resources.schemas import ResourceShown
from app.texts import Language

Fact = tuple[str, str | None]


def facts(resource: ResourceShown, language: Language) -> list[tuple[str, str]]:
    """Names and values, first what is the kind's own."""
    say = said_of(resource.kind, language)
    found = [*_own(resource, say, language), *_shared(resource, say)]
    return [(say["facts"][name], value) for name, value in found if value]


def _shared(resource: ResourceShown, say: dict[str, Any]) -> Iterator[Fact]:
    parts = (f"{one.name} ({say['roles'][one.role]})" for one in resource.organizations)
    yield "organizations", ", ".join(parts)
    yield "audiences", ", ".join(one.name for one in resource.audiences)
    yield "ages", _ages(resource, say["facts"])
    yield "topics", ", ".join(one.name for one in resource.topics)
    yield "areas", ", ".join(one.name for one in resource.areas)


def _ages(resource: ResourceShown, say: dict[str, str]) -> str | None:
    youngest, oldest = resource.min_age, resource.max_age
    if youngest is not None and oldest is not None:
        return say["ages_between"].format(youngest, oldest)
    if youngest is not None:
        return say["ages_from"].format(youngest)
    return None if oldest is None else say["ages_to"].format(oldest)


def _own(resource: ResourceShown, say: dict[str, Any], language: Language) -> Iterator[Fact]:
    match resource:
        case Coordinator():
            region = resource.coordination_region
            yield "coordination_region", f"{region.name}. {region.reason}" if region.reason else region.name
            yield "counties", ", ".join(county.name for county in resource.counties)
        case Course():
            yield from _of_course(resource, say, language)
        case Program():
            yield "applicant", resource.applicant
            yield "apply_through", resource.apply_through
            yield "available_from", day(resource.available_from, language) if resource.available_from else None
            yield "duration", _days(resource.days, say["facts"])
        case Publication():
            yield from _of_publication(resource, say, language)
        case Event():
            yield from _of_event(resource, say, language)
        case _:
            return


def _of_course(course: Course, say: dict[str, Any], language: Language) -> Iterator[Fact]:
    words = say["facts"]
    minutes = words["minutes"].format(course.minutes) if course.minutes is not None else None
    price = None if course.free is None else words["free" if course.free else "not_free"]
    yield "format", None if course.format is None else say["formats"][course.format]
    yield "length", _quoted(minutes or _days(course.days, words), course.duration_stated, say)
    yield "chapters", None if course.chapters is None else str(course.chapters)
    yield "price", _quoted(price, course.price_stated, say)
    yield "launched_on", day(course.launched_on, language) if course.launched_on else None


def _of_publication(publication: Publication, say: dict[str, Any], language: Language) -> Iterator[Fact]:
    yield "type", say["types"][publication.type]
    yield "full_title", publication.title
    yield "published_on", day(publication.published_on, language) if publication.published_on else None
    yield "year", str(publication.year) if publication.year and not publication.published_on else None
    yield "number", publication.number
    yield "edition", publication.edition


def _of_event(event: Event, say: dict[str, Any], language: Language) -> Iterator[Fact]:
    if event.starts_on is not None:
        last = event.ends_on if event.ends_on not in (None, event.starts_on) else None
        when = " – ".join(day(one, language) for one in (event.starts_on, last) if one)
        yield "when", f"{when} ({say['facts']['inferred']})" if event.date_basis is Basis.INFERRED else when
    yield "venue", ", ".join(one for one in (event.venue, event.street_address, event.locality) if one)
    yield "price", None if event.free is None else say["facts"]["free" if event.free else "not_free"]
    yield "register_by", day(event.register_by, language) if event.register_by else None


def _days(days: int | None, words: dict[str, str]) -> str | None:
    return None if days is None else words["day"] if days == 1 else words["days"].format(days)


def _quoted(ours: str | None, theirs: str | None, say: dict[str, Any]) -> str | None:
    """Our words, and the source's own."""
    quoted = None if theirs is None else say["facts"]["quoted"].format(theirs)
    return f"{ours} ({quoted})" if ours and quoted else ours or quoted
