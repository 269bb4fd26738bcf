"""Sending a mail by SMTP, once for each matter."""

import smtplib
import ssl
from collections.abc import Collection, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, make_msgid
from urllib.parse import unquote, urlsplit

from sqlalchemy import Engine, delete
from sqlmodel import Session, col, select

from app.database import begin_writing
from app.mailing.models import Mail
from app.records.publishing import keep_trying
from app.settings import PLACEHOLDER_EMAIL, Settings, WrongSetting

TIMEOUT = 20
"""Seconds for each step of the dialogue with the mail server."""
ABANDONED = timedelta(hours=1)
"""A mail that was taken up this long ago and is still not sent is sent again: at least once, very rarely twice."""
KEPT = timedelta(days=400)
"""How long it is remembered that a mail was sent."""


class MailFailed(Exception):
    """The mail server cannot be reached or refuses the mail; the message says why."""


class PartlyRefused(MailFailed):
    """The mail was sent, but the server refused some of its addresses."""


@dataclass(frozen=True, slots=True)
class Letter:
    """A mail. `matter`: what it is about, such as `digest 2026-11-28`; only one mail is sent for each matter."""

    matter: str
    to: Sequence[str]
    subject: str
    text: str


def require_mail_settings(settings: Settings) -> None:
    """Raise WrongSetting where mails cannot be sent or answered, or their links would lead nowhere."""
    missing = [
        name
        for name, is_set in (
            ("SMTP_URL", settings.smtp_url is not None),
            ("CONTACT_EMAIL", settings.contact_email != PLACEHOLDER_EMAIL),
            ("BASE_URL", settings.base_url is not None),
        )
        if not is_set
    ]
    if missing:
        names = ", ".join(f"STODKATALOG_{name}" for name in missing)
        raise WrongSetting(f"Mails need {names}: the server, the sender and the address that links lead to.")


def send_once(engine: Engine, settings: Settings, letter: Letter, now: datetime) -> bool:
    """Send a letter unless one with its matter was sent before. Returns whether it was sent now.

    Raises MailFailed, or PartlyRefused where it was sent to only some of its addresses.
    """
    message = _write_message(settings, letter, now)
    if not keep_trying(lambda: _take(engine, letter.matter, now)):
        return False
    try:
        refused = _send(settings, message)
    except (OSError, smtplib.SMTPException, ssl.SSLError) as error:
        keep_trying(lambda: _give_back(engine, letter.matter))
        raise MailFailed(f"The mail server did not take “{letter.subject}”: {_explain(error)}") from error
    keep_trying(lambda: _mark_sent(engine, letter.matter, now))
    if refused:
        raise PartlyRefused(f"The mail server did not take “{letter.subject}” for {', '.join(refused)}")
    return True


def find_sent(session: Session, matters: Collection[str], now: datetime) -> set[str]:
    """Those of the matters that were sent or are being sent."""
    mails = session.exec(select(Mail).where(col(Mail.subject).in_(matters)))
    return {mail.subject for mail in mails if mail.sent_at is not None or now - mail.taken_at < ABANDONED}


def _take(engine: Engine, matter: str, now: datetime) -> bool:
    with begin_writing(engine, "mail") as connection, Session(connection) as session:
        if find_sent(session, [matter], now):
            return False
        session.execute(delete(Mail).where(col(Mail.taken_at) < now - KEPT))
        session.merge(Mail(subject=matter, taken_at=now, sent_at=None))
        session.flush()
        return True


def _give_back(engine: Engine, matter: str) -> None:
    with begin_writing(engine, "mail") as connection:
        connection.execute(delete(Mail).where(col(Mail.subject) == matter))


def _mark_sent(engine: Engine, matter: str, now: datetime) -> None:
    with begin_writing(engine, "mail") as connection, Session(connection) as session:
        session.merge(Mail(subject=matter, taken_at=now, sent_at=now))
        session.flush()


def _write_message(settings: Settings, letter: Letter, now: datetime) -> EmailMessage:
    try:
        return _fill_message(settings, letter, now)
    except (ValueError, LookupError, AttributeError) as error:  # what Python's parser of addresses raises
        raise MailFailed(f"No mail can be written about “{letter.matter}”: {_explain(error)}") from error


def _fill_message(settings: Settings, letter: Letter, now: datetime) -> EmailMessage:
    message = EmailMessage(policy=SMTP)
    message["From"] = Address(settings.publisher_name, addr_spec=settings.contact_email)
    message["To"] = [Address(addr_spec=address) for address in letter.to]
    message["Subject"] = letter.subject
    message["Date"] = format_datetime(now)
    message["Message-ID"] = make_msgid(domain=settings.contact_email.rpartition("@")[2])
    message["Auto-Submitted"] = "auto-generated"  # prevents automatic replies (RFC 3834)
    message.set_content(letter.text)
    return message


def _send(settings: Settings, message: EmailMessage) -> list[str]:
    """Hand the mail to the server. Returns the addresses that it refused while accepting others."""
    server = urlsplit(settings.smtp_url or "")
    connection = _connect(server.scheme, server.hostname or "", server.port)
    try:
        if server.username is not None:
            if not isinstance(connection.sock, ssl.SSLSocket):
                raise smtplib.SMTPNotSupportedError("it offers no TLS, and a password is sent with TLS only")
            connection.login(unquote(server.username), unquote(server.password or ""))
        return list(connection.send_message(message))
    finally:
        with suppress(OSError, smtplib.SMTPException):  # the mail was accepted, whatever the server answers here
            connection.quit()
        connection.close()


def _connect(scheme: str, host: str, port: int | None) -> smtplib.SMTP:
    """Connect with TLS from the start (`smtps`), or with STARTTLS where the server offers it."""
    context = ssl.create_default_context()
    if scheme == "smtps":
        return smtplib.SMTP_SSL(host, port or 465, timeout=TIMEOUT, context=context)
    connection = smtplib.SMTP(host, port or 25, timeout=TIMEOUT)
    try:
        connection.ehlo()
        if connection.has_extn("starttls"):
            connection.starttls(context=context)
    except (OSError, smtplib.SMTPException):
        connection.close()
        raise
    return connection


def _explain(error: Exception) -> str:
    return " ".join(str(error).split()) or type(error).__name__
