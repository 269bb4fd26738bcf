"""Hotlines, through the door."""

import httpx


def test_the_support_line_has_its_number_its_hours_as_stated_and_the_page_that_says_so(client: httpx.Client) -> None:
    line = client.get("/v1/hotlines/nationella-stodtelefonen").json()
    (phone,) = line["contact_points"]
    assert (phone["value"], phone["display"]) == ("+4620390000", "020-39 00 00")
    assert phone["opening_hours"]["stated"] == "kontorstid på vardagar"
    cited = {one["field"]: one["source"]["publisher"] for one in line["citations"]}
    assert cited["contact_points.telefon.value"] == "Jämställdhetsmyndigheten"


def test_a_chat_without_address_has_null_value_and_hours_not_stated(client: httpx.Client) -> None:
    chat = client.get("/v1/hotlines/pegasuschatten").json()["contact_points"][0]
    assert (chat["channel"], chat["value"]) == ("chat", None)
    assert chat["opening_hours"]["state"] == "not_stated"


def test_the_emergency_number_comes_first(client: httpx.Client) -> None:
    assert client.get("/v1/hotlines").json()["items"][0]["contact_points"][0]["value"] == "112"


def test_a_municipality_finds_the_coordinators_of_its_coordination_region(client: httpx.Client) -> None:
    found = client.get("/v1/coordinators", params={"municipality": "Halmstad"}).json()
    assert [one["coordination_region"]["name"] for one in found["items"]] == ["Region Väst"]


def test_search_finds_what_a_person_means(client: httpx.Client) -> None:
    for said, meant in {
        "manniskohandel": "manniskohandel-med-barn-och-unga",
        "Kristianstad": "kristianstads-kommun-vald-i-nara-relation",
        "regionkoordinatorn": "regionkoordinator-vast",
        "utbildningar": "socialstyrelsen-utbildningspaket",
        "020-390 000": "nationella-stodtelefonen",
    }.items():
        found = client.get("/v1/search", params={"q": said, "limit": 100}).json()
        assert meant in [hit["id"] for hit in found["items"]], said
