"""A real mail server, and the small directory with a hotline that has a mailbox."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from app.records.documents import Document
from app.records.shapes import CadenceRecord
from app.resources.models import Kind
from app.seeding.checking import read_seed
from app.seeding.writing import write_seed
from app.settings import Settings
from tests.ports import free_port
from tests.records.conftest import FIRST, Store, folder, store

__all__ = ["folder", "store"]

BASE = "https://katalogen.example"


@dataclass
class MailServer:
    """Takes mails on loopback, or refuses them with `answer`, and the addresses in `refused`."""

    port: int
    answer: str | None = None
    refused: set[str] = field(default_factory=set)
    mails: list[EmailMessage] = field(default_factory=list)

    async def handle_RCPT(  # noqa: N802  # its name for it
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if address in self.refused:
            return "550 no such mailbox"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802  # its name for it
        if self.answer is not None:
            return self.answer
        assert isinstance(envelope.content, bytes)
        mail = message_from_bytes(envelope.content, policy=policy.default)
        assert isinstance(mail, EmailMessage)
        self.mails.append(mail)
        return "250 OK"

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"smtp://127.0.0.1:{self.port}"


@pytest.fixture
def mail_server() -> Iterator[MailServer]:
    """A mail server without mails."""
    server = MailServer(port=free_port())
    controller = Controller(server, hostname="127.0.0.1", port=server.port)
    controller.start()
    yield server
    controller.stop()


@pytest.fixture
def settings(store: Store, mail_server: MailServer) -> Settings:
    """With the mail server, and an editor."""
    return make_settings(store, smtp_url=mail_server.url, editors="redaktion@katalogen.example, tva@katalogen.example")


def make_settings(store: Store, **more: Any) -> Settings:
    """Over the store, for a service that the world sees."""
    url = store.engine.url.render_as_string(hide_password=False)
    return Settings(database_url=url, base_url=BASE, contact_email="svar@katalogen.example", **more)


def add_mailbox(document: Document) -> None:
    """A functional address, as an editor adds it."""
    label = {"sv": "E-post", "en": "E-mail"}
    document["contact_points"].append(
        {"id": "post", "channel": "email", "label": label, "value": "linjen@myndighet.example"}
    )
    document["citations"][0]["fields"] += ["contact_points.post.channel", "contact_points.post.value"]


@pytest.fixture
def cadenced(store: Store, folder: Any) -> Store:
    """Hotlines are checked every 90 days, and the line has a mailbox."""
    seed = read_seed(folder)
    seed.cadences = [CadenceRecord(kind=Kind.HOTLINE, days=90)]
    write_seed(store.engine, seed, FIRST)
    store.change("hotline", "linjen", add_mailbox)
    return store
