"""`/resources`: all kinds together."""

from typing import Annotated

from fastapi import Query, Response
from pydantic import Field
from sqlmodel import col

from app.http.contract import Parameters, answers
from app.http.feeds import ATOM, write_atom
from app.http.paging import MAX_LIMIT, Page
from app.http.routing import Router
from app.resources import queries
from app.resources.building import build_resources
from app.resources.filters import CitedParameters, MomentParameters, ReachableParameters, conditions
from app.resources.listing import RECORD, AskingDep, Id, answer_list
from app.resources.models import Kind, Resource
from app.resources.overdue import make_overdue_feed
from app.resources.remembering import answer_record
from app.resources.schemas import ResourceShown

router = Router(tags=["resources"])


class AllKindsParameters(ReachableParameters):
    """Filters over all kinds."""

    kind: list[Kind] = Field(list(Kind), description="Only these kinds.")


class ResourceListParameters(AllKindsParameters, CitedParameters):
    """The same of the list, whose items have citations."""


class OverdueParameters(Parameters):
    """What the feed of overdue checks may be asked for."""

    limit: int = Field(20, ge=1, le=MAX_LIMIT, description="How many records to return, at most.")


@router.get("/resources", summary="Allt i katalogen")
@answers(fresh=60)
def list_resources(parameters: Annotated[ResourceListParameters, Query()], asking: AskingDep) -> Page[ResourceShown]:
    """Everything in the directory, all kinds together, with what they have in common.

    `_links.self` of each leads to its own collection, where what is particular to its kind is shown as well.
    For websites that import: `/resources.jsonld` is one flat array of schema.org objects, with the same filters.

    Allt i katalogen, med det som alla slag har gemensamt. `/resources.jsonld`: platt lista med schema.orgs ord.
    """
    where = [col(Resource.kind).in_(parameters.kind), *conditions(asking.session, parameters, asking.at)]
    return answer_list(asking, queries.resources(where), parameters, build_resources)


@router.get("/overdue.atom", summary="Vad som skulle ha kontrollerats igen, som Atom", response_class=Response)
@answers(ATOM, fresh=300)
def get_overdue_feed(parameters: Annotated[OverdueParameters, Query()], asking: AskingDep) -> Response:
    """What a person should have checked again and has not, for feed readers: the latest to become so first.

    The same as `/resources?review=overdue`, which is all of it. An entry is published the day after its check was due,
    and gone when somebody has checked the record.

    Poster som skulle ha kontrollerats igen, för nyhetsläsare.
    """
    feed = make_overdue_feed(asking, parameters.limit, asking.settings.publisher_name, asking.address)
    return Response(write_atom(*feed), media_type=ATOM)


@router.get("/resources/{id}", summary="En post av vilket slag som helst")
@answers(*RECORD, fresh=60)
async def get_resource(slug: Id, parameters: Annotated[MomentParameters, Query()], asking: AskingDep) -> ResourceShown:
    """One resource of any kind, with what all kinds have.

    As `application/ld+json` in schema.org's words, with the details of its kind; as `text/vcard`, which is also at
    `/resources/{id}.vcf`, for address books. Each kind's own addresses answer in these formats, too.

    En post av vilket slag som helst, med det som alla slag har gemensamt; även som JSON-LD och som visitkort.
    """
    return await answer_record(asking, queries.resource, build_resources, "resources", slug)
