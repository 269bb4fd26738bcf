"""`/webhooks`: where those who follow the directory are told that there is something new."""

from datetime import datetime
from enum import StrEnum
from ipaddress import ip_address
from typing import Annotated
from urllib.parse import urlsplit
from uuid import UUID

from fastapi import Depends, Path, Query, Request, Response
from pydantic import AfterValidator, BaseModel, Field, StringConstraints

from app.access.callers import Needs
from app.access.deciding import Action, Caller
from app.changes.fields import FieldName
from app.database import SessionDep
from app.http.bodies import Body, take_json
from app.http.contract import Cost, Parameters, answers
from app.http.links import base_url
from app.http.paging import Page, PageParameters, build_page
from app.http.routing import Router
from app.proposals.bodies import RecordAddress
from app.resources.kind import Kind
from app.resources.schemas import Instant
from app.verifying.addresses import is_public
from app.webhooks.keeping import add_webhook, delete_webhook, list_webhooks, note_test
from app.webhooks.messages import read_filters
from app.webhooks.models import Webhook
from app.webhooks.testing import send_test

router = Router(tags=["webhooks"])
Follower = Annotated[Caller, Depends(Needs(Action.FOLLOW))]
WebhookId = Annotated[UUID, Path(alias="id", description="The `id` of a webhook.")]

LONGEST_NAME = 253
IMPOSSIBLE = (
    "is an address whose host has at most 253 characters, and 1 to 63 between two dots, and whose port, if it has any, "
    "is from 1 to 65535"
)


def _check_url(url: str) -> str:
    """Raise ValueError for an address that nothing will ever be sent to."""
    try:
        parts = urlsplit(url)
        port = parts.port
        (parts.hostname or "").encode("idna")  # as the resolver does, which takes no empty or longer label
    except ValueError:
        raise ValueError(IMPOSSIBLE) from None
    if port == 0 or len(parts.hostname or "") > LONGEST_NAME:
        raise ValueError(IMPOSSIBLE)
    if parts.username is not None or parts.password is not None or parts.fragment or not parts.hostname:
        raise ValueError("is an address with a host, and without user, password or fragment")
    try:
        ip_address(parts.hostname)
    except ValueError:
        return url  # a name: what it stands for is looked up each time that something is sent
    if not is_public(parts.hostname):
        raise ValueError("is no public address")
    return url


# The length stands apart: a pattern that counts hundreds of letters of any alphabet takes megabytes.
Url = Annotated[
    str, StringConstraints(pattern=r"^https://[^\s\x00-\x1f]+$", max_length=498), AfterValidator(_check_url)
]


class WebhookRequest(Body):
    """Where to send messages, and about which changes. Filters combine with AND; without any: about all changes."""

    url: Url = Field(
        description="Begins with https://; a host of the public internet.", examples=["https://example.se/hook"]
    )
    kinds: list[Kind] = Field(default_factory=list, max_length=10, description="Only these kinds; empty: all.")
    municipality: Annotated[str, StringConstraints(pattern=r"^[0-9]{4}$")] | None = Field(
        None, description="Only what serves this municipality, by its code, such as `1380`."
    )
    records: list[RecordAddress] = Field(
        default_factory=list,
        max_length=100,
        description="Only these, such as `hotlines/kvinnofridslinjen`; empty: all.",
    )
    fields: list[FieldName] = Field(
        default_factory=list,
        max_length=20,
        description="Only changes of one of these fields, as in `/changes`: `contact_points.value` for numbers and "
        "addresses; empty: all.",
    )


class WebhookState(StrEnum):
    """active: messages arrive. failing: the last one did not, and is sent again. disabled: seven days of failure,
    an answer of 410, or the key that made it is revoked or has expired; delete it and make another."""

    ACTIVE = "active"
    FAILING = "failing"
    DISABLED = "disabled"


class WebhookShown(BaseModel):
    """An address that messages about changes are sent to."""

    id: UUID
    url: str
    kinds: list[Kind]
    municipality: str | None
    records: list[str]
    fields: list[str]
    owner: str = Field(
        description="The name of the key that made it. The webhook ends with that key; make another with the new one."
    )
    state: WebhookState
    made_at: Instant
    failing_since: Instant | None
    disabled_at: Instant | None = Field(
        description="When sending stopped, also because the key that made it ended; null while it goes on."
    )


