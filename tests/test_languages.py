"""Another language is a name in `Language`, a field of `Text` and words in the data: what has none is in English."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from app.settings import ROOT
from tests.seeding import small
from tests.test_kinds import SERVICE

ADDED = (
    ("app/texts.py", '    ENGLISH = "en"\n', '    ENGLISH = "en"\n    FINNISH = "fi"\n'),
    ("app/texts.py", "    sv: str\n    en: str\n", "    sv: str\n    en: str\n    fi: str | None = None\n"),
    ("app/hotlines/kind.toml", 'title.en = "', 'title.fi = "Auttavat puhelimet"\ntitle.en = "'),
)
"""By file: what is found, and what stands there then."""
NAMED = 'name = {sv = "Linjen", en = "The line"}', 'name = {sv = "Linjen", en = "The line", fi = "Linja"}'
ADDRESSES = (
    "/v1/hotlines?lang=fi", "/v1/hotlines/linjen?lang=fi", "/v1/resources/linjen.vcf?lang=fi",
    "/v1/resources.jsonld?lang=fi", "/v1/referrals?lang=fi", "/v1/opening-hours?lang=fi", "/v1/search?q=linjen&lang=fi",
    "/v1/audiences?lang=fi", "/v1/exports/resources.ndjson?lang=fi", "/hsds/v3/services?full=true&lang=fi",
    "/embed/hotlines?lang=fi", "/embed/v1/hotlines.json?lang=fi", "/fi/", "/fi/hotlines", "/fi/resources/linjen",
    "/fi/about", "/?lang=fi", "/v1/hotlines?lang=de", "/en/hotlines", "/v1/hotlines/linjen?lang=sv",
)  # fmt: skip


def copy_with_finnish(folder: Path) -> None:
    """Copy the service into a folder, and add a language."""
    ignored = shutil.ignore_patterns("__pycache__")
    for part in ("app", "migrations"):
        shutil.copytree(ROOT / part, folder / part, ignore=ignored)
    shutil.copy(ROOT / "alembic.ini", folder)
    for name, old, new in ADDED:
        text = (folder / name).read_text("utf-8")
        assert old in text, name
        (folder / name).write_text(text.replace(old, new, 1), "utf-8")
    small.write_folder(folder / "seed")
    small.edit(folder / "seed", "hotlines.toml", *NAMED)
    (folder / "seed" / "everyday_words.toml").write_text("words = []", "utf-8")
    (folder / "serve.py").write_text(SERVICE, "utf-8")


@pytest.fixture(scope="module")
def answers(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """What a service answers to which a language was added."""
    folder = tmp_path_factory.mktemp("finnish")
    copy_with_finnish(folder)
    command = [sys.executable, "serve.py", *ADDRESSES]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False, timeout=90)
    assert done.returncode == 0, done.stderr
    found: dict[str, str] = json.loads(done.stdout.splitlines()[-1])
    return found


def test_another_language_is_answered_in_where_it_has_words(answers: dict[str, str]) -> None:
    line = json.loads(answers["/v1/hotlines/linjen?lang=fi"])
    assert (line["language"], line["name"]) == ("fi", "Linja")
    assert line["_links"]["self"]["href"].endswith("?lang=fi")
    assert "FN;LANGUAGE=fi:Linja" in answers["/v1/resources/linjen.vcf?lang=fi"]
    assert json.loads(answers["/v1/resources.jsonld?lang=fi"])[0]["name"] == "Linja"
    assert json.loads(answers["/v1/search?q=linjen&lang=fi"])["items"][0]["name"] == "Linja"
    assert json.loads(answers["/v1/exports/resources.ndjson?lang=fi"].splitlines()[0])["name"] == "Linja"
    assert json.loads(answers["/hsds/v3/services?full=true&lang=fi"])["contents"][0]["name"] == "Linja"
    assert 'lang="fi"' in answers["/embed/hotlines?lang=fi"]
    assert json.loads(answers["/embed/v1/hotlines.json?lang=fi"])["title"] == "Hotlines and chats"
    assert json.loads(answers["/v1/hotlines/linjen?lang=sv"])["name"] == "Linjen"


def test_what_has_no_words_in_another_language_is_in_english(answers: dict[str, str]) -> None:
    names = {item["name"] for item in json.loads(answers["/v1/audiences?lang=fi"])["items"]}
    assert "Everyone" in names
    assert json.loads(answers["/v1/referrals?lang=fi"])["steps"][-1]["reason"] == "Ask for advice."
    assert json.loads(answers["/v1/opening-hours?lang=fi"])["items"]


def test_another_language_has_its_pages(answers: dict[str, str]) -> None:
    assert '<html lang="fi"' in answers["/fi/"]
    assert "Auttavat puhelimet" in answers["/fi/hotlines"]
    assert "Linja" in answers["/fi/resources/linjen"]
    assert "<h1" in answers["/fi/about"]
    assert "/fi/" in answers["/en/hotlines"], "a page leads to itself in every language"
    assert "<html" in answers["/?lang=fi"]


def test_a_language_that_is_none_is_refused_with_those_that_are(answers: dict[str, str]) -> None:
    assert "fi" in json.loads(answers["/v1/hotlines?lang=de"])["detail"]
