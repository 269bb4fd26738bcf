"""`make visits`: what a first visit of a page takes over a slow line: the page and all that it loads; into VISITS.md.

Over the real directory, with the headers of a browser. Time is that of the bytes alone at 35 kB/s.
"""

import argparse
import os
import re
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urljoin

import httpx

from app.settings import ROOT
from bench.copying import fill_with_real
from bench.crowding import Row, table
from bench.report import machine
from bench.subjects import service

PAGES = (
    "/sv/", "/en/", "/sv/stodlinjer", "/en/hotlines", "/sv/resurser/kvinnofridslinjen", "/sv/sok?q=polisen",
    "/sv/vem-kontaktar-jag?municipality=1380", "/sv/om",
)  # fmt: skip
BROWSER = {"Accept": "text/html,*/*;q=0.8", "Accept-Encoding": "gzip, deflate, br", "Accept-Language": "sv"}
LOADED = re.compile(r'<link rel="(?:icon|stylesheet)" href="([^"]+)"|<(?:script|img)[^>]*? src="([^"]+)"')
LINE, MOST, SECONDS = 35_000, 15_000, 2.0
"""Bytes a second of the line; bytes and seconds that a first visit may take."""


def main() -> None:
    """Fetch each page as a browser does that was never here."""
    parser = argparse.ArgumentParser(prog="python -m bench.visiting", description=main.__doc__)
    parser.add_argument("--out", type=Path, default=ROOT / "bench" / "VISITS.md")
    parser.add_argument("--few", action="store_true", help="nothing is left out: it is SQLite only")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="visiting-") as folder:
        url = f"sqlite:///{folder}/store.sqlite3"
        fill_with_real(url)
        with service("service", url) as subject, httpx.Client(base_url=subject.address, headers=BROWSER) as client:
            rows = [visit(client, page) for page in PAGES]
    written = report(rows)
    asked.out.write_text(written, encoding="utf-8")
    print(written)


def visit(client: httpx.Client, page: str) -> Row:
    """What a page and all that it loads weigh on the line, with their headers."""
    answer = client.get(page)
    names = {first or second for first, second in LOADED.findall(answer.text)}
    answers = [answer, *(client.get(urljoin(page, name)) for name in sorted(names))]
    assert {one.status_code for one in answers} == {200}, page
    weight = sum(weigh(one) for one in answers)
    return Row(
        "SQLite",
        f"first visit of {page}",
        f"≤ {MOST / 1000:.0f} kB, ≤ {SECONDS:.0f} s",
        f"{weight / 1000:.1f} kB in {len(answers)} answers, {weight / LINE:.1f} s",
        weight <= MOST and weight / LINE <= SECONDS,
    )


def weigh(answer: httpx.Response) -> int:
    """The bytes of an answer as they were sent, with its head."""
    return answer.num_bytes_downloaded + sum(len(name) + len(value) + 4 for name, value in answer.headers.raw) + 19


def report(rows: list[Row]) -> str:
    """The whole of VISITS.md."""
    loads = ", ".join(f"{one:.1f}" for one in os.getloadavg())
    parts = [
        "# A first visit over a slow line",
        f"`make visits`, {datetime.now(UTC):%Y-%m-%d %H:%M} UTC: each page of the real directory with all that it "
        f"loads, packed as for a browser, heads included; seconds are those of the bytes at {LINE // 1000} kB/s. "
        f"Load of the machine at the end (1, 5, 15 minutes): {loads}.",
        "\n".join(machine()),
        "\n".join(table(rows)),
    ]
    return "\n\n".join(parts) + "\n"


if __name__ == "__main__":
    main()
