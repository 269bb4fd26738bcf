"""`/programs`."""

from typing import Annotated

from fastapi import Query

from app.http.contract import answers
from app.http.paging import Page
from app.http.routing import Router
from app.programs import queries
from app.programs.reading import build_programs
from app.programs.schemas import Program
from app.resources.filters import MomentParameters, ReachableListParameters, conditions
from app.resources.listing import RECORD, AskingDep, Id, answer_list
from app.resources.remembering import answer_record

router = Router(tags=["programs"])


@router.get("/programs", summary="Program och skyddsformer")
@answers(fresh=60)
def list_programs(parameters: Annotated[ReachableListParameters, Query()], asking: AskingDep) -> Page[Program]:
    """Programmes and forms of protection: return, reflection period, method support.

    Program och skyddsformer: återvändande, betänketid, metodstöd.
    """
    return answer_list(
        asking, queries.programs(conditions(asking.session, parameters, asking.at)), parameters, build_programs
    )


@router.get("/programs/{id}", summary="Ett program")
@answers(*RECORD, fresh=60)
async def get_program(slug: Id, parameters: Annotated[MomentParameters, Query()], asking: AskingDep) -> Program:
    """One programme: what it is, who applies, where, and its sources.

    Ett program: vad det är, vem som ansöker, var, och källorna.
    """
    return await answer_record(asking, queries.program, build_programs, "programs", slug)
