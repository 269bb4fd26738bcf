"""An assistant that asks the directory is told what the pages say, by the official client."""

import asyncio
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import pytest
from mcp import Client, MCPError, StdioServerParameters

from app.assistants.tools import make_http_application, make_server
from app.main import create_app
from app.settings import ROOT, Settings
from tests.serving import serve

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
"""The tools ask the API, whose own tests are for both databases."""


def ask(server: StdioServerParameters | str, tool: str, **arguments: Any) -> Any:
    """What a tool answers."""

    async def call() -> Any:
        async with Client(server) as client:
            return await client.call_tool(tool, arguments)

    return asyncio.run(call())


@pytest.fixture(scope="module")
def server(database_url: str) -> Iterator[str]:
    """The tools over HTTP: where they are served."""
    settings = Settings(database_url=database_url, base_url="https://kommun.example/katalogen")
    # The protocol of the whole service asks its application for settings that this one has not.
    with serve(make_http_application(make_server(create_app(settings), settings)), http="h11") as running:
        yield f"{running.address}/mcp"


def test_every_tool_only_reads_and_says_what_it_does(server: str) -> None:
    async def list_tools() -> Any:
        async with Client(server) as client:
            return (await client.list_tools()).tools

    tools = asyncio.run(list_tools())
    assert [tool.name for tool in tools] == ["whom_to_contact", "search_directory", "read_resource"]
    assert all(tool.annotations.read_only_hint and tool.description for tool in tools)


def test_whom_to_contact_begins_with_112_and_cites_every_step(server: str) -> None:
    answer = ask(server, "whom_to_contact", municipality="Halmstad", audience="professionals", language="en")
    told = answer.structured_content
    assert told["in_danger"] == "Call 112 in immediate danger."
    assert told["steps"][0]["contact_points"][0]["value"] == "112"
    assert all(step["citations"] for step in told["steps"])
    states = {point["opening_hours"]["state"] for step in told["steps"] for point in step["contact_points"]
              if point["opening_hours"]}  # fmt: skip
    assert states <= {"open", "closed", "unknown", "not_stated"}


def test_what_is_found_can_be_read_whole_with_its_sources(server: str) -> None:
    found = ask(server, "search_directory", q="kvinnofrid", limit=3).structured_content["items"]
    line = ask(server, "read_resource", id=found[0]["id"]).structured_content
    assert line["_links"]["self"]["href"].startswith("https://kommun.example/katalogen/v1/hotlines/")
    assert line["contact_points"][0]["display"] == "020-50 50 50"
    assert {cited["field"] for cited in line["citations"]} >= {"name", "contact_points.telefon.value"}
    assert all(cited["source"]["retrieved"] for cited in line["citations"])


def test_what_cannot_be_answered_says_what_is_allowed(server: str) -> None:
    wrong = ask(server, "whom_to_contact", municipality="Halmstadd")
    assert wrong.is_error
    assert "Halmstad (1380)" in wrong.content[0].text
    assert ask(server, "read_resource", id="finns-inte").is_error
    for tool, arguments in (("read_resource", {"id": "../../v1/keys"}), ("search_directory", {"q": ""})):
        with suppress(MCPError):  # the arguments do not fit the tool
            assert ask(server, tool, **arguments).is_error


def test_serving_the_directory_loads_nothing_of_the_protocol(database_url: str) -> None:
    code = "import sys, app.server.application; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert "mcp" not in loaded.stdout.split()


def test_the_command_serves_assistants_on_standard_input_and_output(database_url: str) -> None:
    environment = {**os.environ, "STODKATALOG_DATABASE_URL": database_url, "PYTHONPATH": str(ROOT)}
    command = StdioServerParameters(command=sys.executable, args=["-P", "-m", "app", "mcp"], env=environment)
    answer = ask(command, "read_resource", id="sos-112", language="en")
    assert answer.structured_content["contact_points"][0]["value"] == "112"
