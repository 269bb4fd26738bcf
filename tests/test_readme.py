"""The README is true: its commands run, its answers come, its links lead somewhere."""

import re
import shlex
from pathlib import Path

import httpx
import pytest

from app.settings import ROOT, Settings

README = (ROOT / "README.md").read_text("utf-8")
LOCAL = "http://127.0.0.1:8000"
CURLS = re.findall(r"^curl .+$", README, re.MULTILINE)


def fetch(client: httpx.Client, command: str) -> httpx.Response:
    """What a curl command of the README answers."""
    words = shlex.split(command)[1:]
    headers = dict(words[place + 1].split(": ", 1) for place, word in enumerate(words) if word == "-H")
    (url,) = (word for word in words if word.startswith(LOCAL))
    return client.get(url.removeprefix(LOCAL), headers=headers)


@pytest.mark.parametrize("command", CURLS)
def test_each_curl_of_the_readme_is_answered(client: httpx.Client, command: str) -> None:
    assert fetch(client, command).status_code == 200


def test_the_first_answer_of_the_readme_is_the_services_own(client: httpx.Client) -> None:
    shown = re.search(r"^```text\n(Halmstad.+?)```", README, re.MULTILINE | re.DOTALL)
    assert shown
    assert fetch(client, CURLS[0]).text.startswith(shown[1])


def test_every_setting_is_in_the_readme() -> None:
    named = set(re.findall(r"^\| `STODKATALOG_(\w+)` \|", README, re.MULTILINE))
    assert named == {name.upper() for name in Settings.model_fields}


def test_each_local_link_of_the_readme_leads_to_a_file() -> None:
    for target in re.findall(r"\]\((?!https?:)([^)#]+)", README):
        assert (ROOT / target).exists(), target


def test_each_make_target_of_the_readme_exists() -> None:
    targets = re.findall(r"^([a-z]+):", Path(ROOT / "Makefile").read_text("utf-8"), re.MULTILINE)
    for named in re.findall(r"\bmake ([a-z]+)", README):
        assert named in targets
