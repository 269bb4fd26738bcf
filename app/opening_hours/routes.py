"""`/opening-hours`: one entry for each contact point that somebody has to staff."""

from collections.abc import Iterator, Sequence
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import ConfigDict, Field
from sqlalchemy import ColumnElement, or_
from sqlmodel import col

from app.http.contract import answers
from app.http.links import Links, link
from app.http.paging import Page
from app.opening_hours import queries
from app.opening_hours.live import State
from app.resources.filters import MomentParameters, ReachableParameters, conditions
from app.resources.freshness import tell_freshness
from app.resources.listing import AskingDep, Id, listing, single
from app.resources.models import ContactPoint, Kind, OpeningException, Resource
from app.resources.reading import Around, Asking, around, contact_point, opening_hours, terms_of
from app.resources.reading import links as resource_links
from app.resources.schemas import FRESHNESS_SAYS, Named, OpeningHoursShown
from app.resources.staffing import in_state
from app.sources.schemas import CitationShown
from app.texts import Language
from app.vocabularies.models import Vocabulary

router = APIRouter(tags=["opening-hours"])


class ResourceNamed(Named):
    """The resource that a contact point belongs to."""

    kind: Kind


class PointNamed(Named):
    """A contact point: its id within the resource and its label."""

    value: str | None = Field(description="E.164 or short number, address; null where no source gives it.")


class OpeningHoursEntry(OpeningHoursShown):
    """The hours of one contact point, with its state at a moment, and who says so."""

    model_config = ConfigDict(populate_by_name=True)

    id: str = Field(description="The resource's id and the contact point's, with a dot between.")
    resource: ResourceNamed
    contact_point: PointNamed
    audiences: list[Named] = Field(description="Whom the resource is for.")
    citations: list[CitationShown] = Field(
        description="Who states the hours; where no source gives any, who states the contact point. Never empty."
    )
    freshness: str = Field(description=FRESHNESS_SAYS)
    links: Links = Field(alias="_links")


class OpeningHoursParameters(ReachableParameters):
    """Filters on hours."""

    kind: list[Kind] = Field(list(Kind), description="Of resources of these kinds.")
    state: list[State] = Field(list(State), description="In one of these states at `at`.")

    @property
    def turns_on_the_moment(self) -> bool:
        """Also with `state`."""
        return super().turns_on_the_moment or set(self.state) != set(State)


def _conditions(asking: Asking, wanted: OpeningHoursParameters) -> Iterator[ColumnElement[bool]]:
    yield from conditions(asking.session, wanted, asking.at)
    yield col(Resource.kind).in_(wanted.kind)
    if wanted.channel is not None:  # this very contact point, not another of the same resource
        yield col(ContactPoint.channel) == wanted.channel
    if set(wanted.state) != set(State):
        yield or_(*(in_state(asking.session, state, asking.at) for state in wanted.state))


def shown(asking: Asking, rows: Sequence[queries.Row]) -> list[OpeningHoursEntry]:
    """Hours as the API shows them."""
    found = around(asking, list({resource.id: resource for _, resource in rows}.values()))
    english = asking.language is Language.ENGLISH
    return [
        OpeningHoursEntry.model_construct(
            **dict(_hours(asking, point, found.exceptions[point.id])),
            id=f"{resource.slug}.{point.slug}",
            resource=ResourceNamed(id=resource.slug, name=found.names[resource.id][0], kind=resource.kind),
            contact_point=PointNamed(
                id=point.slug, name=point.label_en if english else point.label_sv, value=point.value
            ),
            audiences=terms_of(found.terms[resource.id], Vocabulary.AUDIENCE, asking.language),
            citations=_citations(found.citations[resource.id], point),
            freshness=_freshness(asking, resource, found),
            links=_links(asking, resource, point),
        )
        for point, resource in rows
    ]


def _hours(asking: Asking, point: ContactPoint, exceptions: Sequence[OpeningException]) -> OpeningHoursShown:
    hours = opening_hours(asking, point, exceptions)
    assert hours is not None, "the statement leaves out contact points without hours that nobody staffs"
    return hours


def _citations(citations: Sequence[CitationShown], point: ContactPoint) -> list[CitationShown]:
    """Who states the hours; else who states anything of the contact point; else who states the resource's name."""
    own = f"contact_points.{point.slug}."
    for prefixes in ((f"{own}opening_hours", f"{own}exceptions"), (own,), ("name",)):
        if cited := [one for one in citations if one.field.startswith(prefixes)]:
            return cited
    return list(citations)


def _freshness(asking: Asking, resource: Resource, found: Around) -> str:
    points = [contact_point(asking, one, found) for one in found.points[resource.id]]
    return tell_freshness(resource.kind, points, found.citations[resource.id], resource.verified_at, asking.language)


def _links(asking: Asking, resource: Resource, point: ContactPoint) -> Links:
    own = f"/v1/opening-hours/{resource.slug}.{point.slug}"
    return {
        "self": link(asking.request, own),
        "up": resource_links(asking, resource)["self"].model_copy(update={"rel": "up"}),
        "related": link(asking.request, f"{own}/intervals", "related"),
    }


@router.get("/opening-hours", summary="Öppettider")
@answers(fresh=60)
def list_opening_hours(
    wanted: Annotated[OpeningHoursParameters, Query()], asking: AskingDep
) -> Page[OpeningHoursEntry]:
    """Opening hours, one entry for each contact point that has hours or is known to lack them, with its state.

    `open` and `closed` are certain. `unknown`: the source gives hours that leave this moment open, such as "kontorstid
    på vardagar" in the daytime. `not_stated`: no source gives hours. Public holidays are Sweden's, by law.

    Öppettider, en post för varje kontaktväg, med läget vid `at` (nu, om inget anges).
    """
    return listing(asking, queries.opening_hours(_conditions(asking, wanted)), wanted, shown, queries.IN_ORDER)


@router.get("/opening-hours/{id}", summary="Öppettider för en kontaktväg")
@answers(fresh=60)
def get_opening_hours(slug: Id, wanted: Annotated[MomentParameters, Query()], asking: AskingDep) -> OpeningHoursEntry:
    """The hours of one contact point, with its state at a moment, and who says so.

    Öppettiderna för en kontaktväg, med läget vid en tidpunkt och källan.
    """
    resource, _, point = slug.partition(".")
    return single(asking, queries.entry(resource, point), shown, "opening-hours", slug)
