"""vCards, read as an address book reads them (RFC 6350)."""

import re
from datetime import UTC, datetime
from typing import Any

import httpx

from app.http.views import View
from app.resources.models import Channel, Kind
from app.resources.schemas import ContactPointShown, ResourceShown
from app.standards.vcard import write_vcard
from app.status import Status
from app.texts import Language

Property = tuple[str, str, str]
"""Name, parameters and value."""


def read(card: bytes, version: str = "4.0") -> list[Property]:
    """The properties, unfolded; the values as they are written."""
    text = card.decode()
    assert text.endswith("\r\n")
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    assert "\n" not in text.replace("\r\n", "")
    lines = text.replace("\r\n ", "").split("\r\n")[:-1]
    found = [re.fullmatch(r"([A-Z]+)((?:;[A-Z]+=[^:;]+)*):(.*)", line) for line in lines]
    assert all(found), lines
    properties = [(one[1], one[2], one[3]) for one in found if one]
    assert properties[:2] == [("BEGIN", "", "VCARD"), ("VERSION", "", version)]
    assert properties[-1] == ("END", "", "VCARD")
    assert sum(name == "FN" for name, _, _ in properties) >= 1
    return properties


def values(properties: list[Property], wanted: str) -> list[str]:
    return [plain(value) for name, _, value in properties if name == wanted]


def plain(value: str) -> str:
    return re.sub(r"\\(.)", lambda escaped: "\n" if escaped[1] == "n" else escaped[1], value)


def card_of(client: httpx.Client, path: str, **asked: str) -> list[Property]:
    answer = client.get(path, params=asked, headers={"Accept": "text/vcard"})
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "text/vcard; charset=utf-8"
    return read(answer.content)


def test_a_line_has_its_name_number_provider_and_112_first_in_its_note(client: httpx.Client) -> None:
    card = card_of(client, "/v1/resources/nationella-stodtelefonen.vcf")
    assert values(card, "FN") == ["Nationella stödtelefonen"]
    assert values(card, "ORG") == ["Jämställdhetsmyndigheten"]
    assert ("TEL", ";TYPE=voice", "+4620390000") in card
    note = values(card, "NOTE")[0].split("\n")
    assert note[0] == "Akut fara: ring 112."
    assert "Stödtelefonen – Öppettider enligt källan: ”kontorstid på vardagar”." in note
    assert note[-1].startswith("Källor: Jämställdhetsmyndigheten, Stöd till yrkesverksamma")


def test_a_line_without_number_has_no_number(client: httpx.Client) -> None:
    assert values(card_of(client, "/v1/resources/pegasuschatten.vcf"), "TEL") == []


def test_every_coordinator_has_a_card_and_those_without_number_lead_to_the_line(client: httpx.Client) -> None:
    for item in client.get("/v1/coordinators").json()["items"]:
        card = card_of(client, f"/v1/coordinators/{item['id']}")
        numbers = [point["value"] for point in item["contact_points"] if point["uri"]]
        assert values(card, "TEL") == numbers
        assert values(card, "RELATED")[0].endswith("/v1/resources/nationella-stodtelefonen.vcf")


def test_a_card_says_where_the_counties_of_a_coordinator_are_inferred(client: httpx.Client) -> None:
    for slug, is_inferred in (("regionkoordinator-stockholm", True), ("regionkoordinator-nord", False)):
        region = client.get(f"/v1/coordinators/{slug}").json()["coordination_region"]
        (note,) = values(read(client.get(f"/v1/resources/{slug}.vcf").content), "NOTE")
        assert (region["basis"] == "inferred") is is_inferred
        assert ("polisregion" in note) is is_inferred


def test_every_resource_has_a_card_and_what_has_ended_no_number(client: httpx.Client) -> None:
    asked: dict[str, Any] = {"status": ["current", "unverified", "outdated", "ended"], "limit": 100}
    for item in client.get("/v1/resources", params=asked).json()["items"]:
        card = card_of(client, f"/v1/resources/{item['id']}.vcf")
        assert values(card, "FN") == [item["name"]]
        if item["status"] in ("outdated", "ended"):
            assert not values(card, "TEL") + values(card, "EMAIL") + values(card, "URL")


def test_numbers_are_written_as_they_are_dialled_not_as_addresses(client: httpx.Client) -> None:
    for item in client.get("/v1/hotlines", params={"limit": 100}).json()["items"]:
        card = card_of(client, f"/v1/hotlines/{item['id']}")
        assert all(re.fullmatch(r"\+?\d+", number) for number in values(card, "TEL"))
        dialled = [one["value"] for one in item["contact_points"] if one["channel"] in ("phone", "sms") and one["uri"]]
        assert values(card, "TEL") == dialled


