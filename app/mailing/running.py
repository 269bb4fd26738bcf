"""Sending what is due now: a letter that fails takes no other with it."""

from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Engine
from sqlmodel import Session

from app.mailing.digest import compose_digest
from app.mailing.links import make_link, remove_link
from app.mailing.reminders import compose_reminder, find_reminders
from app.mailing.sending import Letter, MailFailed, PartlyRefused, require_mail_settings, send_once
from app.settings import Settings


@dataclass(slots=True)
class Outcome:
    """What was sent: how many of each, and what failed, a line each."""

    digests: int = 0
    reminders: int = 0
    failures: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        sent = f"Sent: {self.digests} to the editors, {self.reminders} reminders"
        return "\n".join([sent, *(f"Not sent: {failure}" for failure in self.failures)])


def send_due_mails(engine: Engine, settings: Settings, now: datetime) -> Outcome:
    """Send the digest of the day and the reminders whose time has come. Raises WrongSetting."""
    require_mail_settings(settings)
    outcome = Outcome()
    with Session(engine) as session:
        digest = compose_digest(session, settings, now)
        reminders = find_reminders(session, now)
    if digest is not None:
        outcome.digests += _try_to_send(engine, settings, digest, now, outcome)
    for reminder in reminders:
        token = make_link(engine, reminder.record, reminder.to, reminder.review_due, now)
        with Session(engine) as session:
            letter = compose_reminder(session, settings, reminder, token, now)
        is_sent = _try_to_send(engine, settings, letter, now, outcome)
        outcome.reminders += is_sent
        if not is_sent:
            remove_link(engine, token)
    return outcome


def _try_to_send(engine: Engine, settings: Settings, letter: Letter, now: datetime, outcome: Outcome) -> bool:
    try:
        return send_once(engine, settings, letter, now)
    except MailFailed as error:
        outcome.failures.append(str(error))
        return isinstance(error, PartlyRefused)
