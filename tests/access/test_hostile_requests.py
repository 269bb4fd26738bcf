"""schemathesis with keys of each role: what the document promises of writing holds, whatever is sent."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import cycle
from tempfile import gettempdir
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis.checks import not_a_server_error
from schemathesis.config import SchemathesisConfig
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)
from starlette.testclient import TestClient

from app.access.deciding import ROLES
from app.access.keys import KeyRequest, add_key
from app.main import create_app
from app.settings import ROOT, Settings
from tests.console.conftest import Newsroom, newsroom

__all__ = ["newsroom"]

EXAMPLES = 4
"""Random requests for each operation, besides the edges of what each field may hold: some 30 to 120."""
KEYS_OF_EACH = 4
CHECKS = [
    not_a_server_error, status_code_conformance, content_type_conformance, response_headers_conformance,
    response_schema_conformance, negative_data_rejection,
]  # fmt: skip
"""All but those that take whatever fits the schema for something that exists."""


def _keyed() -> dict[str, Any]:
    """The operations that need a key."""
    document: dict[str, Any] = json.loads((ROOT / "docs" / "openapi.json").read_text(encoding="utf-8"))
    document["paths"] = {
        path: kept
        for path, item in document["paths"].items()
        if (kept := {method: operation for method, operation in item.items() if "security" in operation})
    }
    return document


def _hsds() -> Any:
    """The document of HSDS, whose operations need none."""
    with TestClient(create_app(Settings(database_url=f"sqlite:///{gettempdir()}/never-seeded"))) as client:
        return client.get("/hsds/v3/openapi.json").json()


def configure(mode: str) -> SchemathesisConfig:
    return SchemathesisConfig.from_dict({"generation": {"mode": mode}, "suppress-health-check": ["all"]})


keyed = schemathesis.openapi.from_dict(_keyed(), config=configure("all"))
hsds = schemathesis.openapi.from_dict(_hsds(), config=configure("positive")).include(method="GET")


@pytest.fixture(scope="module")
def keys(newsroom: Newsroom) -> Iterator[str]:
    """Keys of all roles by turns; several of each, as a key may ask only so much a minute."""
    now = datetime.now(UTC)
    return cycle(
        [
            add_key(newsroom.engine, KeyRequest(f"{role} {nth}", role), now)[0]
            for nth in range(KEYS_OF_EACH)
            for role in ROLES
        ]
    )


@pytest.mark.parametrize("newsroom", ["sqlite"], indirect=True)
@keyed.parametrize()
@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
def test_every_answer_to_a_key_is_as_documented_whatever_is_sent(
    case: schemathesis.Case[Any], newsroom: Newsroom, keys: Iterator[str]
) -> None:
    headers = {"Authorization": f"Bearer {next(keys)}"}
    case.call_and_validate(base_url=f"{newsroom.address}/v1", headers=headers, checks=CHECKS)


@pytest.mark.parametrize("newsroom", ["sqlite"], indirect=True)
@hsds.parametrize()
@settings(max_examples=1, deadline=None, suppress_health_check=list(HealthCheck))
def test_every_answer_of_hsds_is_as_documented_with_a_key_as_well(
    case: schemathesis.Case[Any], newsroom: Newsroom, keys: Iterator[str]
) -> None:
    # `minimal` leaves out what the schema requires.
    headers = {"Authorization": f"Bearer {next(keys)}"}
    case.call_and_validate(base_url=f"{newsroom.address}/hsds/v3", headers=headers, checks=CHECKS[:-2])
