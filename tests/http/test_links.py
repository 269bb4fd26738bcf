"""Links lead on in the language that somebody asks for."""

from collections.abc import Iterator

import httpx
import pytest


@pytest.mark.parametrize("path", [
    "/v1/exports", "/v1/hotlines", "/v1/opening-hours", "/v1/organizations", "/v1/counties", "/v1/topics",
    "/v1/sources", "/v1/changes", "/v1/search?q=polisen", "/v1/referrals", "/v1/resources",
    "/v1/opening-hours/nationella-stodtelefonen.telefon/intervals",
])  # fmt: skip
def test_links_keep_the_language_that_the_address_asks_for(client: httpx.Client, path: str) -> None:
    def hrefs(value: object) -> Iterator[str]:
        if isinstance(value, dict):
            yield from (link["href"] for link in value.get("_links", {}).values())
            for inner in value.values():
                yield from hrefs(inner)
        elif isinstance(value, list):
            for inner in value:
                yield from hrefs(inner)

    asked = f"{path}{'&' if '?' in path else '?'}lang=en"
    for address, lang in ((asked, "en"), (path, None)):
        found = list(hrefs(client.get(address).json()))
        assert found
        for href in found:
            assert httpx.URL(href).params.get("lang") == lang, href
    for href in hrefs(client.get(asked).json()):
        assert client.get(href).status_code == 200


def test_a_record_that_is_remembered_keeps_the_language_of_its_own_address_in_its_links(client: httpx.Client) -> None:
    path = "/v1/hotlines/kvinnofridslinjen"
    for _ in range(2):
        for query, headers, lang in (("?lang=en", {}, "en"), ("", {"Accept-Language": "en"}, None)):
            found = client.get(path + query, headers=headers).json()
            assert found["language"] == "en"
            assert httpx.URL(found["_links"]["self"]["href"]).params.get("lang") == lang
