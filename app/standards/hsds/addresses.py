"""Web addresses as `format: uri` promises them: RFC 3986, which is ASCII."""

import re
from functools import lru_cache
from urllib.parse import quote, urlsplit, urlunsplit

import idna

_BROKEN_PERCENT = re.compile(r"%(?![0-9A-Fa-f]{2})")
_PATH, _QUERY = "%/:@!$&'()*+,;=-._~", "%/?:@!$&'()*+,;=-._~"


@lru_cache(maxsize=2048)
def uri(address: str) -> str:
    """The same address as a URI: host in punycode (IDNA 2008, UTS 46), everything else percent-encoded UTF-8.

    What is percent-encoded already stays; so is a host that IDNA has no form for. Never raises: one address that cannot
    be read is percent-encoded whole, and spoils no list.
    """
    try:
        scheme, authority, path, query, fragment = urlsplit(address)
    except ValueError:
        return _quote(address, _QUERY)
    rest = (_quote(path, _PATH), _quote(query, _QUERY), _quote(fragment, _QUERY))
    return urlunsplit((scheme, _authority(authority), *rest))


def _authority(authority: str) -> str:
    if authority.isascii():
        return authority
    user, at, rest = authority.rpartition("@")
    host, colon, port = rest.partition(":")
    try:
        host = idna.encode(host, uts46=True).decode()
    except idna.IDNAError:
        host = quote(host)  # RFC 3986 allows a percent-encoded name where there is no other
    return f"{quote(user, _PATH)}{at}{host}{colon}{port}"


def _quote(part: str, safe: str) -> str:
    return quote(_BROKEN_PERCENT.sub("%25", part), safe)
