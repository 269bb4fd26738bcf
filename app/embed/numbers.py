"""The numbers of the escalation, which are shown wherever people read, even when everything else fails."""

from collections.abc import Callable, Iterable
from typing import NamedTuple

from sqlalchemy import Select, literal, select
from sqlmodel import Session, col

from app.referrals.models import EscalationStep, Urgency
from app.resources import contacts
from app.resources.models import Basis, Channel, ContactPoint, Kind, Resource, ResourceText
from app.status import OFFERED
from app.texts import ByLanguage, Language


class Number(NamedTuple):
    """A number to call: whose it is, how it is shown, what a link dials, and what it is for."""

    urgency: Urgency
    resource: str
    name: str
    display: str
    uri: str
    text: str


def numbers(session: Session, language: Language) -> list[Number]:
    """The numbers of the escalation in its order, each once: 112, 114 14, the support line."""
    # The social services on call are reached through 112 as well: its first step stands for both.
    return _keep_first(_read(session, _named(language)), lambda number: number.uri)


def pasted_numbers(session: Session, language: Language) -> list[Number]:
    """The numbers for pages of other sites, shown when we do not answer: the same, and one of each line that never
    closes."""
    never_closed = _keep_first(_read(session, _never_closed(language)), lambda number: number.resource)
    return _keep_first([*numbers(session, language), *never_closed], lambda number: number.uri)


def _read(session: Session, statement: Select[Urgency, str, ResourceText, ContactPoint]) -> list[Number]:
    return [
        Number(
            urgency=urgency,
            resource=slug,
            name=_name_beside(display, text.name),
            display=display,
            uri=contacts.make_uri(point.channel, point.value) or "",
            text=text.summary,
        )
        for urgency, slug, text, point in session.execute(statement)
        if (display := contacts.format_value(point.channel, point.value))
    ]


def _name_beside(display: str, name: str) -> str:
    """The name without the number in it: `Polisen` of `Polisen 114 14`."""
    rest = name.replace(display, "").strip()
    return f"{rest[:1].upper()}{rest[1:]}"


def _keep_first(listed: Iterable[Number], key: Callable[[Number], str]) -> list[Number]:
    """The numbers without those that have the same key as an earlier number."""
    first: dict[str, Number] = {}
    for number in listed:
        first.setdefault(key(number), number)
    return list(first.values())


def _named(language: Language) -> Select[Urgency, str, ResourceText, ContactPoint]:
    steps = select(col(EscalationStep.urgency), col(Resource.slug), ResourceText, ContactPoint)
    return _that_can_be_called(
        steps.join(Resource, col(EscalationStep.resource_id) == col(Resource.id)), language
    ).order_by(col(EscalationStep.position), col(ContactPoint.position), col(ContactPoint.slug))


def _never_closed(language: Language) -> Select[Urgency, str, ResourceText, ContactPoint]:
    lines = select(literal(Urgency.ADVICE), col(Resource.slug), ResourceText, ContactPoint).select_from(Resource)
    return (
        _that_can_be_called(lines, language)
        .where(
            col(Resource.kind) == Kind.HOTLINE,
            col(ContactPoint.opening_hours) == "24/7",
            col(ContactPoint.hours_basis) == Basis.STATED,
        )
        .order_by(col(Resource.position), col(Resource.slug), col(ContactPoint.position), col(ContactPoint.slug))
    )


def _that_can_be_called(
    statement: Select[Urgency, str, ResourceText, ContactPoint], language: Language
) -> Select[Urgency, str, ResourceText, ContactPoint]:
    return (
        statement.join(ResourceText, col(ResourceText.resource_id) == col(Resource.id))
        .join(ContactPoint, col(ContactPoint.resource_id) == col(Resource.id))
        .where(
            col(ResourceText.language) == language,
            col(Resource.status).in_(OFFERED),
            col(ContactPoint.channel) == Channel.PHONE,
            col(ContactPoint.value).is_not(None),
        )
    )


LAST_RESORT = ByLanguage(
    {
        Language.SWEDISH: [
            Number(Urgency.ACUTE, "sos-112", "Nödnumret", "112", "tel:112", "Ring 112 vid akut fara."),
            Number(Urgency.URGENT, "polisen-114-14", "Polisen", "114 14", "tel:11414", "När det inte kan vänta."),
        ],
        Language.ENGLISH: [
            Number(Urgency.ACUTE, "sos-112", "Emergency number", "112", "tel:112", "Call 112 in immediate danger."),
            Number(Urgency.URGENT, "polisen-114-14", "Police", "114 14", "tel:11414", "When it cannot wait."),
        ],
    }
)
"""For when the store cannot be read. Jämställdhetsmyndigheten, "Stöd till yrkesverksamma", updated 2022-10-06:
"akut fara ring 112", "kontakta polis på telefonnummer 114 14"."""
