"""All that the records of HSDS draw on: a fixed number of queries, however many records there are."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from app.areas.models import Area
from app.areas.queries import children
from app.kinds import load_details
from app.organizations.models import Organization, OrganizationText
from app.resources.kind import Kind
from app.resources.models import Resource, Role
from app.resources.queries import contact_points, terms, texts
from app.resources.reading import Reading, Surroundings, load_surroundings, name_by_slug
from app.standards.hsds import queries

Participant = tuple[Role, Organization, OrganizationText]


@dataclass(slots=True)
class Related:
    """What belongs to some resources, by the resource's id; `parents` by the organization's."""

    surroundings: Surroundings
    participants: defaultdict[UUID, list[Participant]] = field(default_factory=lambda: defaultdict(list))
    parents: dict[UUID, UUID] = field(default_factory=dict)
    details: Mapping[UUID, tuple[Any, ...]] = field(default_factory=dict)
    counties: defaultdict[UUID | None, list[Area]] = field(default_factory=lambda: defaultdict(list))

    def region_of(self, resource: Resource) -> Area | None:
        """The coordination region of a coordinator; None for anything else."""
        if resource.kind is not Kind.COORDINATOR or resource.id not in self.details:
            return None
        _, region = self.details[resource.id]
        assert isinstance(region, Area)
        return region


def load_related(reading: Reading, resources: Sequence[Resource], full: bool) -> Related:
    """Read what belongs to these services: twelve queries in full, six for what lists show."""
    ids, session = [resource.id for resource in resources], reading.session
    related = Related(
        load_surroundings(reading, resources) if full else _load_brief_surroundings(reading, resources, ids)
    )
    _participants(reading, ids, related)
    related.details = load_details(session, resources)
    if full:
        regions = [region.id for region in map(related.region_of, resources) if region is not None]
        for county in session.scalars(children(regions)):
            related.counties[county.parent_id].append(county)
    return related


def load_related_to_publications(reading: Reading, resources: Sequence[Resource], full: bool) -> Related:
    """Read what belongs to these publications: eleven queries in full, six for what lists show."""
    ids = [resource.id for resource in resources]
    related = Related(
        load_surroundings(reading, resources) if full else _load_brief_surroundings(reading, resources, ids)
    )
    _participants(reading, ids, related)
    related.details = load_details(reading.session, resources)
    return related


def _load_brief_surroundings(reading: Reading, resources: Sequence[Resource], ids: Collection[UUID]) -> Surroundings:
    """Texts, terms and contact points: what lists draw on. The rest is empty, as arrays are left out of lists."""
    surroundings = Surroundings(citations=defaultdict(list), names=name_by_slug(resources))
    for text in reading.session.scalars(texts(ids, reading.language)):
        surroundings.names[text.resource_id] = (text.name, text.summary, text.description)
    for resource, term in reading.session.execute(terms(ids)):
        surroundings.terms[resource].append(term)
    for point in reading.session.scalars(contact_points(ids)):
        surroundings.points[point.resource_id].append(point)
    return surroundings


def parents_of(reading: Reading, organizations: Iterable[UUID]) -> dict[UUID, UUID]:
    """The organization that each is part of; one query."""
    return dict(reading.session.execute(queries.parents(set(organizations))).all())


def _participants(reading: Reading, ids: Collection[UUID], related: Related) -> None:
    for part, organization, text in reading.session.execute(queries.participants(ids, reading.language)):
        related.participants[part.resource_id].append((part.role, organization, text))
    related.parents = parents_of(
        reading, (participant.id for parts in related.participants.values() for _, participant, _ in parts)
    )