class DeliveryShown(BaseModel):
    """What came of a test message."""

    delivered: bool = Field(description="`true`: the receiver answered 2xx.")
    status: int | None = Field(description="The status that the receiver answered with; null where it gave none.")
    reason: str | None = Field(description="Why the message did not arrive; null where it did.")


class WebhookMade(WebhookShown):
    """A new webhook with its secret, which is shown only here."""

    secret: str = Field(description="`whsec_…`, to check the header `webhook-signature` with. Shown only here.")


@router.post("/webhooks", status_code=201, summary="Ny webhook", dependencies=[Depends(take_json)])
@answers(fresh=None, body=16 * 1024, cross_origin=False)
def create_webhook(
    parameters: Annotated[Parameters, Query()],
    caller: Follower,
    webhook_request: WebhookRequest,
    request: Request,
    response: Response,
) -> WebhookMade:
    """Be told that there is something new in `/changes`, by a message of the Standard Webhooks specification.

    `data.after` and `data.cursor` of a message say from where to where: ask `/v1/changes?after=…`. A message may come
    twice, with the same `webhook-id`; answer 2xx within fifteen seconds. What fails is sent again, for seven days. A
    webhook ends with the key that made it: with a new key, make new webhooks.

    Få besked när något är nytt i katalogen, signerat enligt Standard Webhooks.
    """
    filters = webhook_request.model_dump(mode="json", exclude={"url"})
    webhook = add_webhook(request.app.state.engine, caller, webhook_request.url, filters)
    response.headers["Location"] = f"{base_url(request)}/v1/webhooks"
    return WebhookMade(**describe_webhook(webhook).model_dump(), secret=webhook.secret)


@router.get("/webhooks", summary="Nyckelns webhooks")
@answers(fresh=None, cross_origin=False)
def list_own_webhooks(
    parameters: Annotated[PageParameters, Query()], caller: Follower, session: SessionDep, request: Request
) -> Page[WebhookShown]:
    """The webhooks of this key's name, the oldest first; for admins all of them. Secrets are not told again.

    Nyckelns webhooks; administratörer ser alla.
    """
    webhooks = list_webhooks(session, caller)
    chosen = webhooks[parameters.offset : parameters.offset + parameters.limit]
    return build_page(
        request,
        [describe_webhook(webhook, key_ended_at) for webhook, key_ended_at in chosen],
        len(webhooks),
        parameters,
    )


@router.delete("/webhooks/{id}", status_code=204, summary="Ta bort en webhook")
@answers(fresh=None, cross_origin=False)
def remove_webhook(
    webhook_id: WebhookId, parameters: Annotated[Parameters, Query()], caller: Follower, request: Request
) -> None:
    """End a webhook at once.

    Avsluta en webhook direkt.
    """
    delete_webhook(request.app.state.engine, caller, webhook_id)


@router.post("/webhooks/{id}/test", summary="Prova en webhook")
@answers(fresh=None, cost=Cost.WAITING, cross_origin=False)
def create_test_message(
    webhook_id: WebhookId, parameters: Annotated[Parameters, Query()], caller: Follower, request: Request
) -> DeliveryShown:
    """Have a signed test message sent at once, and be told what the receiver answered within five seconds.

    Its `type` is `directory.test`, and it tells of no change. Five a minute at most; with a test key nothing is sent.
    What the webhook waits for, and whether it is failing or disabled, does not change.

    Skicka ett signerat provmeddelande direkt och se vad mottagaren svarar.
    """
    state = request.app.state
    with state.webhook_tests.take(caller.name):
        webhook = note_test(state.engine, caller, webhook_id)
        result = send_test(state.engine, caller, webhook, state.settings)
    return DeliveryShown(delivered=result.reason is None, status=result.status, reason=result.reason)


def describe_webhook(webhook: Webhook, key_ended_at: datetime | None = None) -> WebhookShown:
    """A webhook without its secret. `key_ended_at`: when its key ended, if so."""
    disabled_at = webhook.disabled_at or key_ended_at
    state = WebhookState.FAILING if webhook.failing_since else WebhookState.ACTIVE
    return WebhookShown(
        **read_filters(webhook),
        id=webhook.id,
        url=webhook.url,
        owner=webhook.owner,
        state=WebhookState.DISABLED if disabled_at else state,
        made_at=_instant(webhook.made_at),
        failing_since=webhook.failing_since,
        disabled_at=disabled_at,
    )


def _instant(moment: datetime) -> datetime:
    return moment.replace(microsecond=0)
