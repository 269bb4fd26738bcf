"""What a record is found by: the rows of the search index, from the rows of the store."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from uuid import UUID

from sqlmodel import SQLModel

from app.areas.models import Area, AreaKind
from app.events.models import EventDetails
from app.organizations.models import Organization, OrganizationText
from app.publications.models import PublicationDetails
from app.resources.contacts import display
from app.resources.models import (
    ContactPoint,
    Resource,
    ResourceArea,
    ResourceOrganization,
    ResourceTerm,
    ResourceText,
)
from app.search.models import SearchEntry, SearchPosting, SearchTrigram
from app.search.ranks import packed
from app.search.spelling import postings
from app.search.words import INDEXED, kind_token, status_token, tokens
from app.vocabularies.models import Term

SAID = (
    Area, Term, OrganizationText, ResourceText, ResourceOrganization, ResourceArea, ResourceTerm, ContactPoint,
    PublicationDetails, EventDetails,
)  # fmt: skip
"""Whose rows hold what resources and organizations are found by."""

Said = defaultdict[UUID, list[str]]


def entries(rows: Iterable[SQLModel]) -> Iterator[SearchEntry | SearchPosting | SearchTrigram]:
    """One entry for each resource and organization, in the order of lists; organizations last; then their tokens."""
    there = defaultdict[type[SQLModel], list[SQLModel]](list)
    for row in rows:
        there[type(row)].append(row)
    names, texts = _said(there)
    served = _served(there)
    found = defaultdict[str, list[int]](list)
    for rank, subject in enumerate((*there[Resource], *there[Organization]), 1):
        assert isinstance(subject, Resource | Organization)
        kind = subject.kind if isinstance(subject, Resource) else "organization"
        yield SearchEntry(rank=rank, subject_id=subject.id)
        said = tokens(names[subject.id], [*texts[subject.id], subject.slug], served[subject.id])
        for token in (*said, status_token(subject.status), kind_token(kind)):
            found[token].append(rank)
    if found:
        found[INDEXED] = []
    for token, ranks in sorted(found.items()):
        yield SearchPosting(token=token, ranks=packed(ranks))
    for trigram, posting in postings(found).items():
        yield SearchTrigram(trigram=trigram, words=" ".join(posting))


def _said(there: dict[type[SQLModel], list[SQLModel]]) -> tuple[Said, Said]:
    names, texts = Said(list), Said(list)
    for row in (*there[OrganizationText], *there[ResourceText]):
        if isinstance(row, OrganizationText):
            names[row.organization_id].append(row.name)
            texts[row.organization_id].append(row.description)
        elif isinstance(row, ResourceText):
            names[row.resource_id].append(row.name)
            texts[row.resource_id] += [row.summary, row.description or ""]
    places, terms = _places(there[Area]), {row.id: row for row in there[Term] if isinstance(row, Term)}
    for row in (*there[ResourceOrganization], *there[ResourceArea], *there[ResourceTerm], *there[ContactPoint]):
        if isinstance(row, ResourceOrganization):
            texts[row.resource_id] += names[row.organization_id]
        elif isinstance(row, ResourceArea):
            texts[row.resource_id] += places[row.area_id]
        elif isinstance(row, ResourceTerm):
            texts[row.resource_id] += [terms[row.term_id].name_sv, terms[row.term_id].name_en]
        elif isinstance(row, ContactPoint):
            texts[row.resource_id] += _contact(row)
    for row in (*there[PublicationDetails], *there[EventDetails]):
        assert isinstance(row, PublicationDetails | EventDetails)
        texts[row.resource_id] += _details(row)
    return names, texts


def _served(there: dict[type[SQLModel], list[SQLModel]]) -> Said:
    """The names of the municipalities that a resource serves, but for what serves the nation."""
    found, places = Said(list), _places(there[Area], AreaKind.MUNICIPALITY)
    for row in there[ResourceArea]:
        if isinstance(row, ResourceArea):
            found[row.resource_id] += places[row.area_id]
    return found


def _places(areas: Iterable[SQLModel], *kinds: AreaKind) -> Said:
    """The names by which what serves an area is found: its own and, below the nation, those of all within it.

    Those of some kinds of areas, or of all.
    """
    found: Said = Said(list)
    all_areas = [area for area in areas if isinstance(area, Area)]
    by_code = {area.code: area for area in all_areas}
    for area in (area for area in all_areas if area.kind in (kinds or AreaKind)):
        for code in area.path.rstrip(".").split("."):
            if by_code[code].parent_id is not None or area.id == by_code[code].id:
                found[by_code[code].id] += [area.name_sv, area.name_en]
    return found


def _contact(point: ContactPoint) -> list[str]:
    if point.value is None:
        return [point.label_sv, point.label_en]
    return [point.label_sv, point.label_en, point.value, display(point.channel, point.value) or ""]


def _details(row: PublicationDetails | EventDetails) -> list[str]:
    """What a publication is called by those who cite it, and where an event is."""
    if isinstance(row, PublicationDetails):
        parts = (row.title, row.number, row.edition, None if row.year is None else str(row.year))
    else:
        parts = (row.venue, row.street_address, row.locality, None)
    return [part for part in parts if part]
