"""`/records/{collection}/{id}/exceptions` and `/confirmations`: what operators publish of their own records at once."""

from typing import Annotated

from fastapi import Depends, Path, Query, Request, Response
from pydantic import BaseModel, Field
from sqlmodel import Session

from app.access.callers import Needs
from app.access.deciding import Action, Caller
from app.access.repeating import Attempt, IdempotencyKey
from app.http.bodies import take_json
from app.http.contract import Parameters, answers
from app.http.links import base_url, site_of
from app.http.routing import Router
from app.proposals.describing import describe_proposal
from app.proposals.making import make_proposal
from app.proposals.operating import ConfirmationRequest, ExceptionRequest, confirm_own, request_exception
from app.proposals.schemas import ProposalShown
from app.records.models import Proposal
from app.sources.schemas import Day
from app.verifying.models import Method, Scope

router = Router(tags=["records"], dependencies=[Depends(take_json)])

Collection = Annotated[str, Path(pattern=r"^[a-z-]{1,40}$", description="The collection, such as `hotlines`.")]
Slug = Annotated[str, Path(alias="id", pattern=r"^[A-Za-z0-9-]{1,80}$", description="The `id` of the record.")]


async def read_address(collection: Collection, slug: Slug) -> str:
    """The address of the record, such as `hotlines/linjen`."""
    return f"{collection}/{slug}"


Address = Annotated[str, Depends(read_address)]


class ConfirmationShown(BaseModel):
    """That a record was checked, as it is written down."""

    record: str = Field(description="Collection and id, such as `hotlines/kvinnofridslinjen`.")
    scope: Scope
    method: Method
    actor: str = Field(description="A role or an organization, never a person.")
    verified_on: Day


@router.post("/records/{collection}/{id}/exceptions", status_code=201, summary="Avvikande öppettider")
@answers(fresh=None, body=8 * 1024, cross_origin=False)
def create_exception(
    address: Address,
    parameters: Annotated[Parameters, Query()],
    caller: Annotated[Caller, Depends(Needs(Action.PUBLISH_HOURS))],
    exception_request: ExceptionRequest,
    request: Request,
    response: Response,
    name: IdempotencyKey = None,
) -> ProposalShown:
    """Publish other hours of a contact point for some days, such as at Christmas; at once, for operators of the record.

    The statement of the operator is made a source, which the exception is cited to.

    Publicera avvikande öppettider för några dagar, till exempel i jul; gäller direkt.
    """
    attempt = Attempt(name, f"POST /records/{address}/exceptions {exception_request.model_dump_json()}")

    def describe(session: Session, proposal: Proposal) -> ProposalShown:
        return describe_proposal(session, site_of(request), proposal, is_stored=not caller.is_test)

    read_change = request_exception(address, exception_request, caller)
    answer = make_proposal(
        request.app.state.engine, caller, read_change, attempt, describe, action=Action.PUBLISH_HOURS
    )
    response.headers["Location"] = f"{base_url(request)}/v1/records/{address}"
    return answer


@router.post("/records/{collection}/{id}/confirmations", status_code=201, summary="Bekräfta en post")
@answers(fresh=None, body=8 * 1024, cross_origin=False)
def create_confirmation(
    address: Address,
    parameters: Annotated[Parameters, Query()],
    caller: Annotated[Caller, Depends(Needs(Action.CONFIRM))],
    confirmation_request: ConfirmationRequest,
    request: Request,
    response: Response,
) -> ConfirmationShown:
    """Write down that a record was checked today and is right: by its operator, or by an editor who called or read.

    Bekräfta att en post stämmer: den som driver verksamheten, eller en redaktör som ringt eller läst.
    """
    response.headers["Location"] = f"{base_url(request)}/v1/records/{address}"
    confirmation = confirm_own(request.app.state.engine, caller, address, confirmation_request)
    return ConfirmationShown(
        record=address,
        scope=confirmation.scope,
        method=confirmation.method,
        actor=confirmation.role,
        verified_on=confirmation.verified_on,
    )
