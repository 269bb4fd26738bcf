"""The four embeds: the parameters of each, and the content for them."""

from collections.abc import Callable, Iterator, Sequence
from enum import StrEnum
from typing import Any, NamedTuple

from sqlmodel import col

from app.coordinators.queries import coordinators
from app.coordinators.reading import build_coordinators
from app.coordinators.schemas import Coordinator
from app.courses import queries as of_courses
from app.courses.reading import build_courses
from app.courses.schemas import Course, CourseParameters
from app.embed.content import Content, Entry, Point, content, point, source, window
from app.embed.numbers import Number, numbers
from app.embed.pages.addresses import address
from app.embed.pages.words import texts_in
from app.embed.wording import WORDS, course_facts
from app.hotlines.queries import hotlines
from app.hotlines.reading import build_hotlines
from app.referrals.making import make_referral
from app.referrals.schemas import ReferralParameters, Step
from app.resources.building import build_common
from app.resources.filters import ReachableParameters, conditions
from app.resources.freshness import freshness_of, warnings_of
from app.resources.models import Kind, Resource
from app.resources.open_now import Person, load_open_now, tell_round_the_clock
from app.resources.queries import resources
from app.resources.reading import Reading
from app.resources.schemas import ContactPointShown, ResourceShown
from app.resources.slices import load_items
from app.sources.schemas import CitationShown
from app.texts import Text


class Embed(StrEnum):
    """What can be embedded; the names in addresses."""

    HOTLINES = "hotlines"
    COORDINATORS = "coordinators"
    COURSES = "courses"
    REFERRAL = "referral"


class Offer(NamedTuple):
    """An embed: its title, its element in the web component, its page, and what it shows."""

    title: Text
    element: str
    page: str
    show: Callable[[Reading, Any], Content]


def show_hotlines(reading: Reading, parameters: ReachableParameters) -> Content:
    """Lines and chats; the emergency number stands above them, whatever the filters."""
    first = numbers(reading.session, reading.language)
    emergency = [number.resource for number in first if number.urgency == first[0].urgency]
    where = [*conditions(reading.session, parameters, reading.at), col(Resource.slug).not_in(emergency)]
    rows = reading.session.execute(hotlines(where).limit(parameters.limit).offset(parameters.offset)).all()
    lines = build_hotlines(reading, rows)
    in_all = hotlines(conditions(reading.session, parameters, reading.at))
    _, left_out = ([], None) if rows else load_items(reading, in_all, parameters, build_hotlines)
    entries = [_entry(reading, line) for line in lines]
    notices = [*left_out_notices(reading, left_out), *_tell_who_answers(reading, entries)]
    return _content(reading, first, entries, notices)


def show_coordinators(reading: Reading, parameters: ReachableParameters) -> Content:
    """Regional coordinators, each with the line that refers on where no direct contact is known."""
    where = conditions(reading.session, parameters, reading.at)
    records, left_out = load_items(reading, coordinators(where), parameters, build_coordinators)
    through = _lines(reading, [record.reached_through for record in records])
    entries = [
        _entry(reading, record, _region(record), through.get(record.reached_through or "")) for record in records
    ]
    notices = [*left_out_notices(reading, left_out), *_tell_who_answers(reading, entries)]
    return _content(reading, numbers(reading.session, reading.language), entries, notices)


def _region(coordinator: Coordinator) -> list[str]:
    """The counties and, where they are inferred, why."""
    reason = coordinator.coordination_region.reason
    return [*(county.name for county in coordinator.counties), *([reason.rstrip(".")] if reason else [])]


def show_courses(reading: Reading, parameters: CourseParameters) -> Content:
    """Training courses, with length, price and form where a source states them."""
    where = [*conditions(reading.session, parameters, reading.at), *of_courses.own_conditions(parameters)]
    courses, left_out = load_items(reading, of_courses.courses(where), parameters, build_courses)
    entries = [_entry(reading, course, course_facts(course, reading.language)) for course in courses]
    notices = left_out_notices(reading, left_out)
    return _content(reading, numbers(reading.session, reading.language), entries, notices)


def show_referral(reading: Reading, parameters: ReferralParameters) -> Content:
    """Whom to contact, in order; the emergency number's step stands above the others."""
    answer = make_referral(reading, parameters)
    first = numbers(reading.session, reading.language)
    emergency = {number.resource for number in first if number.urgency == first[0].urgency}
    steps = [step for step in answer.steps if step.resource.id not in emergency]
    through = _lines(reading, [step.reached_through.id if step.reached_through else None for step in steps])
    return _content(reading, first, [_step(reading, step, through) for step in steps], answer.notices)


