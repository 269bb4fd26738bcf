"""What is open now, for whoever has met a closed line, an unknown number, an ended record or an empty result."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import ColumnElement, or_, select
from sqlmodel import col

from app.areas.models import Area
from app.areas.queries import areas_around
from app.opening_hours.live import State
from app.resources.audiences import tell_audiences
from app.resources.building import build_common
from app.resources.freshness import has_emergency_numbers
from app.resources.models import REACHED, Kind, Resource, ResourceArea, ResourceTerm
from app.resources.queries import of_kind
from app.resources.reading import Reading
from app.resources.schemas import ContactPointShown, ResourceShown
from app.resources.staffing import reachable
from app.status import OFFERED
from app.texts import Language, Text
from app.vocabularies.models import Term, Vocabulary

MOST = 3
"""How many lines are named: who needs help reads a short list."""
READ = 30
"""How many are weighed before the list is cut."""
OF_AGE = 18
YOUNG = 25
"""Lines with an upper age up to this one are for the young."""
BESIDE = frozenset({"professionals", "relatives"})
"""Audiences that many lines have beside those whom they are there for."""

NO_LINE = Text(
    sv="Katalogen känner inte till någon linje för dig som säkert är öppen.",
    en="The directory knows of no line for you that is certain to be open.",
)
NO_LINE_FOR_CHILDREN = Text(
    sv="Katalogen känner inte till någon linje för barn och unga som säkert är öppen.",
    en="The directory knows of no line for children and young people that is certain to be open.",
)
ROUND_THE_CLOCK = Text(sv="Öppet dygnet runt: {}, {}. {}", en="Open round the clock: {}, {}. {}")


@dataclass(frozen=True, slots=True)
class Person:
    """For whom something open is looked for. What is not known of them is left out."""

    groups: frozenset[str] = frozenset()
    """The broad terms of `/audiences` that they may belong to; none: anybody."""
    youngest: int | None = None
    oldest: int | None = None
    place: Area | None = None
    audiences: frozenset[str] = frozenset()
    """The slugs of `/audiences` within the groups that may be theirs; none: not known."""

    @property
    def is_under_age(self) -> bool:
        """Whether the person is certainly under 18."""
        return self.oldest is not None and self.oldest < OF_AGE


@dataclass(frozen=True, slots=True)
class OpenNow:
    """The lines that are certainly open, the most fitting first, and what is to be said where one is missing."""

    lines: list[ResourceShown]
    notice: str | None


def load_open_now(reading: Reading, person: Person) -> OpenNow:
    """The lines that are open at the moment asked about; in an answer that is kept, those that always are."""
    reading.note_change(reading.at + timedelta(minutes=1))
    is_open = reachable(reading.session, reading.lasting or reading.at, is_open=True)
    statement = of_kind(Kind.HOTLINE, [col(Resource.status).in_(OFFERED), is_open, *_fits(person)])
    lines = [
        line
        for line in build_common(reading, reading.session.scalars(statement.limit(READ)).all())
        if open_points(line) and not has_emergency_numbers(line.contact_points)
    ]
    is_young = person.oldest is not None and person.oldest <= YOUNG
    lines.sort(
        key=lambda line: (is_young and not _is_for_the_young(line), not _is_for(person, line), _is_for_anyone(line))
    )
    notice = None if lines else NO_LINE[reading.language]
    if person.is_under_age and not any(map(_is_for_the_young, lines)):
        notice = NO_LINE_FOR_CHILDREN[reading.language]
    return OpenNow(lines[:MOST], notice)


def load_alternatives(
    reading: Reading, resource: ResourceShown, through: Sequence[ResourceShown] = ()
) -> OpenNow | None:
    """What is open for those whom a resource is for; None where it is there to be reached and open itself.

    `through`: the lines that refer on to it.
    """
    if resource.status in OFFERED:
        if resource.kind not in REACHED or has_emergency_numbers(resource.contact_points):
            return None
        if any(open_points(way) for way in (resource, *through)):
            return None
    return load_open_now(reading, _load_person(reading, resource))


def open_points(resource: ResourceShown) -> list[ContactPointShown]:
    """The ways to reach it that are certainly open."""
    return [
        point
        for point in resource.contact_points
        if point.display and point.opening_hours and point.opening_hours.state is State.OPEN
    ]


def audiences_of(resource: ResourceShown) -> str:
    """Whom it is for, in a sentence."""
    names = [audience.name for audience in resource.audiences]
    return tell_audiences(names, resource.min_age, resource.max_age, resource.language)


def tell_round_the_clock(now: OpenNow, language: Language) -> Iterator[str]:
    """The lines that never close, in sentences that stay true for as long as an answer is kept, and the notice."""
    for line in now.lines:
        ways = [point.display for point in open_points(line) if point.opening_hours and point.opening_hours.always_open]
        if ways:
            names = ", ".join(dict.fromkeys(filter(None, ways)))
            yield ROUND_THE_CLOCK[language].format(line.name, names, audiences_of(line))
    if now.notice:
        yield now.notice


def _is_for_the_young(line: ResourceShown) -> bool:
    return line.max_age is not None and line.max_age <= YOUNG


def _is_for_anyone(line: ResourceShown) -> bool:
    return any(audience.id == "anyone" for audience in line.audiences)


def _is_for(person: Person, line: ResourceShown) -> bool:
    """Whether a line is for the person, and not only for others of the same groups, as one for women is to a man."""
    return (
        not person.audiences
        or _is_for_anyone(line)
        or any(audience.id in person.audiences for audience in line.audiences)
    )


def _load_person(reading: Reading, resource: ResourceShown) -> Person:
    """For whom a resource is. Who is there only beside others counts where there are no others."""
    terms = select(col(Term.slug), col(Term.path)).where(col(Term.vocabulary) == Vocabulary.AUDIENCE)
    paths = dict(reading.session.execute(terms).all())
    own = [paths[audience.id] for audience in resource.audiences if audience.id in paths]
    own = [path for path in own if path.split(".")[0] not in BESIDE] or own
    related = {
        slug for slug, path in paths.items() if any(path.startswith(other) or other.startswith(path) for other in own)
    }
    return Person(
        groups=frozenset(path.split(".")[0] for path in own),
        youngest=resource.min_age,
        oldest=resource.max_age,
        audiences=frozenset(related),
    )


def _fits(person: Person) -> Iterator[ColumnElement[bool]]:
    """What a line must have: it serves the place, or the nation, and is for the person's group and age."""
    areas = areas_around(person.place) if person.place else select(col(Area.id)).where(col(Area.parent_id).is_(None))
    yield col(Resource.id).in_(select(col(ResourceArea.resource_id)).where(col(ResourceArea.area_id).in_(areas)))
    if person.oldest is not None:
        yield or_(col(Resource.min_age).is_(None), col(Resource.min_age) <= person.oldest)
    if person.youngest is not None:
        yield or_(col(Resource.max_age).is_(None), col(Resource.max_age) >= person.youngest)
    if person.groups and "anyone" not in person.groups:
        is_theirs = [col(Term.path).startswith(f"{group}.") for group in sorted({*person.groups, "anyone"})]
        with_term = select(col(ResourceTerm.resource_id)).join(Term, col(Term.id) == col(ResourceTerm.term_id))
        yield col(Resource.id).in_(with_term.where(col(Term.vocabulary) == Vocabulary.AUDIENCE, or_(*is_theirs)))
