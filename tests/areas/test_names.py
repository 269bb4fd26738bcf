"""All municipalities under every name that people give them: the right one, or never a wrong one first."""

import unicodedata
from collections.abc import Iterator

import httpx
import pytest
from sqlmodel import Session

from app.areas.finding import find_area
from app.areas.models import AreaKind
from app.areas.queries import areas
from app.areas.suggesting import UnknownArea
from app.database import engine_for
from app.folding import fold


@pytest.fixture
def session(database_url: str) -> Iterator[Session]:
    """The seeded store."""
    engine = engine_for(database_url)
    with Session(engine) as opened:
        yield opened
    engine.dispose()


def municipalities(session: Session) -> list[str]:
    return [area.name_sv for area in session.scalars(areas(AreaKind.MUNICIPALITY))]


def meant(session: Session, text: str) -> list[str]:
    """The municipality that a text names, or those that are suggested for it."""
    try:
        return [find_area(session, AreaKind.MUNICIPALITY, text).name_sv]
    except UnknownArea as error:
        return ["?", *(one.area.name_sv for one in error.suggestions)]


def genitive(name: str) -> str:
    return name if name[-1] in "sxz" else f"{name}s"


def written(name: str) -> list[str]:
    """A municipality as people write it."""
    return [
        name, f"{name} kommun", f"{genitive(name)} kommun", f"{genitive(name)} stad", f"{name} stad",
        f"{name} municipality", f"Municipality of {name}", name.replace("-", " "), name.replace(" ", "-"),
        f"{genitive(name.replace(' ', '-'))} kommun",
    ]  # fmt: skip


def test_every_municipality_is_known_by_each_form_of_its_name(session: Session) -> None:
    names = municipalities(session)
    assert len(names) == 290
    for name in names:
        decomposed = unicodedata.normalize("NFD", f" {genitive(name)} kommun ")
        for typed in {*written(name), decomposed, decomposed.upper()}:
            assert meant(session, typed) == [name], typed


def test_every_municipality_is_known_without_its_diacritics(session: Session) -> None:
    for name in municipalities(session):
        for text in (fold(name), fold(f"{genitive(name)} kommun")):
            assert meant(session, text) == ["Habo" if name == "Håbo" else name], text


def test_a_municipality_is_suggested_first_where_its_name_is_blurred(session: Session) -> None:
    for name in municipalities(session)[::9]:
        joined = name.replace(" ", "").replace("-", "")
        older = name.replace("v", "w").replace("k", "c").replace("K", "C")
        foreign = name.lower().replace("å", "aa").replace("ä", "ae").replace("ö", "oe")
        for text in (genitive(name), joined, older, foreign):
            assert [one for one in meant(session, text) if one != "?"][:1] == [name], text


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("Wäxjö", "Växjö"), ("Gefle", "Gävle"), ("Sköfde", "Skövde"), ("Carlstad", "Karlstad"),
        ("Hernösand", "Härnösand"), ("Upsala", "Uppsala"), ("Jönkjöping", "Jönköping"), ("Westerås", "Västerås"),
        ("Elfkarleby", "Älvkarleby"), ("Hälsingborg", "Helsingborg"), ("Christianstad", "Kristianstad"),
        ("Fahlun", "Falun"), ("Falu kommun", "Falun"), ("Wenersborg", "Vänersborg"), ("Malmoe", "Malmö"),
        ("Växjø", "Växjö"), ("Halmstadd", "Halmstad"), ("Stokholm", "Stockholm"),
    ],
)  # fmt: skip
def test_an_old_or_foreign_spelling_suggests_the_right_one_first(session: Session, typed: str, first: str) -> None:
    assert meant(session, typed)[:2] == ["?", first]


def test_the_spelling_tells_habo_from_habo_with_a_ring(session: Session) -> None:
    for typed in ("Håbo", "Håbo kommun", "HÅBOS KOMMUN"):
        assert meant(session, typed) == ["Håbo"]
    for typed in ("Habo", "Habo kommun", "habos kommun"):
        assert meant(session, typed) == ["Habo"]
    assert sorted(meant(session, "Häbo kommun")) == ["?", "Habo", "Håbo"]
    assert meant(session, "Habos")[:2] == ["?", "Habo"]


@pytest.mark.parametrize(
    ("typed", "suggested"),
    [
        ("Sälen", ["Malung-Sälen (2023)"]),
        ("Väsby", ["Upplands Väsby (0114)"]),
        ("Edet", ["Lilla Edet (1462)"]),
        ("Halmstad centrum", ["Halmstad (1380)"]),
        ("Märsta", ["Sigtuna (0191)"]),
        ("MARSTA", ["Sigtuna (0191)"]),
        ("Märsta kommun", ["Sigtuna (0191)"]),
        ("Brevik", ["Tyresö (0138)", "Lidingö (0186)"]),
    ],
)
def test_parts_of_names_and_localities_suggest_their_municipality(
    client: httpx.Client, typed: str, suggested: list[str]
) -> None:
    answer = client.get("/v1/hotlines", params={"municipality": typed})
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["allowed_values"] == suggested


def test_who_says_where_a_locality_is_is_named(client: httpx.Client) -> None:
    detail = client.get("/v1/referrals", params={"municipality": "Märsta"}).json()["detail"]
    assert "Märsta is in Sigtuna, according to GeoNames. Did you mean one of these? Sigtuna (0191)." in detail
    detail = client.get("/v1/referrals", params={"municipality": "Brevik"}).json()["detail"]
    assert "Brevik is in Tyresö or in Lidingö, according to GeoNames." in detail


@pytest.mark.parametrize("typed", ["211 22", "21122", "SE-211 22", "S-21122"])
def test_a_postcode_is_said_not_to_be_known_and_suggests_nothing(client: httpx.Client, typed: str) -> None:
    problem = client.get("/v1/hotlines", params={"municipality": typed}).json()
    assert "Postcodes are not known here" in problem["detail"]
    assert "Did you mean" not in problem["detail"]
    assert problem["errors"][0]["allowed_values"] == []


def test_a_postcode_with_a_name_suggests_by_the_name(client: httpx.Client) -> None:
    problem = client.get("/v1/hotlines", params={"municipality": "211 22 Malmö"}).json()
    assert problem["errors"][0]["allowed_values"] == ["Malmö (1280)"]


@pytest.mark.parametrize("typed", ["9999", "xyzzy", "%"])
def test_where_nothing_is_near_nobody_is_asked_to_choose(client: httpx.Client, typed: str) -> None:
    problem = client.get("/v1/hotlines", params={"municipality": typed}).json()
    assert "Did you mean" not in problem["detail"]
    assert problem["errors"][0]["allowed_values"] == []
