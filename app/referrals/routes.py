"""`/referrals`: whom to contact now."""

from typing import Annotated

from fastapi import Query, Response

from app.http.contract import Cost, answers
from app.http.routing import Router
from app.referrals.making import make_referral
from app.referrals.schemas import Referral, ReferralParameters
from app.referrals.text import plain_text
from app.resources.listing import AskingDep

router = Router(tags=["referrals"])


@router.get(
    "/referrals",
    summary="Vem kontaktar jag nu?",
    response_model=Referral,
    responses={200: {"content": {"text/plain": {}}}},
)
@answers("application/json", "text/plain", fresh=60, cost=Cost.HELP)
def get_referrals(parameters: Annotated[ReferralParameters, Query()], asking: AskingDep) -> Referral | Response:
    """Whom to contact now: an ordered list of steps, 112 first, each with why it is there and whether anybody answers.

    Then 114 14 and the social services on call, when it is urgent; then, for advice, the support line, the coordinator
    of the coordination region and the municipality's own contact, and the lines and services that are for the caller.
    What is closed comes after what is open or may be staffed, with when it opens next. The order is that of the
    sources, which each step cites. The list is never empty; what the directory does not know stands in `notices`.
    With `Accept: text/plain`, short enough to read out.

    Vem man kontaktar nu: en ordnad lista med 112 först, skälet till varje steg och om någon svarar.
    """
    answer = make_referral(asking, parameters, asking.request.query_params)
    if asking.format == "text/plain":
        return Response(plain_text(answer), media_type="text/plain; charset=utf-8")
    return answer
