"""What should have been checked again can be followed by a feed reader."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from xml.etree import ElementTree

from app.main import create_app
from app.records.confirming import Confirmation, confirm
from app.records.shapes import CadenceRecord
from app.resources.models import Kind
from app.seeding.checking import read_seed
from app.seeding.writing import write_seed
from app.settings import Settings
from app.verifying.models import Method, Scope
from tests.records.conftest import FIRST, Store, folder, store
from tests.serving import serve

__all__ = ["folder", "store"]

ATOM = {"a": "http://www.w3.org/2005/Atom"}


def test_the_feed_of_overdue_checks_has_a_record_until_somebody_checks_it(store: Store, folder: Path) -> None:
    seed = read_seed(folder)
    seed.cadences = [CadenceRecord(kind=Kind.HOTLINE, days=30)]
    write_seed(store.engine, seed, FIRST)
    now = datetime.now(UTC)
    checked_on = (now - timedelta(days=40)).date()
    confirm(store.engine, "hotline", "linjen", Confirmation(Scope.CONTACT, Method.PHONE, "editor", checked_on), now)
    url = store.engine.url.render_as_string(hide_password=False)
    with serve(create_app(Settings(database_url=url))) as running:

        def entries() -> list[ElementTree.Element]:
            answer = running.client.get("/v1/overdue.atom?lang=en").raise_for_status()
            assert answer.headers["content-type"] == "application/atom+xml"
            return ElementTree.fromstring(answer.content).findall("a:entry", ATOM)

        (entry,) = entries()
        assert entry.findtext("a:title", None, ATOM) == "The line"
        assert "It should have been checked again by" in str(entry.findtext("a:content", None, ATOM))
        began = datetime.fromisoformat(str(entry.findtext("a:published", None, ATOM)))
        assert began.date() == checked_on + timedelta(days=31)
        pages = [link.attrib["href"] for link in entry.findall("a:link", ATOM)]
        assert [running.client.get(page).status_code for page in pages] == [200, 200]
        confirm(store.engine, "hotline", "linjen", Confirmation(Scope.CONTACT, Method.PHONE, "editor", now.date()), now)
        assert entries() == []
