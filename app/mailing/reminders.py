"""Reminders to operators of a record: 30 days before its review is due, on the day, and 30 days after."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlmodel import Session, col

from app.mailing.links import LIFE
from app.mailing.sending import Letter, find_sent
from app.page_paths import confirmation_page
from app.resources.contacts import format_value
from app.resources.models import Channel, ContactPoint, Resource, ResourceText
from app.resources.reviewing import NOTICE, day_of
from app.settings import Settings
from app.status import OFFERED
from app.texts import Language, Text, text_of
from app.times import day_in_words

LAST = timedelta(days=60)
"""No reminders are sent later than this after a review was due."""
SUBJECT = Text(sv="Stämmer uppgifterna om {}?", en="Are the details about {} right?")
OPENING = Text(
    sv="Stödkatalogen visar de här uppgifterna om {}. De {} senast {}.",
    en="Stödkatalogen shows these details about {}. They {} by {}.",
)
SHOULD = Text(sv="ska kontrolleras", en="are to be checked")
SHOULD_HAVE = Text(sv="skulle ha kontrollerats", en="should have been checked")
CLOSING = Text(
    sv="Stämmer allt? Öppna sidan, läs igenom uppgifterna och tryck på knappen:\n{}\n\n"
    "Stämmer något inte? Svara på det här mejlet och skriv vad som är fel.\n\n"
    "Länken fungerar en gång, till och med {}. Den är till för er som driver verksamheten: skicka den inte vidare.",
    en="Is everything right? Open the page, read the details and press the button:\n{}\n\n"
    "Is something wrong? Reply to this e-mail and tell us what is wrong.\n\n"
    "The link works once, up to and including {}. It is meant for those who run the service: please do not pass it on.",
)


@dataclass(frozen=True, slots=True)
class Reminder:
    """A reminder to send. `to`: the mailbox in the record itself. `is_late`: the review is overdue."""

    matter: str
    record: UUID
    review_due: date
    to: str
    is_late: bool


def find_reminders(session: Session, now: datetime) -> list[Reminder]:
    """The reminders that are due and not sent yet, at most one for each record in force with a mailbox."""
    today = day_of(now)
    boxes = (
        select(col(Resource.id), col(Resource.review_due), col(ContactPoint.value))
        .join(ContactPoint, col(ContactPoint.resource_id) == col(Resource.id))
        .where(
            col(Resource.status).in_(OFFERED),
            col(Resource.review_due).between(today - LAST, today + NOTICE),
            col(ContactPoint.channel) == Channel.EMAIL,
            col(ContactPoint.value).is_not(None),
        )
        .order_by(col(Resource.review_due), col(Resource.id), col(ContactPoint.position).desc())
    )
    first = {record: (due, box) for record, due, box in session.execute(boxes)}  # the first position is read last
    reminders = [
        Reminder(f"reminder {record} {due} {_name_stage(today, due)}", record, due, box, today > due)
        for record, (due, box) in first.items()
        if due is not None and box is not None  # the statement selects no others
    ]
    sent = find_sent(session, [reminder.matter for reminder in reminders], now)
    return [reminder for reminder in reminders if reminder.matter not in sent]


def _name_stage(today: date, due: date) -> str:
    if today < due:
        return "before"
    return "due" if today < due + NOTICE else "after"


def compose_reminder(session: Session, settings: Settings, reminder: Reminder, token: str, now: datetime) -> Letter:
    """The mail in both languages, with the contact points that we show and the link for confirming."""
    names = _load_names(session, reminder.record)
    of_record = col(ContactPoint.resource_id) == reminder.record
    points = session.scalars(select(ContactPoint).where(of_record).order_by(col(ContactPoint.position))).all()
    text = "\n\n– – –\n\n".join(
        _write(settings, reminder, names[language], points, token, now, language) for language in Language
    )
    name = names[Language.SWEDISH]
    subject = " / ".join(SUBJECT[language].format(names[language]) for language in Language)
    return Letter(reminder.matter, [reminder.to], subject if len(name) < 60 else SUBJECT.sv.format(name), text)


def _write(
    settings: Settings,
    reminder: Reminder,
    name: str,
    points: Sequence[ContactPoint],
    token: str,
    now: datetime,
    language: Language,
) -> str:
    due = day_in_words(reminder.review_due, language)
    link = f"{settings.base_url}{confirmation_page(language, token)}"
    return "\n\n".join(
        [
            OPENING[language].format(name, (SHOULD_HAVE if reminder.is_late else SHOULD)[language], due),
            "\n".join(_describe(point, language) for point in points),
            CLOSING[language].format(link, day_in_words(day_of(now + LIFE), language)),
        ]
    )


def _describe(point: ContactPoint, language: Language) -> str:
    label = text_of(point, "label", language)
    hours = f" ({point.hours_stated})" if point.hours_stated else ""
    return f"  {label}: {format_value(point.channel, point.value) or '–'}{hours}"


def _load_names(session: Session, record: UUID) -> dict[Language, str]:
    of_record = col(ResourceText.resource_id) == record
    return dict(session.execute(select(col(ResourceText.language), col(ResourceText.name)).where(of_record)).all())
