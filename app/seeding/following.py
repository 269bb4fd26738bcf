"""Updates the list of everyday words when records that it names were renamed or removed in the store."""

import json
import re
import tomllib
from collections.abc import Collection, Mapping
from pathlib import Path

from app.search.everyday import EVERYDAY_WORDS

_RECORDS = re.compile(r"^records\s*=\s*\[[^\]]*\]", re.MULTILINE)


def follow_records(folder: Path, renamed: Mapping[str, str], offered: Collection[str]) -> tuple[str, int] | None:
    """The list with the new ids of renamed records, without records not offered, and how many entries changed.

    None where nothing changes. An entry that would be left without records stays as it is, for a person to decide.
    """
    path = folder / EVERYDAY_WORDS
    if not path.is_file():
        return None

    def follow(written: re.Match[str]) -> str:
        before: list[str] = tomllib.loads(written[0])["records"]
        after = [slug for slug in (renamed.get(slug, slug) for slug in before) if slug in offered]
        return written[0] if after == before or not after else f"records = {json.dumps(after, ensure_ascii=False)}"

    text = path.read_bytes().decode("utf-8")
    followed = _RECORDS.sub(follow, text)
    if followed == text:
        return None
    pairs = zip(_RECORDS.findall(text), _RECORDS.findall(followed), strict=True)
    return followed, sum(old != new for old, new in pairs)
