"""From rows to what the API shows: a fixed number of queries, however many resources there are."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import lru_cache
from typing import Any
from uuid import UUID

from sqlalchemy import BindParameter, bindparam
from sqlmodel import Session

from app.areas.models import Area
from app.http.links import Links, link
from app.http.views import View
from app.opening_hours.comments import comment_in
from app.opening_hours.live import Exceptional, holiday_name, lasting, live
from app.opening_hours.rules import STOCKHOLM
from app.resources import contacts, queries
from app.resources.freshness import checks_of, tell_freshness
from app.resources.models import STAFFED, ContactPoint, OpeningException, Resource
from app.resources.reviewing import Review, day_of, review_on
from app.resources.schemas import (
    AreaBrief,
    ContactPointShown,
    ExceptionShown,
    Named,
    OpeningHoursShown,
    Part,
    Successor,
)
from app.sources.queries import citations
from app.sources.schemas import BY_PLACE, CitationShown, group_citations
from app.texts import Language, text_of
from app.times import midnight_after
from app.unions import Union
from app.vocabularies.models import Term, Vocabulary


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading(View):
    """A view, and the session to read what it shows: one snapshot of the store."""

    session: Session


REACH = ("terms", "served", "contact_points", "spoken", "exceptions")
TEXTS = ("texts", "citations")


@dataclass(slots=True)
class Surroundings:
    """What belongs to some resources, by the resource's id."""

    citations: dict[UUID, list[CitationShown]]
    names: dict[UUID, tuple[str, str, str | None]] = field(default_factory=dict)
    successors: dict[UUID, Successor] = field(default_factory=dict)
    parts: defaultdict[UUID, list[Part]] = field(default_factory=lambda: defaultdict(list))
    terms: defaultdict[UUID, list[Term]] = field(default_factory=lambda: defaultdict(list))
    areas: defaultdict[UUID, list[Area]] = field(default_factory=lambda: defaultdict(list))
    points: defaultdict[UUID, list[ContactPoint]] = field(default_factory=lambda: defaultdict(list))
    languages: defaultdict[UUID, list[str]] = field(default_factory=lambda: defaultdict(list))
    exceptions: defaultdict[UUID, list[OpeningException]] = field(default_factory=lambda: defaultdict(list))


def load_surroundings(reading: Reading, resources: Sequence[Resource]) -> Surroundings:
    """Read all that belongs to these resources, in one query."""
    surroundings = Surroundings(citations={}, names=name_by_slug(resources))
    _fill(reading, resources, surroundings, (*TEXTS, *REACH, "parts"))
    return surroundings


def load_reach(reading: Reading, resources: Sequence[Resource]) -> Surroundings:
    """Read whom these resources are for, and where and how they are reached, in one query."""
    surroundings = Surroundings(citations={})
    _fill(reading, resources, surroundings, REACH)
    return surroundings


def add_texts(reading: Reading, resources: Sequence[Resource], surroundings: Surroundings) -> None:
    """Read the texts of these resources, what supersedes them, and their citations, in one query."""
    surroundings.names |= name_by_slug(resources)
    _fill(reading, resources, surroundings, TEXTS)


def _fill(reading: Reading, resources: Sequence[Resource], surroundings: Surroundings, names: tuple[str, ...]) -> None:
    ids = [resource.id for resource in resources]
    rows = _unite(names, reading.language).read(reading.session.connection(), {"ids": ids})
    for term in rows.get("terms", ()):
        surroundings.terms[term.resource_id].append(term)
    for area in rows.get("served", ()):
        surroundings.areas[area.resource_id].append(area)
    for point in rows.get("contact_points", ()):
        surroundings.points[point.resource_id].append(point)
    for row in rows.get("spoken", ()):
        surroundings.languages[row.contact_point_id].append(row.language)
    for exception in rows.get("exceptions", ()):
        surroundings.exceptions[exception.contact_point_id].append(exception)
    for part in rows.get("parts", ()):
        surroundings.parts[part.resource_id].append(Part(id=part.slug, name=part.name, role=part.role))
    for text in rows.get("texts", ()):
        surroundings.names[text.resource_id] = (text.name, text.summary, text.description)
        if text.successor_slug is not None and text.successor_kind is not None:
            successor = Successor(id=text.successor_slug, name=text.successor_name, kind=text.successor_kind)
            surroundings.successors[text.resource_id] = successor
    if "citations" in rows:
        surroundings.citations |= group_citations(rows["citations"], ids)


@lru_cache
def _unite(names: tuple[str, ...], language: Language) -> Union:
    """The statement for these parts. Its rows have the attributes of the models, for a third of the time."""
    ids: BindParameter[Any] = bindparam("ids", expanding=True)
    parts = {
        "texts": (queries.texts(ids, language), ()),
        "terms": (queries.terms(ids), ("position", "slug")),
        "served": (queries.served(ids), ("position", "code")),
        "contact_points": (queries.contact_points(ids), ("position", "slug")),
        "spoken": (queries.spoken(ids), ("language",)),
        "exceptions": (queries.exceptions(ids), ("starts_on", "id")),
        "citations": (citations(ids), BY_PLACE),
        "parts": (queries.parts(ids, language), ("position", "slug")),
    }
    return Union({name: parts[name] for name in names})


