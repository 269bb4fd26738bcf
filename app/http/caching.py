"""The response cache: whole answers in memory, bounded in bytes, used only while the store is as it was."""

import time
from collections import OrderedDict
from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field

from app.http.coherence import Signal
from app.http.lookups import Key
from app.http.negotiating import choose_format, choose_language
from app.http.representing import Representation

MAX_BYTES = 3 * 1024 * 1024
LARGEST = MAX_BYTES // 3
OVERHEAD = 3000
"""The rough size in bytes of a cached answer without its body: headers, keys, dictionaries."""

HeaderValues = Mapping[bytes, bytes]


@dataclass(slots=True)
class Address:
    """The answers of one address, by format and language."""

    formats: tuple[str, ...]
    says_language: bool
    answers: dict[tuple[str, str], Representation] = field(default_factory=dict)

    def variant(self, headers: HeaderValues) -> tuple[str, str] | None:
        """The answer that these headers ask for; None where it is not cached."""
        # Where the address itself names its format there are none to choose from.
        media_type = choose_format(headers.get(b"accept", b"*/*"), self.formats) if self.formats else ""
        if media_type is None:
            return None
        return media_type, "" if self.says_language else choose_language(headers.get(b"accept-language", b""))


class ResponseCache:
    """Answers by address, host, format and language; the least recently used are dropped.

    An answer is kept for the version of the store that was seen before it was made, so that one made across a commit
    is gone at the next look.
    """

    def __init__(self, signal: Signal, max_bytes: int = MAX_BYTES) -> None:
        self._signal = signal
        self._max_bytes = max_bytes
        self.version: Hashable | None = None
        """The version of the store at the last check."""
        self._addresses: OrderedDict[Key, Address] = OrderedDict()
        self.size = 0

    @property
    def is_followed(self) -> bool:
        """Whether a standby holds that version."""
        return self._signal.is_followed

    async def look(self) -> Hashable | None:
        """Check the store. Returns its version; answers of other versions are dropped."""
        version = await self._signal.version()
        self._drop_others(version)
        return version

    def glance(self) -> bool:
        """Check the store if that does not block. Returns whether it was checked."""
        version = self._signal.at_once()
        if version is not None:
            self._drop_others(version)
        return version is not None

    def find(self, key: Key, headers: HeaderValues) -> Representation | None:
        """The cached answer to this request; None where there is none that is still valid."""
        address = self._addresses.get(key)
        if address is None:
            return None
        variant = address.variant(headers)
        answer = None if variant is None else address.answers.get(variant)
        if answer is None or not answer.holds_at(time.time()):
            return None
        self._addresses.move_to_end(key)
        return answer

    def keep(
        self,
        key: Key,
        headers: HeaderValues,
        formats: tuple[str, ...],
        version: Hashable | None,
        answer: Representation,
    ) -> None:
        """Cache an answer that was made after the store had this version."""
        if version is None or version != self.version or answer.size > LARGEST:
            return
        says_language = any(part.startswith(b"lang=") for part in key[1].split(b"&"))
        address = self._addresses.setdefault(key, Address(formats, says_language))
        if (variant := address.variant(headers)) is not None:
            before = address.answers.get(variant)
            self.size += answer.size - before.counted if before else answer.size + OVERHEAD
            answer.counted = answer.size
            address.answers[variant] = answer
        self._addresses.move_to_end(key)
        self._make_room()

    def count_encodings(self, answer: Representation) -> None:
        """Count the bytes of a cached answer that has been encoded in another way since it was counted."""
        if answer.size != answer.counted:
            self.size += answer.size - answer.counted
            answer.counted = answer.size
            self._make_room()

    async def close(self) -> None:
        """Close the connection to the store."""
        await self._signal.close()

    def _drop_others(self, version: Hashable | None) -> None:
        """Drop the answers of other versions of the store than this one."""
        if version != self.version:
            self._addresses.clear()
            self.size, self.version = 0, version

    def _make_room(self) -> None:
        while self.size > self._max_bytes and self._addresses:
            _, oldest = self._addresses.popitem(last=False)
            self.size -= sum(OVERHEAD + answer.counted for answer in oldest.answers.values())
