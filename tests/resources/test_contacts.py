"""What may stand as an address to write to."""

import pytest

from app.resources import contacts
from app.resources.models import Channel


@pytest.mark.parametrize(
    "value",
    [
        "root,x@b.example", "=?utf-8?q?root=2C?=x@b.example", "(x@b.example", "x@[1.2.3.4]", "x@b", "a b@c.example",
        "x@b.example\nBcc: y@b.example", "<x@b.example>", "x@b..example", "x@-b.example", "@b.example",
        "x@y@b.example", f"{'x' * 65}@b.example",
    ],
)  # fmt: skip
def test_what_mail_programs_could_read_as_another_address_is_refused(value: str) -> None:
    assert contacts.find_fault(Channel.EMAIL, value) is not None


@pytest.mark.parametrize(
    "value", ["linjen@myndighet.example", "o'hara+stod@a-b.myndighet.example", "x@xn--blbr-noae.example"]
)
def test_a_plain_address_is_taken(value: str) -> None:
    assert contacts.find_fault(Channel.EMAIL, value) is None