def name_by_slug(resources: Sequence[Resource]) -> dict[UUID, tuple[str, str, str | None]]:
    """Names until their texts are read. Where a text cannot be read, the ways to reach somebody are still told."""
    return {resource.id: (resource.slug, "", None) for resource in resources}


def build_core(view: View, resource: Resource, surroundings: Surroundings) -> dict[str, Any]:
    """The fields of ResourceShown."""
    name, summary, description = surroundings.names[resource.id]
    points = [build_contact_point(view, point, surroundings) for point in surroundings.points[resource.id]]
    citations = surroundings.citations[resource.id]
    return {
        "id": resource.slug,
        "kind": resource.kind,
        "language": view.language,
        "name": name,
        "summary": summary,
        "description": description,
        "organizations": surroundings.parts[resource.id],
        "audiences": name_terms(surroundings.terms[resource.id], Vocabulary.AUDIENCE, view.language),
        "topics": name_terms(surroundings.terms[resource.id], Vocabulary.TOPIC, view.language),
        "areas": [build_area(area, view.language) for area in surroundings.areas[resource.id]],
        "min_age": resource.min_age,
        "max_age": resource.max_age,
        "contact_points": points,
        "status": resource.status,
        "superseded_by": surroundings.successors.get(resource.id),
        "stated_on": resource.stated_on,
        "review": tell_review(view, resource.verified_at, resource.review_due),
        "verified_at": resource.verified_at,
        "review_due": resource.review_due,
        "freshness": tell_freshness(resource.kind, points, citations, checks_of(resource), view.language),
        "updated_at": resource.updated_at,
        "citations": citations,
        "links": build_links(view, resource),
    }


def tell_review(view: View, verified_at: date | None, review_due: date | None) -> Review | None:
    """Whether a person has checked it lately enough; None in what is to be kept, where that would go on being said."""
    if view.lasting:
        return None
    day = day_of(view.at)
    review = review_on(day, verified_at, review_due)
    if review is not review_on(day + timedelta(days=1), verified_at, review_due):
        view.note_change(midnight_after(view.at))
    return review


def build_links(view: View, resource: Resource) -> Links:
    """Where the resource is, and the list it is in."""
    collection = f"/v1/{resource.kind.collection}"
    return {
        "self": link(view, f"{collection}/{resource.slug}"),
        "collection": link(view, collection, "collection"),
    }


def name_terms(terms: Sequence[Term], vocabulary: Vocabulary, language: Language) -> list[Named]:
    """The terms of one vocabulary, named in a language."""
    return [
        Named(id=term.slug, name=text_of(term, "name", language)) for term in terms if term.vocabulary == vocabulary
    ]


def build_area(area: Area, language: Language) -> AreaBrief:
    """An area's id, kind and name."""
    return AreaBrief(
        id=area.code,
        kind=area.kind,
        name=text_of(area, "name", language),
        basis=area.basis,
        reason=text_of(area, "reason", language),
    )


def build_contact_point(view: View, point: ContactPoint, surroundings: Surroundings) -> ContactPointShown:
    """A contact point with its state at the moment asked about."""
    return ContactPointShown(
        id=point.slug,
        channel=point.channel,
        label=text_of(point, "label", view.language),
        value=point.value,
        display=contacts.format_value(point.channel, point.value),
        uri=contacts.make_uri(point.channel, point.value),
        languages=surroundings.languages[point.id],
        anonymous=point.anonymous,
        free_of_charge=point.free_of_charge,
        on_phone_bill=point.on_phone_bill,
        interpreters=point.interpreters,
        opening_hours=build_opening_hours(view, point, surroundings.exceptions[point.id]),
    )


def build_opening_hours(
    view: View, point: ContactPoint, exceptions: Sequence[OpeningException]
) -> OpeningHoursShown | None:
    """The hours of a contact point, and its state; None where nobody has to be there and no hours are given."""
    if point.opening_hours is None and point.channel not in STAFFED:
        return None
    other = [Exceptional(exception.starts_on, exception.ends_on, exception.expression) for exception in exceptions]
    return OpeningHoursShown(
        **build_hours_at(view, point.opening_hours, other),
        time_zone=STOCKHOLM.key,
        expression=point.opening_hours,
        basis=point.hours_basis,
        reason=text_of(point, "hours_reason", view.language),
        stated=point.hours_stated,
        exceptions=[
            ExceptionShown(
                starts_on=exception.starts_on,
                ends_on=exception.ends_on,
                expression=exception.expression,
                reason=text_of(exception, "reason", view.language),
            )
            for exception in exceptions
        ],
    )


def build_hours_at(view: View, expression: str | None, exceptions: Sequence[Exceptional]) -> dict[str, Any]:
    """The fields of OpeningHoursShown that depend on the moment."""
    at = view.lasting or view.at
    now = live(expression, exceptions, at)
    if view.lasting:
        now = lasting(now)
    else:
        view.note_change(now.next_change)
    return {
        "state": now.state,
        "comment": comment_in(view.language, now.comment),
        "evaluated_at": at.astimezone(STOCKHOLM),
        "next_change": now.next_change,
        "holiday": None if view.lasting else holiday_name(at, view.language),
        "always_open": now.always_open,
        "exceptional": now.exceptional,
    }
