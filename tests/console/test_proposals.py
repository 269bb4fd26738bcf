"""Proposals in the console: looked at, accepted, amended, rejected."""

import re
from datetime import UTC, datetime

import httpx
import pytest
from sqlalchemy import update
from sqlmodel import Session, col

from app.access.keys import KeyRequest, add_key
from app.access.models import AccessKey, KeyRole
from app.console.sessions import make_login_link
from tests.console.conftest import RECORD, Newsroom, Person
from tests.console.test_adding import most_connections
from tests.console.test_records import NUMBER, edit, path_of, publish


def propose(newsroom: Newsroom, number: str) -> str:
    """A proposal for a hotline's number, made in the console; its path."""
    with newsroom.sign_in("Vikarien") as other:
        review = edit(other, "hotlines/linjen", NUMBER, varde=number, **{"belagg.0": number})
        return path_of(publish(other, "hotlines/linjen", review))


def line(newsroom: Newsroom) -> str:
    return str(newsroom.get("/v1/records/hotlines/linjen")["document"]["contact_points"][0]["value"])


def test_a_proposal_waits_for_another_person_who_accepts_it(newsroom: Newsroom, editor: Person) -> None:
    path = propose(newsroom, "020-39 00 02")
    assert path in editor.get("/").text
    assert path in editor.get("/forslag").text
    page = editor.get(path).text
    assert "020-39 00 00" in page
    assert "020-39 00 02" in page
    with newsroom.sign_in("Vikarien") as other:
        assert "någon annan måste godkänna den" in other.get(path).text
        refused = other.submit(path, beslut="accept", skal="Det stämmer.")
        assert (refused.status_code, line(newsroom)) == (403, "+4620390000")
    assert editor.submit(path, beslut="accept", skal="Jag har ringt.").status_code == 303
    assert line(newsroom) == "+4620390002"
    assert "Jag har ringt." in editor.get(path).text
    assert path in editor.get("/forslag", params={"klara": "ja"}).text
    history = editor.get("/poster/hotlines/linjen/historik").text
    assert "Sidan säger det. (godkänt av Redaktionen)" in history
    assert "Inläst från katalogens filer</bdi>: <bdi>så stod det i filerna då" in history
    assert "accepted by" not in history
    assert "seed files" not in history
    assert editor.submit(path, beslut="reject", skal="För sent.").status_code == 409
    late = editor.get(f"{path}/justera", params={"falt": NUMBER})
    assert (late.status_code, "Någon annan hann före" in late.text) == (409, True)


def test_who_has_nearly_the_same_name_is_no_second_person(newsroom: Newsroom) -> None:
    path, before, now = propose(newsroom, "020-39 00 04"), line(newsroom), datetime.now(UTC)
    _, key = add_key(newsroom.engine, KeyRequest("Vikarien", KeyRole.EDITOR), now)
    with newsroom.visit() as other:
        other.post("/logga-in", data={"kod": make_login_link(newsroom.engine, key, now)})
        for name in ("VIKARIEN", " Vikarien", "Vika\u200brien", "Ｖikarien", "Vikarien"):
            with Session(newsroom.engine) as session:  # as a key from before names were checked
                session.execute(update(AccessKey).where(col(AccessKey.id) == key.id).values(name=name))
                session.commit()
            assert "någon annan måste godkänna den" in other.get(path).text
            assert other.submit(path, beslut="accept", skal="Det stämmer.").status_code == 403
            assert line(newsroom) == before
        assert other.submit(path, beslut="withdraw", skal="Mitt eget.").status_code == 303


@pytest.mark.parametrize("decision", ["reject", "withdraw"])
def test_a_proposal_is_rejected_by_others_and_withdrawn_by_who_made_it(
    newsroom: Newsroom, editor: Person, decision: str
) -> None:
    path, before = propose(newsroom, "020-39 00 03"), line(newsroom)
    assert editor.submit(path, beslut="withdraw", skal="Inte mitt.").status_code == 403
    assert editor.submit(path, beslut="accept", skal="").status_code == 422
    with newsroom.sign_in("Vikarien") as other:
        who = editor if decision == "reject" else other
        assert who.submit(path, beslut=decision, skal="Fel nummer.").status_code == 303
    assert line(newsroom) == before


def test_a_proposal_is_amended_in_one_field_and_the_rest_stays(newsroom: Newsroom, editor: Person) -> None:
    token, _ = add_key(newsroom.engine, KeyRequest("Mottagningen", KeyRole.CONTRIBUTOR), datetime.now(UTC))
    patch = {
        "summary": {"sv": "Stöd åt alla.", "en": "Support."},
        "name": {"sv": "Mottagning Väst", "en": "Clinic West"},
    }
    body = {
        "record": RECORD, "base_revision": newsroom.get(f"/v1/records/{RECORD}")["number"], "patch": patch,
        "reason": "Vi heter så nu.",
    }  # fmt: skip
    sent = httpx.post(f"{newsroom.address}/v1/proposals", json=body, headers={"Authorization": f"Bearer {token}"})
    path = f"/forslag/{sent.json()['id']}"
    assert "Uppgift från Mottagningen" in editor.get(path).text
    form = fields_of_amend(editor.get(f"{path}/justera", params={"falt": "summary"}).text)
    cite = {"kalla.0": "sida", "belagg.0": "stöd åt många"}
    values = {"varde.sv": "Stöd åt många.", "varde.en": "Support for many.", "skal": "Källan säger många."}
    wrong = form | cite | values | {"kalla.0": "finns-inte"}
    assert most_connections(newsroom, editor, f"{path}/justera", wrong) == 1
    assert editor.post(f"{path}/justera", data=form | cite | values).status_code == 303
    document = newsroom.get(f"/v1/records/{RECORD}")["document"]
    assert (document["summary"]["sv"], document["name"]["sv"]) == ("Stöd åt många.", "Mottagning Väst")


def fields_of_amend(page: str) -> dict[str, str]:
    """The hidden fields of the form to amend."""
    form = page.partition("/justera")[2]
    return dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', form))
