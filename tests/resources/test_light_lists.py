"""Lists without the citations of their items, for those who show a list."""

from typing import Any

import httpx
import pytest

from app.main import create_app
from app.settings import Settings
from tests.routes import routes_of

LISTS = [
    route.path
    for route in routes_of(create_app(Settings(database_url="sqlite:///never-opened")))
    if route.is_public and "citations" in route.parameters.model_fields
]


def leave_out(value: Any) -> Any:
    """The same without citations anywhere, and without links, which keep the parameter."""
    if isinstance(value, list):
        return [leave_out(one) for one in value]
    if isinstance(value, dict):
        return {name: [] if name == "citations" else leave_out(one) for name, one in value.items() if name != "_links"}
    return value


def name_of(item: dict[str, Any]) -> str:
    """The name of the schema that an operation answers with."""
    content = item.get("get", {}).get("responses", {}).get("200", {}).get("content", {})
    return str(content.get("application/json", {}).get("schema", {}).get("$ref", "")).rpartition("/")[2]


def test_every_list_of_the_document_whose_items_have_citations_can_be_light(client: httpx.Client) -> None:
    document = client.get("/v1/openapi.json").json()
    schemas = document["components"]["schemas"]
    cited = {
        f"/v1{path}"
        for path, item in document["paths"].items()
        if (name := name_of(item)).endswith("Page")
        and "citations" in schemas[name.removesuffix("Page")].get("properties", {})
    }
    assert cited == set(LISTS)
    assert len(cited) == 16


@pytest.mark.parametrize("path", LISTS)
def test_a_light_list_is_the_list_with_empty_citations_and_a_page_leads_to_the_next(
    client: httpx.Client, path: str
) -> None:
    query = {"limit": "2", "at": "2026-11-23T10:00:00+01:00", "q": "stöd", "status": ["ended", "current", "unverified"]}
    known = client.get(path, params={"x": "1"}).json()["errors"][0]["allowed_values"]
    asked = {name: value for name, value in query.items() if name in known and (name != "q" or path == "/v1/search")}
    whole = client.get(path, params=asked)
    light = client.get(path, params={**asked, "citations": "none"})
    assert light.json()["items"]
    assert leave_out(light.json()) == leave_out(whole.json())
    assert light.headers["etag"] != whole.headers["etag"]
    assert '"evidence"' in whole.text
    assert '"evidence"' not in light.text
    following = light.json()["_links"].get("next", light.json()["_links"]["self"])
    assert "citations=none" in following["href"]
    assert client.get(path, params={**asked, "citations": "all"}).json()["items"] == whole.json()["items"]


def test_another_word_is_refused_with_those_that_are_allowed(client: httpx.Client) -> None:
    answer = client.get("/v1/hotlines", params={"citations": "some"})
    assert answer.status_code == 422
    (fault,) = answer.json()["errors"]
    assert (fault["parameter"], fault["allowed_values"]) == ("citations", ["all", "none"])


def test_an_embed_does_not_know_the_parameter(client: httpx.Client) -> None:
    assert client.get("/embed/hotlines?citations=none").text == client.get("/embed/hotlines").text
