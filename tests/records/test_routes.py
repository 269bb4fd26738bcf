"""`/v1/records`: what editors wrote, and how it came to say so."""

from collections.abc import Iterator

import httpx
import pytest

from app.main import create_app
from app.records.drafts import RecordChange
from app.records.redacting import redact
from app.settings import Settings
from tests.records.conftest import FIRST, Store
from tests.serving import serve

LINE = "/v1/records/hotlines/linjen"


@pytest.fixture
def client(store: Store) -> Iterator[httpx.Client]:
    """The service over the small directory."""
    with serve(create_app(Settings(database_url=store.engine.url.render_as_string(hide_password=False)))) as running:
        yield running.client


def set_summary(store: Store, words: str, slug: str = "linjen") -> int:
    publication = store.change("hotline", slug, lambda document: document["summary"].update(sv=words))
    return publication.revisions["hotline", slug]


def test_a_record_is_its_newest_document_with_who_when_why_and_what_changed(store: Store, client: httpx.Client) -> None:
    before = client.get(LINE).json()
    assert (before["actor"], before["origin"], before["base"]) == ("seed files", "seed", None)
    number = set_summary(store, "En annan linje.")
    record = client.get(LINE).json()
    assert record["document"] == store.document("hotline", "linjen")
    assert (record["number"], record["base"], record["edition"]) == (number, before["number"], 2)
    assert (record["actor"], record["origin"]) == ("editor", "command")
    assert (record["reason"], record["changed_fields"]) == ("because the number has changed", ["summary"])


def test_the_history_is_newest_first_and_each_revision_has_its_document(store: Store, client: httpx.Client) -> None:
    numbers = [set_summary(store, words) for words in ("Ett.", "Två.")]
    history = client.get(f"{LINE}/revisions").json()
    assert [item["number"] for item in history["items"]][:2] == numbers[::-1]
    assert history["_meta"]["total"] == 3
    for number, words in zip(numbers, ("Ett.", "Två."), strict=True):
        assert client.get(f"{LINE}/revisions/{number}").json()["document"]["summary"]["sv"] == words
    assert client.get(f"{LINE}/revisions?limit=1&offset=1").json()["items"][0]["number"] == numbers[0]


def test_the_history_says_at_once_what_was_redacted_by_whom_and_why(store: Store, client: httpx.Client) -> None:
    number = set_summary(store, "Ring Olles hemnummer.")
    newest = set_summary(store, "Ring linjen.")
    assert "Olles" in client.get(f"{LINE}/revisions/{number}").text
    redact(store.engine, number, "the publisher", "it named a person", FIRST)
    revision = client.get(f"{LINE}/revisions/{number}")
    assert "Olles" not in revision.text
    assert revision.json()["document"] is None
    assert revision.json()["changed_fields"] is None
    assert revision.json()["redaction"]["actor"] == "the publisher"
    assert revision.json()["redaction"]["reason"] == "it named a person"
    by_number = {item["number"]: item for item in client.get(f"{LINE}/revisions").json()["items"]}
    assert by_number[number]["redaction"]["reason"] == "it named a person"
    assert (by_number[newest]["changed_fields"], by_number[newest]["redaction"]) == (None, None)


def test_history_goes_on_over_a_new_id_and_past_a_removal(store: Store, client: httpx.Client) -> None:
    renamed = store.change("coordinator", "koordinator-ost", lambda document: document.update(id="nya-ost"))
    number = renamed.revisions["coordinator", "nya-ost"]
    for slug in ("koordinator-ost", "nya-ost"):
        record = client.get(f"/v1/records/coordinators/{slug}").json()
        assert (record["number"], record["id"]) == (number, "nya-ost")
    gone = store.publish(RecordChange("coordinator", "nya-ost", None, number)).revisions["coordinator", "nya-ost"]
    record = client.get("/v1/records/coordinators/nya-ost").json()
    assert (record["number"], record["removes"], record["document"]) == (gone, True, None)
    assert client.get("/v1/records/coordinators/nya-ost/revisions").json()["_meta"]["total"] == 3


@pytest.mark.parametrize(
    "path",
    [
        "hotlines/finns-inte",
        "finns-inte/linjen",
        "courses/linjen",
        "hotlines/linjen/revisions/1",
        "courses/linjen/revisions",
    ],
)
def test_what_is_not_there_is_a_404_that_says_what_is(client: httpx.Client, path: str) -> None:
    answer = client.get(f"/v1/records/{path}")
    assert answer.status_code == 404
    assert answer.headers["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize("path", ["sources/sida", "municipalities/1380", "audiences/alla", "organizations/myndigheten"])
def test_records_of_every_family_have_a_history(client: httpx.Client, path: str) -> None:
    assert client.get(f"/v1/records/{path}").json()["document"]
    assert client.get(f"/v1/records/{path}/revisions").json()["_meta"]["total"] == 1
