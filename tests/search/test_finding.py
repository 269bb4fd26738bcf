"""What people type and mean: places, numbers, compounds and kinds; on both databases."""

from collections.abc import Iterator

import httpx
import pytest
from sqlmodel import Session

from app.areas.models import AreaKind
from app.areas.queries import areas
from app.database import engine_for
from app.search.queries import find_hits
from app.status import OFFERED


def search(client: httpx.Client, query: str) -> list[str]:
    answer = client.get("/v1/search", params={"q": query, "limit": 100})
    assert answer.status_code == 200, answer.text
    return [hit["id"] for hit in answer.json()["items"]]


@pytest.fixture
def session(database_url: str) -> Iterator[Session]:
    """The seeded store."""
    engine = engine_for(database_url)
    with Session(engine) as opened:
        yield opened
    engine.dispose()


@pytest.mark.parametrize("typed", ["2021:23", "2021-23", "2021/23", "2021 23", "202123", "rapport 2021:23"])
def test_a_report_is_found_by_its_number_however_it_is_written(client: httpx.Client, typed: str) -> None:
    assert search(client, typed) == ["prostitution-och-manniskohandel-2021-23"]


@pytest.mark.parametrize("typed", ["regionkoordinator-vast", "prostitution-och-manniskohandel-2021-23", "sos-112"])
def test_a_record_is_found_by_its_id(client: httpx.Client, typed: str) -> None:
    assert typed in search(client, typed)


@pytest.mark.parametrize(
    "typed",
    [
        "020390000", "020-390 000", "020-39 00 00", "020/39 00 00", "020.39.00.00", "(020) 39 00 00", "020–390 000",
        "+4620390000", "+46 20 39 00 00", "+46 (0)20 39 00 00", "+46(0)20390000", "(+46) 20-39 00 00", "+46 020390000",
        "004620390000", "0046 20 390 000", "0046 (0)20-39 00 00", "tel:+46-20-390-000", "020\u00a0390\u202f000",
        "٠٢٠٣٩٠٠٠٠", "０２０３９００００",
    ],
)  # fmt: skip
def test_a_phone_number_is_found_however_it_is_written(client: httpx.Client, typed: str) -> None:
    first, *others = search(client, typed)
    assert first == "nationella-stodtelefonen"
    assert set(others) <= {"material-om-flykt-fran-ukraina"}, "whose text names the number"


@pytest.mark.parametrize("typed", ["020390001", "+46 20 39 00 01", "0046 (0)20 39 00 01"])
def test_another_number_is_not_taken_for_one_that_is_known(client: httpx.Client, typed: str) -> None:
    assert search(client, typed) == []


def test_two_years_beside_each_other_are_two_years(client: httpx.Client) -> None:
    assert "prostitution-och-manniskohandel-2021-23" in search(client, "2021 2021")


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("nationella stöd telefonen", "nationella-stodtelefonen"),
        ("nationella stödtelefonen", "nationella-stodtelefonen"),
        ("kvinnofrids linjen", "kvinnofridslinjen"),
        ("kvinnofrid linjen", "kvinnofridslinjen"),
        ("kvinno frids linjen", "kvinnofridslinjen"),
        ("stöd linjen för män", "stodlinjen-for-man"),
        ("region koordinator väst", "regionkoordinator-vast"),
    ],
)
def test_a_compound_written_apart_finds_the_compound_first(client: httpx.Client, typed: str, first: str) -> None:
    assert search(client, typed)[0] == first


KINDS = {
    "hotline": [
        "hotline",
        "hotlines",
        "hot line",
        "Hotlines",
        "stödlinje",
        "stödlinjer",
        "stodlinjerna",
        "support line",
    ],
    "coordinator": ["coordinator", "coordinators", "regional coordinators", "regionkoordinator", "koordinatorer"],
    "support_service": ["support service", "support services", "stödverksamhet", "stödverksamheter"],
    "course": ["course", "courses", "kurs", "kurser", "utbildning", "utbildningar"],
    "program": ["program", "programme", "programmes", "programs"],
    "publication": ["publication", "publications", "publikation", "publikationer"],
    "organization": ["organization", "organisations", "organisation", "organisationer"],
}


@pytest.mark.parametrize("kind", KINDS)
def test_the_name_of_a_kind_finds_all_of_that_kind_first(client: httpx.Client, kind: str) -> None:
    everything = client.get("/v1/search", params={"q": KINDS[kind][0], "kind": kind}).json()["_meta"]["total"]
    assert everything > 0
    for typed in KINDS[kind]:
        items = client.get("/v1/search", params={"q": typed, "limit": 100}).json()["items"]
        assert [hit["kind"] for hit in items[:everything]] == [kind] * everything, typed
        assert kind not in {hit["kind"] for hit in items[everything:]}, typed


def test_the_name_of_a_kind_also_finds_what_has_ended_when_asked_for(client: httpx.Client) -> None:
    for typed in ("event", "events", "evenemang"):
        items = client.get("/v1/search", params={"q": typed, "status": "ended", "kind": "event"}).json()["items"]
        assert "temadag-lulea-2016" in {hit["id"] for hit in items}, typed


def test_a_name_with_the_name_of_its_kind_finds_what_is_named(client: httpx.Client) -> None:
    assert search(client, "PrevenTell hotline")[0] == "preventell"


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("Vara", "regionkoordinator-vast"),
        ("Åre", "regionkoordinator-nord"),
        ("ÅRE", "regionkoordinator-nord"),
        ("are", "regionkoordinator-nord"),
        ("Håbo", "regionkoordinator-mitt"),
        ("Habo", "regionkoordinator-ost"),
        ("Mark", "regionkoordinator-vast"),
        ("Kristianstad", "kristianstads-kommun-vald-i-nara-relation"),
    ],
)
def test_what_serves_a_municipality_of_that_name_comes_first(client: httpx.Client, typed: str, first: str) -> None:
    assert search(client, typed)[0] == first


def test_every_municipality_with_kommun_finds_what_its_name_finds(session: Session) -> None:
    for area in session.scalars(areas(AreaKind.MUNICIPALITY)).all():
        name = area.name_sv
        genitive = name if name[-1] in "sxz" else f"{name}s"
        bare = find_hits(session, name, OFFERED, [], 100, 0)
        assert bare[0] > 0, name
        for typed in (f"{genitive} kommun", f"{name} kommun".upper(), f"{genitive} stad"):
            assert find_hits(session, typed, OFFERED, [], 100, 0) == bare, typed


def test_kommun_after_what_is_no_municipality_is_a_word_like_others(client: httpx.Client) -> None:
    assert search(client, "zzzz kommun") == []
    assert set(search(client, "kvinnofridslinjen kommun")) <= set(search(client, "kommun"))
