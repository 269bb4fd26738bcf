"""`/resources`: all kinds together."""

from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import Field
from sqlmodel import col

from app.http.contract import answers
from app.http.paging import Page
from app.resources import queries
from app.resources.building import build_resources
from app.resources.filters import MomentParameters, ReachableParameters, conditions
from app.resources.listing import RECORD, AskingDep, Id, listing
from app.resources.models import Kind, Resource
from app.resources.remembering import record
from app.resources.schemas import ResourceShown

router = APIRouter(tags=["resources"])


class AllKindsParameters(ReachableParameters):
    """Filters over all kinds."""

    kind: list[Kind] = Field(list(Kind), description="Only these kinds.")


@router.get("/resources", summary="Allt i katalogen")
@answers(fresh=60)
def list_resources(wanted: Annotated[AllKindsParameters, Query()], asking: AskingDep) -> Page[ResourceShown]:
    """Everything in the directory, all kinds together, with what they have in common.

    `_links.self` of each leads to its own collection, where what is particular to its kind is shown as well.
    For websites that import: `/resources.jsonld` is one flat array of schema.org objects, with the same filters.

    Allt i katalogen, med det som alla slag har gemensamt. `/resources.jsonld`: platt lista med schema.orgs ord.
    """
    where = [col(Resource.kind).in_(wanted.kind), *conditions(asking.session, wanted, asking.at)]
    return listing(asking, queries.resources(where), wanted, build_resources)


@router.get("/resources/{id}", summary="En post av vilket slag som helst")
@answers(*RECORD, fresh=60)
async def get_resource(slug: Id, wanted: Annotated[MomentParameters, Query()], asking: AskingDep) -> ResourceShown:
    """One resource of any kind, with what all kinds have.

    As `application/ld+json` in schema.org's words, with the details of its kind; as `text/vcard`, which is also at
    `/resources/{id}.vcf`, for address books. Each kind's own addresses answer in these formats, too.

    En post av vilket slag som helst, med det som alla slag har gemensamt; även som JSON-LD och som visitkort.
    """
    return await record(asking, queries.resource, build_resources, "resources", slug)