def show_alone(reading: Reading, resource: ResourceShown) -> Content:
    """The entry of one resource, as the embed of its kind shows it among the others."""
    entry = _entry(reading, resource)
    if isinstance(resource, Coordinator):
        through = _lines(reading, [resource.reached_through]).get(resource.reached_through or "")
        entry = _entry(reading, resource, _region(resource), through)
    elif isinstance(resource, Course):
        entry = _entry(reading, resource, course_facts(resource, reading.language))
    return _content(reading, numbers(reading.session, reading.language), [entry])


OFFERS = {
    Embed.HOTLINES: Offer(
        Text(sv="Stödlinjer och chattar", en="Hotlines and chats"),
        "stodkatalog-hotlines", Kind.HOTLINE, show_hotlines,
    ),
    Embed.COORDINATORS: Offer(
        Text(sv="Regionkoordinator", en="Regional coordinator"),
        "stodkatalog-coordinator", Kind.COORDINATOR, show_coordinators,
    ),
    Embed.COURSES: Offer(
        Text(sv="Utbildningar för yrkesverksamma", en="Courses for professionals"),
        "stodkatalog-courses", Kind.COURSE, show_courses,
    ),
    Embed.REFERRAL: Offer(
        Text(sv="Vem kontaktar jag nu?", en="Whom do I contact now?"),
        "stodkatalog-referral", "referral", show_referral,
    ),
}  # fmt: skip


def left_out_notices(reading: Reading, count: int | None) -> list[str]:
    """How many outdated or ended records an empty list leaves out, in the words of the pages."""
    if not count:
        return []
    words = texts_in(reading.language)["list"]
    return [(words["left_out_one"] if count == 1 else words["left_out"]).format(count)]


def _tell_who_answers(reading: Reading, entries: Sequence[Entry]) -> Iterator[str]:
    """Who answers round the clock, where none of the entries always does: a state may be kept for days."""
    if not any(way.always and way.display for entry in entries for way in entry.points):
        yield from tell_round_the_clock(load_open_now(reading, Person()), reading.language)


def _content(reading: Reading, first: Sequence[Number], entries: list[Entry], notices: Sequence[str] = ()) -> Content:
    return content(reading.language, window(reading.at), first, entries, notices)


def _entry(
    reading: Reading, resource: ResourceShown, facts: Sequence[str] = (), through: ResourceShown | None = None
) -> Entry:
    days = window(reading.at)
    return Entry(
        name=resource.name,
        text=resource.summary,
        facts=[*facts, *_in_facts(freshness_of(resource)), *_warn(through)],
        points=[point(way, days, reading.language) for way in _own(resource.contact_points, through)]
        + _via(reading, through),
        source=source(_cite_first_point(resource), reading.language),
        url=_page(reading, resource.id),
    )


def _step(reading: Reading, step: Step, through: dict[str, ResourceShown]) -> Entry:
    line = through.get(step.reached_through.id) if step.reached_through else None
    return Entry(
        name=step.resource.name,
        text=step.reason,
        facts=[*_in_facts(step.resource.freshness), *_warn(line)],
        points=[
            point(contact_point, window(reading.at), reading.language)
            for contact_point in _own(step.contact_points, line)
        ]
        + _via(reading, line),
        source=source(step.citations, reading.language),
        url=_page(reading, step.resource.id),
    )


def _in_facts(freshness: str) -> list[str]:
    """A sentence as one of the short facts, which have no full stop."""
    return [freshness.removesuffix(".")] if freshness else []


def _warn(line: ResourceShown | None) -> list[str]:
    """The warning beside a line that refers on."""
    return [] if line is None else [warning.removesuffix(".") for warning in warnings_of(line)]


def _cite_first_point(resource: ResourceShown) -> Sequence[CitationShown]:
    """The citations of the first number or address; all citations where there is none."""
    fields = [f"contact_points.{point.id}.value" for point in resource.contact_points if point.value is not None][:1]
    return [cited for cited in resource.citations if cited.field in fields] or resource.citations


def _own(points: Sequence[ContactPointShown], through: ResourceShown | None) -> list[ContactPointShown]:
    """The record's own contact points; those without a value only where no line refers on."""
    return [contact_point for contact_point in points if contact_point.value is not None or through is None]


def _via(reading: Reading, line: ResourceShown | None) -> list[Point]:
    if line is None:
        return []
    label = WORDS[reading.language].via.format(name=line.name)
    return [
        point(contact_point, window(reading.at), reading.language, label)
        for contact_point in line.contact_points
        if contact_point.value is not None
    ]


def _lines(reading: Reading, slugs: Sequence[str | None]) -> dict[str, ResourceShown]:
    """The lines that refer on, by their id."""
    distinct = {slug for slug in slugs if slug is not None}
    records = reading.session.scalars(resources([col(Resource.slug).in_(distinct)])).all()
    return {line.id: line for line in build_common(reading, records)}


def _page(reading: Reading, slug: str) -> str:
    return reading.base_url + address("resource", reading.language, slug)
