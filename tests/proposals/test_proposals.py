"""Proposals over HTTP: made, published, decided, and never a lost edit."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import httpx
import pytest
from sqlmodel import Session, select

from app.access.keys import KeyRefused
from app.access.models import AuditEntry, KeyRole
from app.database import begin_writing
from app.records.documents import Document
from app.records.models import Proposal
from app.records.rebuilding import rebuild
from app.records.redacting import CannotRedact, redact
from tests.access.conftest import MakeKey
from tests.proposals.conftest import COORDINATOR, LINE, Desk
from tests.records.conftest import FIRST
from tests.test_every_route import assert_problem

SUMMARY: dict[str, Any] = {"patch": {"summary": {"sv": "Samordnar mycket.", "en": "Coordinates a lot."}}}
NUMBER = "+46812345678"


def new_number(desk: Desk) -> dict[str, Any]:
    """A patch with another number: lists are replaced whole."""
    points = desk.store.document("hotline", "linjen")["contact_points"]
    points[0]["value"] = NUMBER
    return {"patch": {"contact_points": points}}


def count(desk: Desk) -> int:
    with Session(desk.store.engine) as session:
        return len(session.exec(select(Proposal)).all())


def test_an_editor_publishes_at_once_and_takes_it_back(desk: Desk) -> None:
    before = desk.revision()
    made = desk.propose(desk.editor, **SUMMARY, publish=True)
    assert made.status_code == 201, made.text
    told = made.json()
    assert (told["state"], told["changed_fields"], told["decision"]["actor"]) == (
        "accepted",
        ["summary"],
        "Redaktionen",
    )
    assert made.headers["location"].endswith(f"/v1/proposals/{told['id']}")
    assert made.headers["cache-control"] == "private, no-store"
    assert "access-control-allow-origin" not in made.headers
    record = desk.client.get(f"/v1/records/{COORDINATOR}").json()
    assert record["number"] == told["decision"]["revision"] == told["present_revision"]
    assert (record["actor"], record["origin"], record["base"]) == ("Redaktionen", "api", before)
    shown = desk.client.get("/v1/coordinators/koordinator-vast?lang=en").json()
    assert shown["summary"] == "Coordinates a lot."
    back = desk.propose(desk.editor, revert_to=before, publish=True).json()
    assert back["decision"]["revision"] > record["number"]
    assert desk.client.get("/v1/coordinators/koordinator-vast?lang=en").json()["summary"] == "Coordinates."
    assert rebuild(desk.store.engine, FIRST) == []
    with Session(desk.store.engine) as session:
        acts = [
            (one.actor, one.action) for one in session.exec(select(AuditEntry)) if one.key and "proposal" in one.action
        ]
    assert acts == 2 * [("Redaktionen", "proposal made"), ("Redaktionen", "proposal accepted")]


def test_one_change_is_taken_back_alone_and_what_was_changed_again_is_named(desk: Desk) -> None:
    first = desk.revision()
    older = desk.propose(desk.editor, **SUMMARY, publish=True).json()["decision"]["revision"]
    desk.propose(desk.editor, patch={"name": {"sv": "Väst", "en": "West"}}, publish=True)
    back = desk.propose(desk.editor, undo=older, publish=True)
    assert (back.status_code, back.json()["changed_fields"]) == (201, ["summary"])
    shown = desk.client.get("/v1/coordinators/koordinator-vast?lang=en").json()
    assert (shown["summary"], shown["name"]) == ("Coordinates.", "West")
    assert "would not change" in assert_problem(desk.propose(desk.editor, undo=older), 422)["errors"][0]["detail"]
    desk.propose(desk.editor, patch={"summary": {"sv": "Hjälper.", "en": "Helps."}}, publish=True)
    number = desk.revision()
    refused = assert_problem(desk.propose(desk.editor, undo=older, publish=True), 409)
    assert refused["errors"] == [{"parameter": "summary", "detail": "was changed again since", "allowed_values": None}]
    assert "nothing before it" in assert_problem(desk.propose(desk.editor, undo=first), 422)["errors"][0]["detail"]
    assert desk.revision() == number


def test_a_contributors_proposal_is_cited_to_their_statement_and_an_editor_accepts_it(desk: Desk) -> None:
    key = desk.contributor("organization=myndigheten")
    patch = new_number(desk)
    made = desk.propose(key, LINE, **patch)
    assert made.status_code == 201, made.text
    told = made.json()
    assert (told["state"], told["needs_two"]) == ("open", True)
    assert told["source"]["publisher"] == "Myndigheten"
    cited = [one for one in told["document"]["citations"] if one["source"] == told["source"]["id"]]
    assert [(one["fields"], one["evidence"]) for one in cited] == [(["contact_points.telefon.value"], NUMBER)]
    # Another address than before: what is kept tells it a minute later.
    assert desk.client.get(f"/v1/records/{LINE}?lang=en").json()["open_proposals"] == 1
    assert desk.client.get("/v1/hotlines/linjen").json()["contact_points"][0]["value"] == "+4620390000"
    accepted = desk.decide(desk.editor, told["id"], "accept")
    assert accepted.status_code == 200, accepted.text
    shown = desk.client.get("/v1/hotlines/linjen").json()
    assert shown["contact_points"][0]["value"] == NUMBER
    sources = {one["source"]["id"] for one in shown["citations"] if one["field"] == "contact_points.telefon.value"}
    assert sources == {told["source"]["id"]}
    history = desk.client.get(f"/v1/records/{LINE}").json()
    assert (history["actor"], history["reason"]) == ("Myndigheten", "The page says so. (accepted by Redaktionen)")
    again = desk.decide(desk.second, told["id"], "accept")
    assert "accepted already" in assert_problem(again, 409)["detail"]


def test_a_hotlines_number_and_the_escalation_take_two(desk: Desk) -> None:
    patch = new_number(desk)
    assert_problem(desk.propose(desk.editor, LINE, **patch, publish=True), 403)
    assert_problem(desk.propose(desk.editor, LINE, patch={"status": "unverified"}, publish=True), 403)
    step = {"patch": {"reason": {"sv": "Rådgör nu.", "en": "Ask now."}}}
    assert_problem(desk.propose(desk.editor, "escalation/radgor", **step, publish=True), 403)
    told = desk.propose(desk.editor, LINE, **patch).json()
    assert "two" in assert_problem(desk.decide(desk.editor, told["id"], "accept"), 403)["detail"]
    points = told["document"]["contact_points"]
    points[0]["value"] = "+4687654321"
    other = desk.decide(desk.second, told["id"], "amend", patch={"contact_points": points})
    assert "as proposed" in assert_problem(other, 403)["detail"]
    assert desk.client.get("/v1/hotlines/linjen").json()["contact_points"][0]["value"] == "+4620390000"
    words = {"sv": "En bra linje.", "en": "A good line."}
    amended = desk.decide(desk.second, told["id"], "amend", patch={"summary": words})
    assert amended.status_code == 200, amended.text
    shown = desk.client.get("/v1/hotlines/linjen?lang=en").json()
    assert (shown["contact_points"][0]["value"], shown["summary"]) == (NUMBER, "A good line.")


def test_what_others_have_not_touched_is_put_together_and_the_same_field_is_never_lost(desk: Desk) -> None:
    first = desk.propose(desk.editor, **SUMMARY).json()
    assert desk.propose(desk.editor, patch={"name": {"sv": "Väst", "en": "West"}}, publish=True).status_code == 201
    assert desk.client.get(f"/v1/proposals/{first['id']}", headers=desk.editor).json()["conflicts"] == []
    second = desk.propose(desk.editor, patch={"summary": {"sv": "Annat.", "en": "Other."}}).json()
    assert desk.decide(desk.editor, first["id"], "accept").status_code == 200
    shown = desk.client.get("/v1/coordinators/koordinator-vast?lang=en").json()
    assert (shown["name"], shown["summary"]) == ("West", "Coordinates a lot.")
    stale = desk.client.get(f"/v1/proposals/{second['id']}", headers=desk.editor).json()
    assert (stale["state"], stale["conflicts"]) == ("stale", ["summary"])
    (difference,) = [one for one in stale["differences"] if one["field"] == "summary"]
    assert (difference["present"]["en"], difference["proposed"]["en"]) == ("Coordinates a lot.", "Other.")
    refused = assert_problem(desk.decide(desk.editor, second["id"], "accept"), 409)
    assert [one["parameter"] for one in refused["errors"]] == ["base_revision", "summary"]
    assert refused["errors"][0]["allowed_values"] == [str(desk.revision())]
    listed = desk.client.get("/v1/proposals", headers=desk.editor).json()["items"]
    assert [(one["id"], one["state"]) for one in listed] == [(second["id"], "stale")]
    document = second["document"] | {"name": {"sv": "Väst", "en": "West"}}
    taken = desk.decide(desk.editor, second["id"], "amend", document=document, base_revision=desk.revision())
    assert taken.status_code == 200, taken.text
    assert desk.client.get("/v1/coordinators/koordinator-vast?lang=en").json()["summary"] == "Other."


def test_a_change_against_an_old_revision_is_409_and_against_another_etag_412(desk: Desk) -> None:
    old = desk.client.get(f"/v1/records/{COORDINATOR}")
    number = old.json()["number"]
    assert old.headers["etag"].startswith(f'"r{number}-')
    desk.propose(desk.editor, **SUMMARY, publish=True)
    other = {"patch": {"summary": {"sv": "Annat.", "en": "Other."}}, "base_revision": number}
    refused = assert_problem(desk.propose(desk.editor, **other), 409)
    assert refused["errors"][0]["allowed_values"] == [str(desk.revision())]
    unrelated = {"patch": {"name": {"sv": "Väst", "en": "West"}}, "base_revision": number}
    stands = desk.revision()
    for tag in (
        old.headers["etag"],
        f'"r{number}"',
        f'"r{stands}',
        f'x"r{stands}"',
        f'"xr{stands}"',
        f'"r{number}" "r{stands}"',
    ):
        told = assert_problem(desk.propose(desk.editor, **unrelated, headers={"If-Match": tag}), 412)
        assert f'"r{desk.revision()}"' in told["detail"]
    assert desk.propose(desk.editor, **unrelated, headers={"If-Match": f'"r{desk.revision()}"'}).status_code == 201
    for tag in ("*", f'W/"r{stands}"', f'"r{number}", "r{stands}"'):
        assert desk.propose(desk.editor, **unrelated, headers={"If-Match": tag}).status_code == 201, tag


def test_every_fault_is_named_with_its_field_and_nothing_is_stored(desk: Desk) -> None:
    patch = {"min_age": 300, "audiences": ["ingen"], "areas": ["9999"], "okänt": 1, "summary": {"en": None}}
    told = assert_problem(desk.propose(desk.editor, patch=patch), 422)
    assert {one["parameter"] for one in told["errors"]} >= {"min_age", "okänt", "summary.en"}
    told = assert_problem(desk.propose(desk.editor, patch={"audiences": ["ingen"], "areas": ["9999"]}), 422)
    assert "no citation for: audiences" in told["errors"][0]["detail"]
    contributor = desk.contributor()
    told = assert_problem(desk.propose(contributor, patch={"audiences": ["ingen"], "areas": ["9999"]}), 422)
    assert [one["parameter"] for one in told["errors"]] == ["audiences", "areas"]
    assert "would not change" in desk.propose(desk.editor, patch={"status": "current"}).text
    assert_problem(desk.propose(desk.editor, revert_to=99999), 422)
    assert_problem(desk.propose(desk.editor, patch={}, document={}), 422)
    assert_problem(desk.propose(desk.editor, "linjer/linjen", document={"id": "x"}), 422)
    assert count(desk) == 0


@pytest.mark.parametrize(
    "document",
    [
        {}, {"id": 1}, {"id": "ny", "contact_points": ["x"]}, {"id": "ny", "contact_points": [{"value": "x"}]},
        {"id": "ny", "citations": [{"fields": 1}]}, {"id": "ny", "name": "<script>"}, {"id": "ny", "citations": 3},
    ],
)  # fmt: skip
def test_a_document_of_any_other_shape_is_refused(desk: Desk, document: dict[str, Any]) -> None:
    for key in (desk.editor, desk.contributor()):
        assert_problem(desk.propose(key, "support-services/ny", document=document), 422)
        assert_problem(desk.propose(key, COORDINATOR, document=document, base_revision=desk.revision()), 422)


def test_bodies_that_are_no_json_too_deep_too_large_or_hold_what_no_text_may_are_refused(desk: Desk) -> None:
    def send(content: bytes | str, kind: str = "application/json", status: int = 422) -> None:
        headers = desk.editor | {"Content-Type": kind}
        assert_problem(desk.client.post("/v1/proposals", content=content, headers=headers), status)

    send("{}", "text/plain", 415)
    send("{}", "application/x-www-form-urlencoded", 415)
    send("{", status=422)
    send(b'{"a": "\xff"}', status=400)
    send("[" * 40_000, status=400)
    send('{"a":"' + 50_000 * "x" + '"}', status=413)
    start = f'{{"record": "{COORDINATOR}", "base_revision": {desk.revision()}, "reason": "Därför.", "patch": '
    send(start + '{"a":' * 50 + "1" + 51 * "}")
    send(start + '{"a": "\\u0000"}}')
    send(start + '{"a": "\\ud800"}}')
    send(start + '{"name": NaN}}')
    send(start + '{"status": "current", "status": "ended"}}', status=400)
    send(start + '{}, "publish": false, "publish": true}', status=400)
    assert count(desk) == 0


def test_the_same_request_twice_is_done_once_even_at_the_same_time(desk: Desk) -> None:
    headers = {"Idempotency-Key": "6f1e"}
    base = desk.revision()
    with ThreadPoolExecutor(4) as pool:
        sent = [
            pool.submit(desk.propose, desk.editor, **SUMMARY, base_revision=base, headers=headers) for _ in range(4)
        ]
    assert {one.result().status_code for one in sent} == {201}
    (made,) = {one.result().json()["id"] for one in sent}
    assert count(desk) == 1
    other = desk.propose(desk.editor, patch={"name": {"sv": "A", "en": "B"}}, base_revision=base, headers=headers)
    assert assert_problem(other, 422)["errors"][0]["parameter"] == "Idempotency-Key"
    assert desk.propose(desk.second, **SUMMARY, base_revision=base, headers=headers).json()["id"] != made


def test_of_two_who_accept_at_once_one_does_and_there_is_one_revision(desk: Desk) -> None:
    made = desk.propose(desk.contributor(), **SUMMARY).json()
    with ThreadPoolExecutor(2) as pool:
        sent = [pool.submit(desk.decide, key, made["id"], "accept") for key in (desk.editor, desk.second)]
    assert sorted(one.result().status_code for one in sent) == [200, 409]
    assert desk.client.get(f"/v1/records/{COORDINATOR}/revisions").json()["_meta"]["total"] == 2


def test_a_preview_waits_for_no_writer(desk: Desk, make_key: MakeKey) -> None:
    key = make_key(KeyRole.EDITOR, None, "Prov", is_test=True)
    assert desk.propose(key, **SUMMARY).status_code == 201  # the key has been used today
    with begin_writing(desk.store.engine, "publish"):
        shown = desk.propose(key, **SUMMARY)
    assert (shown.status_code, shown.json()["changed_fields"]) == (201, ["summary"])


def test_a_test_key_has_all_checked_and_stores_nothing(desk: Desk, make_key: MakeKey) -> None:
    key = make_key(KeyRole.EDITOR, None, "Prov", is_test=True)
    made = desk.propose(key, **SUMMARY, publish=True, headers={"Idempotency-Key": "x"})
    assert made.status_code == 201, made.text
    assert (made.json()["id"], made.json()["changed_fields"]) == (None, ["summary"])
    assert "location" not in made.headers
    assert_problem(desk.propose(key, patch={"min_age": 300}), 422)
    assert count(desk) == 0
    real = desk.propose(desk.editor, **SUMMARY).json()
    assert desk.decide(key, real["id"], "accept").status_code == 200
    assert desk.client.get(f"/v1/proposals/{real['id']}", headers=desk.editor).json()["state"] == "open"
    assert desk.client.get(f"/v1/records/{COORDINATOR}/revisions").json()["_meta"]["total"] == 1


def test_nobody_sees_or_decides_what_is_anothers(desk: Desk) -> None:
    mine, other = desk.contributor(name="En kommun"), desk.contributor(name="En annan")
    made = desk.propose(mine, **SUMMARY).json()
    path = f"/v1/proposals/{made['id']}"
    assert desk.client.get(path, headers=mine).status_code == 200
    assert_problem(desk.client.get(path, headers=other), 404)
    assert desk.client.get("/v1/proposals", headers=other).json()["items"] == []
    assert [one["id"] for one in desk.client.get("/v1/proposals", headers=mine).json()["items"]] == [made["id"]]
    assert_problem(desk.decide(other, made["id"], "withdraw"), 404)
    assert_problem(desk.decide(desk.editor, made["id"], "withdraw"), 403)
    assert "editor" in assert_problem(desk.decide(mine, made["id"], "accept"), 403)["detail"]
    assert desk.decide(mine, made["id"], "withdraw").json()["state"] == "withdrawn"
    assert_problem(desk.decide(desk.editor, made["id"], "reject"), 409)
    withdrawn = desk.client.get("/v1/proposals?state=withdrawn", headers=desk.editor).json()
    assert withdrawn["_meta"]["total"] == 1


def test_a_scope_holds_for_proposals_and_decisions(desk: Desk, make_key: MakeKey) -> None:
    halmstad = desk.contributor("municipality=1380", "Halmstads kommun")
    told = assert_problem(desk.propose(halmstad, **SUMMARY), 403)
    assert "municipality=1380" in told["detail"]
    contact = {
        "id": "kontakten", "status": "current", "areas": ["1380"],
        "name": {"sv": "Kontakten", "en": "The contact"}, "summary": {"sv": "Ger stöd.", "en": "Gives support."},
        "contact_points": [
            {"id": "telefon", "channel": "phone", "label": {"sv": "Telefon", "en": "Phone"}, "value": "+4635137000"}
        ],
    }  # fmt: skip
    made = desk.propose(halmstad, "support-services/kontakten", document=contact)
    assert made.status_code == 201, made.text
    assert_problem(desk.propose(halmstad, "support-services/k2", document=contact | {"id": "k2", "areas": ["SE"]}), 403)
    elsewhere = make_key(KeyRole.EDITOR, "records=hotlines/linjen", "Linjens redaktör")
    assert_problem(desk.decide(elsewhere, made.json()["id"], "accept"), 404)
    assert desk.decide(desk.editor, made.json()["id"], "accept").status_code == 200
    shown = desk.client.get("/v1/support-services/kontakten").json()
    assert shown["contact_points"][0]["value"] == "+4635137000"
    assert {one["source"]["publisher"] for one in shown["citations"]} == {"Halmstads kommun"}
    assert desk.propose(halmstad, "support-services/kontakten", remove=True).status_code == 201


def test_addresses_that_take_two_methods_say_so(client: httpx.Client) -> None:
    assert client.put("/v1/proposals").headers["allow"] == "GET, HEAD, POST"
    assert client.get("/v1/proposals/x/decision").headers["allow"] == "POST"


@pytest.mark.parametrize("patch", [{"name": {}}, {"name": {"sv": {}}}, {"contact_points": [{}]}, {"topics": [[], {}]}])
def test_a_document_with_empty_objects_is_refused_by_its_fields(desk: Desk, patch: dict[str, Any]) -> None:
    document = {**desk.store.document("hotline", "linjen"), **patch}
    asked = desk.propose(
        desk.contributor("records=hotlines/linjen"), LINE, document=document, base_revision=desk.revision(LINE)
    )
    assert_problem(asked, 422)


@pytest.mark.parametrize(
    "words", ["a\u0085b", "a\u009bb", "a\u202eb", "a\u2066b", f"stodkatalog_live_{8 * '0'}_{64 * '0'}"]
)
def test_what_turns_writing_around_and_keys_belong_in_no_text(desk: Desk, words: str) -> None:
    assert_problem(desk.propose(desk.editor, patch={"summary": {"sv": words, "en": "B"}}), 422)
    told = assert_problem(desk.propose(desk.editor, **SUMMARY, reason=f"Because {words}"), 422)
    assert words not in str(told)


def test_a_proposal_that_is_not_in_order_is_refused_while_another_writes(desk: Desk) -> None:
    base = desk.revision()
    with begin_writing(desk.store.engine, "publish"):
        refused = desk.propose(desk.editor, base_revision=base, patch={"summary": {"sv": ""}})
    assert_problem(refused, 422)


def test_whether_two_must_look_is_told_of_what_would_stand(desk: Desk) -> None:
    desk.propose(desk.editor, "hotlines/linjen", patch={"summary": {"sv": "Annat.", "en": "Other."}})

    def rename_point(document: Document) -> None:
        document["contact_points"][0]["label"] = {"sv": "Ny etikett", "en": "New label"}

    desk.store.change("hotline", "linjen", rename_point)
    (proposal,) = desk.client.get("/v1/proposals", headers=desk.editor).json()["items"]
    assert (proposal["state"], proposal["needs_two"]) == ("open", False)


def test_a_key_is_not_named_as_another_reads(desk: Desk, make_key: MakeKey) -> None:
    for name in ("redaktionen", "Redaktionen!"):
        with pytest.raises(KeyRefused, match="reads the same"):
            make_key(KeyRole.EDITOR, None, name)
    make_key(KeyRole.EDITOR, None, "Redaktionen")


def test_a_key_sends_few_large_bodies_a_minute(desk: Desk) -> None:
    text = {"summary": {"sv": "x" * 9000, "en": ""}}
    statuses = [desk.propose(desk.editor, base_revision=1, patch=text).status_code for _ in range(21)]
    assert statuses == [*20 * [422], 429]
    assert desk.propose(desk.editor, base_revision=1, patch={}).status_code == 422


def test_a_redaction_leaves_nothing_in_proposals_and_waits_for_the_open_ones(desk: Desk) -> None:
    leaked = desk.propose(desk.editor, patch={"summary": {"sv": "Ring Olles hemnummer.", "en": "Olle."}}, publish=True)
    number = leaked.json()["decision"]["revision"]
    waiting = desk.propose(desk.editor, patch={"name": {"sv": "Väst", "en": "West"}}).json()
    desk.propose(desk.editor, **SUMMARY, publish=True)
    later = FIRST + timedelta(days=1)
    with pytest.raises(CannotRedact, match="has 1 open proposals that were made against it: decide about them first"):
        redact(desk.store.engine, number, "Redaktionen", "it named a person", later)
    assert desk.decide(desk.editor, waiting["id"], "reject").status_code == 200
    redact(desk.store.engine, number, "Redaktionen", "it named a person", later)
    for proposal in (leaked.json(), waiting):
        told = desk.client.get(f"/v1/proposals/{proposal['id']}", headers=desk.editor)
        assert (told.status_code, told.json()["document"], told.json()["differences"]) == (200, {}, [])
        assert "Olle" not in told.text
    with Session(desk.store.engine) as session:
        documents = session.exec(select(Proposal.document)).all()
    assert not [document for document in documents if "Olle" in (document or "")]
