"""No id is moved from under a hotline, and no new record becomes one that was there before."""

from typing import Any

import pytest

from app.access.models import KeyRole
from app.records.drafts import RecordChange
from tests.access.conftest import MakeKey
from tests.proposals.conftest import LINE, Desk
from tests.test_every_route import assert_problem

NUMBER = {"id": "telefon", "channel": "phone", "label": {"sv": "Telefon", "en": "Phone"}, "value": "+4635137000"}


def make_service(desk: Desk, slug: str, **more: Any) -> dict[str, Any]:
    """The document of a support service, cited."""
    fields = ["name", "summary", "areas", "contact_points.telefon.channel", "contact_points.telefon.value"]
    return {
        "id": slug, "status": "current", "areas": ["1380"], "contact_points": [NUMBER],
        "name": {"sv": "Kontakten", "en": "The contact"}, "summary": {"sv": "Ger stöd.", "en": "Gives support."},
        "citations": [{"source": "sida", "locator": "rad 2", "evidence": "020-390 000", "fields": fields}], **more,
    }  # fmt: skip


def rename_line(desk: Desk) -> None:
    made = desk.propose(desk.editor, LINE, patch={"id": "linjen-ny"}).json()
    assert made["needs_two"] is True
    assert desk.decide(desk.second, made["id"], "accept").status_code == 200


@pytest.mark.parametrize(
    "change", [{"id": "annan"}, {"label": {"sv": "Polisen", "en": "Police"}}, {"point": "annan"}], ids=str
)
def test_what_a_hotline_is_found_by_and_called_takes_two(desk: Desk, change: dict[str, Any]) -> None:
    document = desk.store.document("hotline", "linjen")
    (point,) = document["contact_points"]
    if "id" in change:
        document["id"] = change["id"]
    point["label"] = change.get("label", point["label"])
    if "point" in change:
        point["id"] = change["point"]
        for citation in document["citations"]:
            citation["fields"] = [one.replace(".telefon.", ".annan.") for one in citation["fields"]]
    base = desk.revision(LINE)
    refused = desk.propose(desk.editor, LINE, document=document, base_revision=base, publish=True)
    assert "changed by two" in assert_problem(refused, 403)["detail"]


def test_what_the_escalation_names_takes_two(desk: Desk) -> None:
    desk.store.publish(RecordChange("support_service", "jouren", make_service(desk, "jouren")))
    desk.store.change("step", "radgor", lambda step: step.update(resource="jouren"))
    for patch in ({"id": "annan"}, {"contact_points": [NUMBER | {"value": "+46812345678"}]}):
        assert_problem(desk.propose(desk.editor, "support-services/jouren", patch=patch, publish=True), 403)
    other = {"patch": {"summary": {"sv": "Annat.", "en": "Other."}}, "publish": True}
    assert desk.propose(desk.editor, "support-services/jouren", **other).status_code == 201


def test_nothing_else_takes_the_id_that_a_hotline_had(desk: Desk) -> None:
    rename_line(desk)
    service = make_service(desk, "linjen")
    squat = desk.propose(desk.editor, "support-services/linjen", document=service, publish=True)
    assert assert_problem(squat, 422)["errors"][0]["parameter"] == "id"
    made = desk.propose(desk.editor, "support-services/k", document=make_service(desk, "k"), publish=True)
    assert made.status_code == 201, made.text
    assert_problem(desk.propose(desk.editor, "support-services/k", patch={"id": "linjen"}, publish=True), 422)
    assert (
        desk.client.get("/v1/hotlines/linjen", follow_redirects=True).json()["contact_points"][0]["value"]
        == "+4620390000"
    )


def test_a_new_record_has_the_id_of_its_address(desk: Desk, make_key: MakeKey) -> None:
    key = make_key(KeyRole.EDITOR, None, "En annan redaktör")
    refused = desk.propose(key, "support-services/k", document=make_service(desk, "annan"))
    assert [one["parameter"] for one in assert_problem(refused, 422)["errors"]] == ["id"]
    made = desk.propose(key, "support-services/k", document=make_service(desk, "k")).json()
    assert_problem(desk.decide(desk.editor, made["id"], "amend", patch={"id": "annan"}), 422)


def test_a_record_under_an_id_that_another_had_is_a_record_of_its_own(desk: Desk) -> None:
    def publish(slug: str, **asked: Any) -> None:
        sent = desk.propose(desk.editor, f"support-services/{slug}", **asked, publish=True)
        assert sent.status_code == 201, sent.text

    publish("k", document=make_service(desk, "k"))
    first = desk.store.current("support_service", "k")
    publish("k", patch={"id": "k2"})
    publish("k", document=make_service(desk, "k"))
    second = desk.store.current("support_service", "k")
    assert first is not None
    assert second is not None
    assert first.id != second.id
    # Also where the address that the change was sent to is another than its id.
    publish("k", remove=True)
    desk.store.publish(RecordChange("support_service", "adressen", make_service(desk, "k")))
    third = desk.store.current("support_service", "k")
    assert third is not None
    assert third.id not in (first.id, second.id)
