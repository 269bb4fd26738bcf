"""Addresses as `format: uri` promises them."""

import pytest

from app.standards.hsds.addresses import uri
from tests.standards.hsds.official import URI


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("https://kommun.example/sv/?a=1&b=%20#c", "https://kommun.example/sv/?a=1&b=%20#c"),
        ("http://blåbär.example/nyheter/", "http://xn--blbr-noae.example/nyheter/"),
        ("https://BLÅBÄR.example:8443/", "https://xn--blbr-noae.example:8443/"),
        ("https://kommun.example/stöd/?q=hjälp#öppet", "https://kommun.example/st%C3%B6d/?q=hj%C3%A4lp#%C3%B6ppet"),
        ("https://kommun.example/st%C3%B6d/åt", "https://kommun.example/st%C3%B6d/%C3%A5t"),
        ("https://kommun.example/100%/[a] b", "https://kommun.example/100%25/%5Ba%5D%20b"),
        ("https://a_b.å.example/", "https://a_b.%C3%A5.example/"),
    ],
)
def test_an_address_becomes_the_uri_of_the_same_page(address: str, expected: str) -> None:
    assert uri(address) == expected
    assert uri(expected) == expected
    assert expected.isascii()
    assert URI.match(expected) or "_" in expected


@pytest.mark.parametrize("address", ["https://[oops", "https://[oops]/å", "https://a\u2100b.example/"])
def test_an_address_that_cannot_be_read_spoils_no_answer(address: str) -> None:
    assert uri(address).startswith("https://")
    assert uri(address).isascii()
