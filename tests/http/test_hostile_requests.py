"""schemathesis: what the document promises holds for requests that nobody thought of."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from schemathesis.config import SchemathesisConfig

from app.settings import ROOT
from tests.serving import Served

EXAMPLES = 6
"""Random requests for each operation, besides the edges of each parameter's range."""
KNOWN = {
    "municipality": ["1380", "Halmstad", "visby"],
    "county": ["13", "Halland"],
    "coordination_region": ["vast", "Region Väst"],
    "audience": ["professionals"],
    "topic": ["human-trafficking"],
    "organization": ["jamstalldhetsmyndigheten"],
}
"""Values that exist: which do is in the store, and the document cannot say it."""
LEFT_OUT = {
    "after",  # a token of this very store, and so is the next
    "before",
    "to",  # after `from`, and where that is left out, after now
}


def _document() -> dict[str, Any]:
    document: dict[str, Any] = json.loads((ROOT / "docs" / "openapi.json").read_text(encoding="utf-8"))
    shared = {one["name"] for one in document["paths"]["/resources"]["get"]["parameters"]} - {"lang", "at", "offset"}
    # Those that need a key or write have tests of their own.
    document["paths"] = {
        path: {"get": item["get"]}
        for path, item in document["paths"].items()
        if "get" in item and "security" not in item["get"]
    }
    for path, item in document["paths"].items():
        # The filters that all kinds share are one model: /resources stands for the lists of the kinds.
        left_out = LEFT_OUT if path == "/resources" or "{" in path else LEFT_OUT | shared
        item["get"]["parameters"] = [one for one in item["get"]["parameters"] if one["name"] not in left_out]
        for parameter in item["get"]["parameters"]:
            if parameter["schema"].get("format") == "date-time":
                del parameter["schema"]["pattern"]  # `moments` keeps to its years
            if parameter["name"] in KNOWN and not {"enum", "$ref"} & set(parameter["schema"]):
                parameter["schema"] = {"type": "string", "enum": KNOWN[parameter["name"]]}
    return document


# RFC 3339 knows the year 0001; the directory knows the public holidays of 2000 to 2076.
moments = st.datetimes(datetime(2000, 1, 2), datetime(2076, 12, 30), timezones=st.just(UTC))  # noqa: DTZ001  # naive bounds
schemathesis.openapi.format("date-time", moments.map(lambda moment: moment.strftime("%Y-%m-%dT%H:%M:%SZ")))
schema = schemathesis.openapi.from_dict(
    _document(), config=SchemathesisConfig.from_dict({"generation": {"mode": "all"}, "suppress-health-check": ["all"]})
)


@pytest.mark.parametrize(("database_url", "served"), [("sqlite", "fast")], indirect=True)
@schema.parametrize()
@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
def test_every_answer_is_as_documented_whatever_is_asked(case: schemathesis.Case[Any], served: Served) -> None:
    case.call_and_validate(base_url=f"{served.address}/v1")
