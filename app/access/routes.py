"""`/keys/current`: the key of the request."""

from datetime import datetime
from typing import Annotated

from fastapi import Depends, Query
from pydantic import BaseModel, ConfigDict, Field

from app.access.callers import Needs
from app.access.deciding import Action, Caller
from app.access.keys import expires_soon
from app.access.models import KeyRole
from app.access.scopes import describe_scope
from app.http.contract import Parameters, answers
from app.http.links import Links, link
from app.http.routing import Router
from app.resources.listing import AskingDep
from app.resources.schemas import Instant

router = Router(tags=["keys"])


class KeyShown(BaseModel):
    """A key, without its secret."""

    model_config = ConfigDict(populate_by_name=True)

    id: str = Field(description="Its public id, which an administrator needs for revoking it.")
    name: str = Field(description="The role or organization whose key it is; the history of records shows this name.")
    role: KeyRole
    scope: str | None = Field(
        description="`records=hotlines/…`, `municipality=1380` or `organization=…`; null: the whole directory."
    )
    is_test: bool = Field(description="`true`: what it sends is checked, and nothing is stored.")
    made_at: Instant
    expires_at: Instant
    expires_soon: bool = Field(description="`true` in its last thirty days: ask for another one.")
    links: Links = Field(alias="_links")


@router.get("/keys/current", summary="Nyckeln som används")
@answers(fresh=None, cross_origin=False)
def get_current_key(
    parameters: Annotated[Parameters, Query()],
    asking: AskingDep,
    caller: Annotated[Caller, Depends(Needs(Action.SEE_KEY))],
) -> KeyShown:
    """What the key in the header is for: its role, its scope and when it expires. Try a new key here.

    Vad nyckeln i anropet är till för: roll, omfattning och sista dag. Prova en ny nyckel här.
    """
    return KeyShown(
        id=caller.key,
        name=caller.name,
        role=caller.role,
        scope=describe_scope(asking.session, caller.scope),
        is_test=caller.is_test,
        made_at=_instant(caller.made_at),
        expires_at=_instant(caller.expires_at),
        expires_soon=expires_soon(caller.expires_at, caller.at),
        links={"self": link(asking, "/v1/keys/current")},
    )


def _instant(moment: datetime) -> datetime:
    return moment.replace(microsecond=0)
