"""The numbers that stand wherever a person may be reading, even when everything else fails: from the escalation."""

from typing import NamedTuple

from sqlalchemy import Select, select
from sqlmodel import Session, col

from app.referrals.models import EscalationStep, Urgency
from app.resources import contacts
from app.resources.models import Channel, ContactPoint, Resource, ResourceText
from app.status import OFFERED
from app.texts import Language


class Number(NamedTuple):
    """A number to call: whose it is, as it is read, what a link dials, and what it is for."""

    urgency: Urgency
    resource: str
    name: str
    display: str
    uri: str
    text: str


def numbers(session: Session, language: Language) -> list[Number]:
    """The escalation's own numbers in its order, each once: 112, 114 14, the support line."""
    listed = [
        Number(
            urgency=urgency,
            resource=slug,
            name=text.name.replace(shown, "").strip(),  # "Polisen 114 14" stands beside its number
            display=shown,
            uri=contacts.address(point.channel, point.value) or "",
            text=text.summary,
        )
        for urgency, slug, text, point in session.execute(_named(language))
        if (shown := contacts.display(point.channel, point.value))
    ]
    # The social services on call are reached through 112 as well: its first step stands for both.
    return [one for place, one in enumerate(listed) if one.uri not in {before.uri for before in listed[:place]}]


def _named(language: Language) -> Select[Urgency, str, ResourceText, ContactPoint]:
    return (
        select(col(EscalationStep.urgency), col(Resource.slug), ResourceText, ContactPoint)
        .join(Resource, col(EscalationStep.resource_id) == col(Resource.id))
        .join(ResourceText, col(ResourceText.resource_id) == col(Resource.id))
        .join(ContactPoint, col(ContactPoint.resource_id) == col(Resource.id))
        .where(
            col(ResourceText.language) == language,
            col(Resource.status).in_(OFFERED),
            col(ContactPoint.channel) == Channel.PHONE,
            col(ContactPoint.value).is_not(None),
        )
        .order_by(col(EscalationStep.position), col(ContactPoint.position), col(ContactPoint.slug))
    )


LAST_RESORT = {
    Language.SWEDISH: [
        Number(Urgency.ACUTE, "sos-112", "Nödnumret", "112", "tel:112", "Ring 112 vid akut fara."),
        Number(Urgency.URGENT, "polisen-114-14", "Polisen", "114 14", "tel:11414", "När det inte kan vänta."),
    ],
    Language.ENGLISH: [
        Number(Urgency.ACUTE, "sos-112", "Emergency number", "112", "tel:112", "Call 112 in immediate danger."),
        Number(Urgency.URGENT, "polisen-114-14", "Police", "114 14", "tel:11414", "When it cannot wait."),
    ],
}
"""For when the store cannot be read. Jämställdhetsmyndigheten, "Stöd till yrkesverksamma", updated 2022-10-06:
"akut fara ring 112", "kontakta polis på telefonnummer 114 14"."""
