"""`/programs`."""

from collections.abc import Sequence
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import Field

from app.http.contract import answers
from app.http.paging import Page
from app.programs import queries
from app.resources.filters import MomentParameters, ReachableParameters, conditions
from app.resources.listing import RECORD, AskingDep, Id, listing
from app.resources.reading import Around, Asking, around, core
from app.resources.remembering import record
from app.resources.schemas import ResourceShown
from app.sources.schemas import Day
from app.texts import Language

router = APIRouter(tags=["programs"])


class Program(ResourceShown):
    """A programme or a form of protection, such as the reflection period."""

    applicant: str | None = Field(description="Who applies.")
    apply_through: str | None = Field(description="Through whom one applies.")
    available_from: Day | None = Field(description="Since when; null where no source states it.")
    days: int | None = Field(description="For how many days it is granted; null where no source states it.")


def shown(asking: Asking, rows: Sequence[queries.Row], found: Around | None = None) -> list[Program]:
    """Programs as the API shows them."""
    found = found or around(asking, [resource for resource, _ in rows])
    english = asking.language is Language.ENGLISH
    return [
        Program.model_construct(
            **core(asking, resource, found),
            applicant=details.applicant_en if english else details.applicant_sv,
            apply_through=details.apply_through_en if english else details.apply_through_sv,
            available_from=details.available_from,
            days=details.days,
        )
        for resource, details in rows
    ]


@router.get("/programs", summary="Program och skyddsformer")
@answers(fresh=60)
def list_programs(wanted: Annotated[ReachableParameters, Query()], asking: AskingDep) -> Page[Program]:
    """Programmes and forms of protection: return, reflection period, method support.

    Program och skyddsformer: återvändande, betänketid, metodstöd.
    """
    return listing(asking, queries.programs(conditions(asking.session, wanted, asking.at)), wanted, shown)


@router.get("/programs/{id}", summary="Ett program")
@answers(*RECORD, fresh=60)
async def get_program(slug: Id, wanted: Annotated[MomentParameters, Query()], asking: AskingDep) -> Program:
    """One programme: what it is, who applies, where, and its sources.

    Ett program: vad det är, vem som ansöker, var, och källorna.
    """
    return await record(asking, queries.program, shown, "programs", slug)
