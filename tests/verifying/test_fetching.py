"""Polite and safe: what is asked of whom, how often, and from which addresses never."""

import asyncio
from itertools import pairwise
from pathlib import Path

import pytest
from pydantic import ValidationError

from app.settings import Settings
from app.verifying.addresses import is_public
from app.verifying.commands import name_agent
from app.verifying.fetching import Fetcher, Limits, Page, Unreachable
from tests.verifying.conftest import HURRIED
from tests.verifying.site import NUMBER, Site, open_site, page, redirect


def fetch(site: Site, path: str = "/sida", limits: Limits = HURRIED) -> Page:
    async def once() -> Page:
        fetcher = Fetcher("Stodkatalogen/test", limits, site.port)
        try:
            return await fetcher.fetch(site.address + path)
        finally:
            await fetcher.close()

    return asyncio.run(once())


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "127.8.8.8", "10.0.0.1", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0",
        "224.0.0.1", "240.0.0.1", "255.255.255.255", "192.0.2.1", "::1", "::", "fe80::1", "fe80::1%eth0", "fc00::1",
        "fec0::1", "ff02::1", "::ffff:127.0.0.1", "::ffff:8.8.8.8", "64:ff9b::7f00:1", "64:ff9b::a00:1",
        "2002:7f00:1::", "2001:0:0:1::", "2001:db8::1", "::7f00:1", "nonsense",
    ],
)  # fmt: skip
def test_an_address_that_is_not_public_is_known(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", ["130.238.7.1", "8.8.8.8", "2001:6b0:b:242::1", "64:ff9b::808:808"])
def test_a_public_address_is_known(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize(
    "address", ["http://127.0.0.1/", "http://2130706433/", "http://0x7f.1/", "http://[::1]/", "http://localhost/"]
)
def test_loopback_is_not_fetched_by_whatever_name(address: str) -> None:
    async def once() -> None:
        fetcher = Fetcher("Stodkatalogen/test", HURRIED)
        try:
            await fetcher.fetch(address)
        finally:
            await fetcher.close()

    with pytest.raises(Unreachable, match="not public"):
        asyncio.run(once())


@pytest.mark.parametrize(
    "address", ["https://a..example/", f"https://{'a' * 64}.example/", "https://127.0.0.1:99999/", "https://xn--a/"]
)
def test_an_address_whose_host_or_port_cannot_exist_is_unreachable_and_no_fault_of_ours(address: str) -> None:
    async def once() -> None:
        fetcher = Fetcher("Stodkatalogen/test", HURRIED, 99999)
        try:
            await fetcher.fetch(address)
        finally:
            await fetcher.close()

    with pytest.raises(Unreachable):
        asyncio.run(once())


def test_a_name_is_resolved_once_a_request_and_connected_to_at_that_address() -> None:
    """A name that has another address the second time (DNS rebinding) wins nothing."""
    asked: list[str] = []

    async def rebind(host: str, port: int) -> list[str]:
        asked.append(host)
        return ["127.0.0.1"] if len(asked) <= 2 else ["127.0.0.2"]

    with open_site() as site, open_site("127.0.0.2", site.port) as inside:
        site.pages |= {"/robots.txt": page(""), "/sida": page(NUMBER), "/hem": page("hemligt")}

        async def twice() -> None:
            fetcher = Fetcher("Stodkatalogen/test", HURRIED, site.port, rebind)
            first = await fetcher.fetch(f"http://katalog.example:{site.port}/sida")
            assert first.body.decode() == NUMBER
            with pytest.raises(Unreachable, match=r"127\.0\.0\.2, which is not public"):
                await fetcher.fetch(f"http://katalog.example:{site.port}/sida")
            await fetcher.close()

        asyncio.run(twice())
        assert asked == ["katalog.example"] * 3  # robots.txt, the page, the page again
        assert site.asked("/sida")[0].headers["Host"] == f"katalog.example:{site.port}"
        assert not inside.requests


def test_the_next_address_of_a_host_is_tried_where_the_first_takes_no_connection() -> None:
    async def both(host: str, port: int) -> list[str]:
        return ["127.0.0.1", "127.0.0.1"]

    async def once(port: int) -> None:
        fetcher = Fetcher("Stodkatalogen/test", HURRIED, port, both)
        with pytest.raises(Unreachable):
            await fetcher.fetch(f"http://katalog.example:{port}/")
        await fetcher.close()

    with open_site() as site:
        port = site.port
    asyncio.run(once(port))


def test_robots_are_kept_on_the_way_too(site: Site) -> None:
    rules = "User-agent: *\nDisallow: /privat/*.html\n"
    site.pages |= {"/robots.txt": page(rules, "text/plain"), "/sida": redirect("/privat/sida.html")}
    with pytest.raises(Unreachable, match=r"robots\.txt does not allow it"):
        fetch(site)
    assert len(site.asked("/robots.txt")) == 1
    assert not site.asked("/privat/sida.html")


def test_robots_that_name_us_are_kept(site: Site) -> None:
    site.pages |= {"/robots.txt": page("User-agent: stodkatalogen\nDisallow: /\n"), "/sida": page(NUMBER)}
    with pytest.raises(Unreachable, match="does not allow"):
        fetch(site)


def test_robots_that_cannot_be_read_allow_nothing(site: Site) -> None:
    site.pages |= {"/robots.txt": page("", status=500), "/sida": page(NUMBER)}
    with pytest.raises(Unreachable, match="status 500"):
        fetch(site)
    assert not site.asked("/sida")


def test_a_host_is_asked_once_a_second_at_most(site: Site) -> None:
    site.pages |= {"/sida": redirect("/nytt", 302), "/nytt": page(NUMBER)}
    fetch(site, limits=Limits())
    moments = [request.at for request in site.requests]
    assert [request.path for request in site.requests] == ["/robots.txt", "/sida", "/nytt"]
    assert all(later - earlier > 0.95 for earlier, later in pairwise(moments))


def test_no_cookie_is_kept_and_no_proxy_of_the_environment_used(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    site.pages |= {"/sida": page("", status=302, Location="/nytt", Set_Cookie="a=b"), "/nytt": page(NUMBER)}
    assert fetch(site).status == 200
    assert all("Cookie" not in request.headers for request in site.requests)


def test_the_agent_says_who_asks_and_never_names_a_placeholder() -> None:
    own = Settings(contact_url="https://katalog.test", contact_email="red@katalog.test")
    assert name_agent(own).endswith("(+https://katalog.test; red@katalog.test)")
    assert name_agent(Settings()).startswith("Stodkatalogen/")
    assert "example" not in name_agent(Settings())


def test_a_service_that_the_world_sees_cannot_fetch_from_loopback() -> None:
    with pytest.raises(ValidationError):
        Settings(base_url="https://katalog.test", verify_test_port=8000)


def test_serving_loads_nothing_that_only_verify_needs(tmp_path: Path) -> None:
    import subprocess
    import sys

    code = "import sys, app.server.application; print(*sys.modules)"
    store = f"sqlite:///{tmp_path / 'store.sqlite3'}"
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        env={"STODKATALOG_DATABASE_URL": store},
        check=True,
    )
    assert not {"httpx", "httpcore", "selectolax", "pypdf", "protego"} & set(done.stdout.split())