def test_a_card_has_a_name_for_address_books_that_read_n_alone(client: httpx.Client) -> None:
    for version in ("4.0", "3.0"):
        answer = client.get("/v1/resources/nationella-stodtelefonen.vcf", params={"version": version})
        assert ("N", ";LANGUAGE=sv", "Nationella stödtelefonen;;;;") in read(answer.content, version)


def test_version_3_on_request_has_only_words_of_version_3(client: httpx.Client) -> None:
    words = {
        "BEGIN",
        "VERSION",
        "UID",
        "FN",
        "N",
        "ORG",
        "TEL",
        "EMAIL",
        "URL",
        "AGENT",
        "NOTE",
        "SOURCE",
        "REV",
        "END",
    }
    for item in client.get("/v1/resources", params={"limit": 100}).json()["items"]:
        answer = client.get(f"/v1/resources/{item['id']}.vcf", params={"version": "3.0"})
        assert answer.headers["content-type"] == "text/vcard; version=3.0; charset=utf-8"
        card = read(answer.content, "3.0")
        assert {name for name, _, _ in card} <= words
        assert {parameters for name, parameters, _ in card if name == "TEL"} <= {";TYPE=voice", ";TYPE=msg"}
        newer = read(client.get(f"/v1/resources/{item['id']}.vcf").content)
        for name in ("UID", "FN", "N", "TEL", "EMAIL", "NOTE"):
            assert values(card, name) == values(newer, name)


def test_a_version_that_does_not_exist_is_refused_and_those_that_do_are_named(client: httpx.Client) -> None:
    answer = client.get("/v1/resources/sos-112.vcf", params={"version": "2.1"})
    assert answer.status_code == 422
    assert "4.0" in answer.text
    assert "3.0" in answer.text


def test_the_accept_header_gives_the_same_card_as_the_suffix(client: httpx.Client) -> None:
    by_suffix = client.get("/v1/resources/sos-112.vcf")
    for path in ("/v1/resources/sos-112", "/v1/hotlines/sos-112"):
        assert client.get(path, headers={"Accept": "text/vcard"}).content == by_suffix.content
    assert values(read(by_suffix.content), "TEL") == ["112"]


def test_a_card_is_in_the_language_that_is_asked_for(client: httpx.Client) -> None:
    card = card_of(client, "/v1/resources/sos-112.vcf", lang="en")
    assert ("FN", ";LANGUAGE=en", "Emergency number 112") in card
    assert values(card, "NOTE")[0].startswith("Immediate danger: call 112.\n")


def test_a_card_keeps_its_uid(client: httpx.Client) -> None:
    first, second = (values(card_of(client, "/v1/resources/sos-112.vcf", lang=one), "UID") for one in ("sv", "en"))
    assert first == second
    assert first[0].startswith("urn:uuid:")


def test_an_unknown_resource_is_not_found(client: httpx.Client) -> None:
    answer = client.get("/v1/resources/finns-inte.vcf")
    assert (answer.status_code, answer.headers["content-type"]) == (404, "application/problem+json")


HOSTILE = 'Stöd\r\nTEL:+46700000000\nEND:VCARD; "a, b\\c" \u2028å' + "ä" * 80


def test_hostile_text_stays_text() -> None:
    moment = datetime(2026, 11, 21, tzinfo=UTC)
    view = View(base_url="https://katalog.example", language=Language.SWEDISH, at=moment, live=False)
    point: dict[str, Any] = {"label": HOSTILE, "channel": Channel.WEB, "uri": f"https://a.example/\r\nTEL:{HOSTILE}",
                             "value": HOSTILE, "languages": [], "opening_hours": None}  # fmt: skip
    item: dict[str, Any] = {"id": "x", "kind": Kind.HOTLINE, "language": Language.SWEDISH, "name": HOSTILE,
                            "summary": HOSTILE, "status": Status.CURRENT, "organizations": [], "citations": [],
                            "contact_points": [ContactPointShown.model_construct(**point)],
                            "review": None, "review_due": None, "freshness": "",
                            "updated_at": datetime(2026, 11, 21, tzinfo=UTC)}  # fmt: skip
    card = read(write_vcard(view, ResourceShown.model_construct(**item)))
    assert [name for name, _, _ in card] == [
        "BEGIN", "VERSION", "KIND", "UID", "FN", "N", "URL", "NOTE", "SOURCE", "REV", "END",
    ]  # fmt: skip
    assert values(card, "FN")[0].startswith('Stöd \nTEL:+46700000000\nEND:VCARD; "a, b\\c"')
