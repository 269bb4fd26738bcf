"""Webhooks in the console."""

import re
from datetime import UTC, datetime
from uuid import UUID, uuid4

from sqlmodel import Session

from app.verifying.models import Task, TaskKind
from app.webhooks.models import Webhook
from tests.console.conftest import Newsroom, Person


def test_a_webhook_is_made_with_a_secret_shown_once_tried_again_and_removed(newsroom: Newsroom, editor: Person) -> None:
    for address, reason in (("http://a.example/", "börjar med https://"), ("https://10.0.0.1/", "öppna nätet")):
        refused = editor.submit("/webhookar", adress=address)
        assert (refused.status_code, reason in refused.text, address in refused.text) == (422, True, True)
    made = editor.submit("/webhookar", adress="https://a.example/hook", slag="hotline", kommun="1380")
    (secret,) = re.findall(r"<code>(whsec_[^<]+)</code>", made.text)
    page = editor.get("/webhookar").text
    assert secret not in page
    assert "Inget skickat än." in page
    assert "Stödlinjer. Kommun 1380." in page
    (path,) = re.findall(r'action="/redaktion(/webhookar/[^"]+)/ta-bort"', page)
    disable(newsroom, UUID(path.rpartition("/")[2]), "the receiver answered 410")
    assert "the receiver answered 410" in editor.get("/webhookar").text
    with newsroom.sign_in("Vikarien") as other:
        assert "a.example" not in other.get("/webhookar").text
    assert editor.submit(f"{path}/forsok").status_code == 303
    tried = editor.get("/webhookar").text
    assert ("Inget fel är känt." in tried, "Inget skickat än." in tried) == (True, False)
    assert editor.submit(f"{path}/ta-bort").status_code == 303
    assert "a.example" not in editor.get("/webhookar").text
    assert editor.submit(f"{path}/ta-bort").status_code == 404


def disable(newsroom: Newsroom, webhook: UUID, why: str) -> None:
    """As `deliver` does, of a receiver that wants no more."""
    now, details = datetime.now(UTC), f'{{"owner": "Redaktionen", "why": "{why}"}}'
    with Session(newsroom.engine) as session:
        found = session.get(Webhook, webhook)
        assert found is not None
        found.failing_since = found.disabled_at = now
        session.add(
            Task(
                id=uuid4(), subject=f"webhook {webhook}", kind=TaskKind.WEBHOOK_DISABLED, record=None, details=details,
                since=now, closed_at=None, closing_reason=None,
            )
        )  # fmt: skip
        session.commit()
