"""What has been superseded says by what; what is inferred about coordination regions says so in every answer."""

import httpx

INFERRED_COUNTIES = {"01", "09", "14", "17", "18", "20"}


def test_the_analysis_of_may_2022_is_outdated_and_names_what_took_its_place(client: httpx.Client) -> None:
    found = client.get("/v1/publications/lagesanalys-ukrainska-kvinnor").json()
    assert found["status"] == "outdated"
    assert found["superseded_by"] == {
        "id": "lagesanalys-flykt-uppdaterad",
        "name": "Uppdaterad lägesanalys om personer på flykt",
        "kind": "publication",
    }
    english = client.get("/v1/publications/lagesanalys-ukrainska-kvinnor", params={"lang": "en"}).json()
    assert english["superseded_by"]["name"] == "Updated situation analysis on people who have fled"
    assert client.get("/v1/publications/lagesanalys-flykt-uppdaterad").json()["superseded_by"] is None


def test_the_page_of_what_is_superseded_links_to_what_took_its_place(client: httpx.Client) -> None:
    page = client.get("/sv/resurser/manual-vid-misstanke-om-manniskohandel-2016")
    assert "Det som gäller i stället:" in page.text
    assert 'manual-vid-misstanke-om-manniskohandel"' in page.text


def test_counties_that_rest_on_the_police_regions_are_marked_as_inferred_with_the_reason(client: httpx.Client) -> None:
    counties = client.get("/v1/counties", params={"limit": 100}).json()["items"]
    assert {one["id"] for one in counties if one["basis"] == "inferred"} == INFERRED_COUNTIES
    assert all("polisregionerna" in one["reason"] for one in counties if one["basis"] == "inferred")
    assert all(one["reason"] is None for one in counties if one["basis"] == "stated")
    visby = client.get("/v1/municipalities/0980").json()
    assert (visby["basis"], bool(visby["reason"])) == ("inferred", True)
    regions = {one["id"]: one["basis"] for one in client.get("/v1/coordination-regions").json()["items"]}
    assert {name for name, basis in regions.items() if basis == "inferred"} == {"stockholm", "vast", "bergslagen"}


def test_a_coordinator_says_which_of_its_counties_are_inferred(client: httpx.Client) -> None:
    coordinator = client.get("/v1/coordinators/regionkoordinator-vast", params={"lang": "en"}).json()
    assert coordinator["coordination_region"]["basis"] == "inferred"
    assert "police region" in coordinator["coordination_region"]["reason"]
    assert {one["id"]: one["basis"] for one in coordinator["counties"]} == {"13": "stated", "14": "inferred"}


def test_a_referral_says_that_the_coordination_region_is_inferred(client: httpx.Client) -> None:
    for place, basis in (("Visby", "inferred"), ("Halmstad", "stated"), ("Kristianstad", "stated")):
        referral = client.get("/v1/referrals", params={"municipality": place}).json()
        assert referral["municipality"]["basis"] == basis
        assert any(one.startswith("Om samordningsregionen") for one in referral["notices"]) is (basis == "inferred")
