"""A person has checked a record: an event that readers see, and no edit."""

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import Session, col, select

from app.changes.models import Change, Edition
from app.main import create_app
from app.organizations.models import Organization
from app.records.confirming import Confirmation, confirm
from app.records.documents import Document
from app.records.faults import Conflict, InvalidRecords
from app.records.models import Revision
from app.records.rebuilding import rebuild
from app.records.shapes import CadenceRecord
from app.resources.models import Kind, Resource
from app.resources.reviewing import Review, review_on
from app.seeding.checking import read_seed
from app.seeding.writing import write_seed
from app.settings import Settings
from app.verifying.models import Method, Scope
from tests.records.conftest import FIRST, Store
from tests.serving import serve

DAY = FIRST.date()
CALLED = Confirmation(Scope.CONTACT, Method.PHONE, "editor", DAY)


def dates(store: Store, model: type[Resource | Organization], slug: str) -> tuple[date | None, date | None]:
    """The day of the last check, and the day of the next."""
    with Session(store.engine) as session:
        row: Any = session.exec(select(model).where(col(model.slug) == slug)).one()
        return row.verified_at, row.review_due


@pytest.fixture
def cadenced(store: Store, folder: Path) -> Store:
    """The small directory, where hotlines are checked every 90 days."""
    seed = read_seed(folder)
    seed.cadences = [CadenceRecord(kind=Kind.HOTLINE, days=90)]
    write_seed(store.engine, seed, FIRST)
    return store


def test_a_confirmation_dates_the_record_and_makes_neither_a_revision_nor_a_change(cadenced: Store) -> None:
    with Session(cadenced.engine) as session:
        before = [len(session.exec(select(model)).all()) for model in (Revision, Change)]
    edition = confirm(cadenced.engine, "hotline", "linjen", CALLED, FIRST)
    assert dates(cadenced, Resource, "linjen") == (DAY, DAY + timedelta(days=90))
    with Session(cadenced.engine) as session:
        assert [len(session.exec(select(model)).all()) for model in (Revision, Change)] == before
        assert max(session.exec(select(Edition.number))) == edition
    assert rebuild(cadenced.engine, FIRST) == []


def test_a_number_that_has_changed_since_was_checked_by_nobody(cadenced: Store) -> None:
    def change_number(document: Document) -> None:
        document["contact_points"][0]["value"] = "+468123456"

    def change_summary(document: Document) -> None:
        document["summary"] = {"sv": "En annan linje.", "en": "Another line."}

    confirm(cadenced.engine, "hotline", "linjen", CALLED, FIRST)
    cadenced.change("hotline", "linjen", change_summary)
    assert dates(cadenced, Resource, "linjen")[0] == DAY
    cadenced.change("hotline", "linjen", change_number)
    assert dates(cadenced, Resource, "linjen") == (None, None)
    assert rebuild(cadenced.engine, FIRST) == []


def test_hours_that_were_checked_do_not_say_that_the_number_was(cadenced: Store) -> None:
    confirm(cadenced.engine, "hotline", "linjen", Confirmation(Scope.HOURS, Method.OPERATOR, "editor", DAY), FIRST)
    read = Confirmation(Scope.CONTENT, Method.READ, "editor", DAY, "sida")
    confirm(cadenced.engine, "hotline", "linjen", read, FIRST)
    assert dates(cadenced, Resource, "linjen") == (None, None)


def test_an_organization_is_confirmed_by_reading_and_has_no_due_day_without_a_cadence(cadenced: Store) -> None:
    read = Confirmation(Scope.CONTENT, Method.READ, "editor", DAY, "sida")
    confirm(cadenced.engine, "organization", "myndigheten", read, FIRST)
    assert dates(cadenced, Organization, "myndigheten") == (DAY, None)


def test_another_cadence_moves_the_days_of_what_was_checked(cadenced: Store, folder: Path) -> None:
    confirm(cadenced.engine, "hotline", "linjen", CALLED, FIRST)
    seed = read_seed(folder)
    seed.cadences = [CadenceRecord(kind=Kind.HOTLINE, days=30)]
    report = write_seed(cadenced.engine, seed, FIRST)
    assert dates(cadenced, Resource, "linjen") == (DAY, DAY + timedelta(days=30))
    assert report.edition is not None
    assert write_seed(cadenced.engine, seed, FIRST).edition is None


