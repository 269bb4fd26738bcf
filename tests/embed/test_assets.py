"""What was given out to be pasted stays at its address, byte for byte."""

import base64
import hashlib
import re
import tomllib

import httpx

from app.embed.assets import EARLIER, named
from app.settings import ROOT

PASTED = ("stodkatalog.js", "host.js")
"""Modules whose address and `integrity` stand in other people's pages."""
RELEASES = tomllib.loads((EARLIER / "released.toml").read_text("utf-8"))["release"]


def test_every_module_that_a_release_gave_out_stays_served(client: httpx.Client) -> None:
    for release in RELEASES:
        for module in release["modules"]:
            answer = client.get(f"/embed/v1/{module}?ver=6.8")
            assert answer.status_code == 200, f"{module} of {release['version']} is gone: keep it in {EARLIER}"
            assert hashlib.sha384(answer.content).hexdigest()[:16] == module.split(".")[1]
            assert "immutable" in answer.headers["cache-control"]


def test_every_release_lists_its_modules() -> None:
    """Where `Unreleased` is gone from the changelog, what is given out now belongs to the newest release."""
    versions = re.findall(r"^## (\S+)", (ROOT / "CHANGELOG.md").read_text("utf-8"), re.MULTILINE)
    listed = {release["version"]: release["modules"] for release in RELEASES}
    assert {version for version in versions if version != "Unreleased"} == listed.keys()
    if versions[0] != "Unreleased":
        assert [named(module).name for module in PASTED] == listed[versions[0]]


def test_a_module_has_the_same_hash_in_every_checkout() -> None:
    assert "* text=auto eol=lf" in (ROOT / ".gitattributes").read_text("utf-8").splitlines()
    for module in PASTED:
        asset = named(module)
        assert b"\r" not in asset.body
        digest = base64.b64encode(hashlib.sha384(asset.body).digest()).decode()
        assert asset.integrity == f"sha384-{digest}"
