"""The root, the profile and its files: which HSDS this is, and whose."""

from collections.abc import Iterator

import httpx
import pytest
from pydantic import ValidationError

from app.main import create_app
from app.settings import Settings
from tests.serving import serve
from tests.standards.hsds.walking import BASE, got


@pytest.fixture(scope="module")
def told(database_url: str) -> Iterator[httpx.Client]:
    """The service of a publisher that has said who it is."""
    settings = Settings(database_url=database_url, publisher_identifier="XI-EXAMPLE-a_1")
    with serve(create_app(settings)) as running:
        yield running.client


def test_the_publisher_is_identified_by_an_org_id_or_not_at_all(client: httpx.Client, told: httpx.Client) -> None:
    assert "identifier" not in got(client, "")["publisher"]
    assert got(told, "")["publisher"]["identifier"] == "XI-EXAMPLE-a_1"


@pytest.mark.parametrize("wrong", ["https://forening.example", "5566778899", "se-1-2"])
def test_what_is_no_org_id_is_refused_as_a_setting(wrong: str) -> None:
    with pytest.raises(ValidationError):
        Settings(publisher_identifier=wrong)


@pytest.mark.parametrize("path", ["", "/profile"])
def test_the_root_and_the_profile_answer_without_their_final_slash(client: httpx.Client, path: str) -> None:
    without, with_slash = client.get(f"{BASE}{path}"), client.get(f"{BASE}{path}/")
    assert (without.status_code, without.content) == (200, with_slash.content)


def test_the_version_of_hsds_is_told_alike_in_the_root_the_profile_and_the_document(client: httpx.Client) -> None:
    document = got(client, "openapi.json")
    told = (got(client, "")["version"], got(client, "profile/")["hsds_version"], document["info"]["summary"])
    assert told == ("3.2", "3.2", "HSDS 3.2")