@pytest.mark.parametrize(
    ("kind", "slug", "confirmation", "reason"),
    [
        ("hotline", "ingen", CALLED, "no such record"),
        ("coordinator", "linjen", CALLED, "no such record"),
        ("source", "sida", CALLED, "not confirmed by itself"),
        ("organization", "myndigheten", CALLED, "no number or address"),
        ("hotline", "linjen", Confirmation(Scope.CONTACT, Method.READ, "editor", DAY), "is needed"),
        ("hotline", "linjen", Confirmation(Scope.CONTACT, Method.READ, "editor", DAY, "okänd"), "is no source"),
        ("hotline", "linjen", Confirmation(Scope.CONTACT, Method.PHONE, "editor", DAY + timedelta(1)), "not come yet"),
    ],
)
def test_what_cannot_have_been_checked_is_refused_with_the_reason(
    store: Store, kind: str, slug: str, confirmation: Confirmation, reason: str
) -> None:
    with pytest.raises((Conflict, InvalidRecords), match=reason):
        confirm(store.engine, kind, slug, confirmation, FIRST)


def test_a_review_is_due_a_month_before_its_day_and_overdue_after_it() -> None:
    due = date(2026, 12, 31)
    states = {day: review_on(day, date(2026, 10, 2), due) for day in map(date.fromisoformat, (
        "2026-11-30", "2026-12-01", "2026-12-31", "2027-01-01"))}  # fmt: skip
    assert [*states.values()] == [Review.CURRENT, Review.DUE, Review.DUE, Review.OVERDUE]
    assert review_on(due, None, None) is Review.NEVER
    assert review_on(due, date(2001, 1, 1), None) is Review.CURRENT


def test_a_confirmed_line_shows_its_date_within_the_next_request(cadenced: Store) -> None:
    settings = Settings(database_url=cadenced.engine.url.render_as_string(hide_password=False))
    with serve(create_app(settings)) as running:

        def read(path: str = "/v1/hotlines/linjen") -> dict[str, object]:
            answer: dict[str, object] = running.client.get(path).json()
            return answer

        def listed(review: str, at: str) -> list[object]:
            items = running.client.get("/v1/hotlines", params={"review": review, "at": f"{at}T12:00:00Z"}).json()[
                "items"
            ]
            return [item["id"] for item in items]

        for _ in range(2):
            assert (read()["review"], read()["verified_at"]) == ("never", None)
        confirm(cadenced.engine, "hotline", "linjen", CALLED, FIRST)
        assert read()["verified_at"] == "2026-11-01"
        later = read("/v1/hotlines/linjen?at=2027-02-01T12:00:00Z")
        assert (later["review"], later["review_due"]) == ("overdue", "2027-01-30")
        assert listed("overdue", "2027-01-30") == listed("current", "2027-01-30") == listed("never", "2027-01-30") == []
        assert listed("due", "2027-01-30") == listed("overdue", "2027-01-31") == listed("current", "2026-11-02")
        assert listed("current", "2026-11-02") == ["linjen"]
        refused = running.client.get("/v1/hotlines?review=late")
        assert refused.status_code == 422
        assert "overdue" in refused.text


def test_what_was_read_is_not_told_as_called_and_a_call_stays_one(cadenced: Store) -> None:
    settings = Settings(database_url=cadenced.engine.url.render_as_string(hide_password=False))
    with serve(create_app(settings)) as running:

        def read() -> str:
            return str(running.client.get("/v1/hotlines/linjen").json()["freshness"])

        days = [DAY - timedelta(days=number) for number in (3, 2, 1)]
        confirm(
            cadenced.engine, "hotline", "linjen", Confirmation(Scope.CONTACT, Method.READ, "x", days[0], "sida"), FIRST
        )
        assert read() == "Läst av en person den 29 oktober 2026; numret har inte provringts."
        confirm(cadenced.engine, "hotline", "linjen", Confirmation(Scope.CONTACT, Method.PHONE, "x", days[1]), FIRST)
        assert read() == "Provringt den 30 oktober 2026."
        confirm(
            cadenced.engine, "hotline", "linjen", Confirmation(Scope.CONTACT, Method.READ, "x", days[2], "sida"), FIRST
        )
        assert read() == "Provringt den 30 oktober 2026; läst av en person den 31 oktober 2026."
    assert rebuild(cadenced.engine, FIRST) == []
