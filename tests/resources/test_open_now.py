"""Nobody is left at a closed line: what is open now is told in its place, through the door."""

import re
from collections.abc import Iterator
from html import unescape

import httpx
import pytest
from sqlalchemy import update
from sqlmodel import Session, col

from app.database import engine_for
from app.main import create_app
from app.resources.models import Resource
from app.seeding.files import Seed
from app.settings import Settings
from app.status import Status
from tests.conftest import create_seeded
from tests.serving import serve
from tests.stores import Stores

SUNDAY_NIGHT = "2026-11-29T02:00:00+01:00"


def box(html: str) -> str:
    """The box that tells what is open now; empty where there is none."""
    found = re.search(r'<section class="panel open-now".*?</section>', html, re.DOTALL)
    return unescape(found[0]) if found else ""


def lines(html: str) -> list[str]:
    return re.findall(r'<h\d><a href="/\w\w/\w+/([^"]+)">', box(html))


@pytest.fixture(scope="module")
def without_bris(tmp_path_factory: pytest.TempPathFactory, stores: Stores, seed: Seed) -> Iterator[httpx.Client]:
    """A directory whose only certain line for children has ended."""
    url = create_seeded(stores, tmp_path_factory.mktemp("bereft"), None, seed)
    engine = engine_for(url)
    with Session(engine) as session:
        session.execute(update(Resource).where(col(Resource.slug) == "bris").values(status=Status.ENDED))
        session.commit()
    engine.dispose()
    with serve(create_app(Settings(database_url=url))) as running:
        yield running.client


@pytest.mark.parametrize(
    ("slug", "open_lines"),
    [
        ("stodlinjen-for-man", ["1177", "kvinnofridslinjen"]),
        ("killar-se", ["bris", "1177", "kvinnofridslinjen"]),
        ("pegasuschatten", ["bris", "1177", "kvinnofridslinjen"]),
        ("storasyster", ["kvinnofridslinjen", "bris", "1177"]),
        ("somaya", ["kvinnofridslinjen", "1177", "bris"]),
        ("nationella-stodtelefonen", ["kvinnofridslinjen", "1177"]),
        ("regionkoordinator-vast", ["kvinnofridslinjen", "1177"]),
        ("preventell", ["1177"]),
        ("webbplatsen-du-avgor", ["1177"]),
    ],
)
def test_a_line_that_may_not_answer_leads_to_those_that_do(
    client: httpx.Client, slug: str, open_lines: list[str]
) -> None:
    html = client.get(f"/sv/resurser/{slug}").text
    # This one is open on some mornings.
    assert [line for line in lines(html) if line != "stodtelefonen-heder-yrkesverksamma"] == open_lines
    assert 'href="tel:' in box(html)
    assert "Finns för: " in box(html)
    english = box(client.get(f"/en/resources/{slug}").text)
    assert "Open now" in english
    assert "For: " in english


@pytest.mark.parametrize("slug", ["kvinnofridslinjen", "bris", "sos-112", "polisen-114-14", "betanketid"])
def test_where_somebody_answers_nothing_else_is_put_forward(client: httpx.Client, slug: str) -> None:
    assert box(client.get(f"/sv/resurser/{slug}").text) == ""


def test_an_ended_record_a_search_without_result_and_a_wrong_address_tell_what_is_open(client: httpx.Client) -> None:
    for path in (
        "/sv/sok?q=zzzzz",
        "/sv/evenemang",
        "/sv/resurser/finns-inte",
        "/sv/vem-kontaktar-jag?municipality=Halmsta",
        "/en/search?q=zzzzz",
        "/en/nothing",
    ):
        answer = client.get(path)
        assert {"kvinnofridslinjen", "bris"} <= set(lines(answer.text)), path
        assert "116 111" in box(answer.text), path


def test_a_child_for_whom_nothing_fits_is_given_the_childrens_line_in_every_form(client: httpx.Client) -> None:
    asked = {"audience": "people-who-buy-sex", "age": "16", "at": SUNDAY_NIGHT}
    notices = client.get("/v1/referrals", params=asked).json()["notices"]
    (told,) = [notice for notice in notices if notice.startswith("Öppet dygnet runt: Bris")]
    assert "116 111" in told
    page = {**asked, "at": "2026-11-29T02:00"}
    for text in (
        client.get("/v1/referrals", params=asked, headers={"Accept": "text/plain"}).text,
        client.get("/embed/referral", params=asked).text,
        client.get("/sv/vem-kontaktar-jag", params=page).text,
    ):
        assert told in unescape(text)


def test_a_directory_without_a_line_for_children_says_so(without_bris: httpx.Client) -> None:
    asked = {"age": "16", "at": SUNDAY_NIGHT}
    notices = without_bris.get("/v1/referrals", params=asked).json()["notices"]
    assert any("inte till någon linje för barn och unga" in one for one in notices)
    html = without_bris.get("/sv/resurser/bris").text
    assert "inte till någon linje för barn och unga" in box(html)
    assert "1177" in lines(html)
    assert 'href="tel:112"' in box(html)


def test_an_embed_that_cannot_tell_of_an_open_line_names_those_that_never_close(client: httpx.Client) -> None:
    for path in ("/embed/coordinators", "/embed/hotlines?audience=people-who-buy-sex"):
        text = unescape(client.get(path, headers={"Accept-Language": "sv"}).text)
        assert "Öppet dygnet runt: Kvinnofridslinjen, 020-50 50 50" in text, path
    assert "Öppet dygnet runt: " not in client.get("/embed/hotlines").text
