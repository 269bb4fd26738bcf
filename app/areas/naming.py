"""Names of areas: with and without their kind, in the genitive, with hyphen or space, in old spellings."""

import re

from app.areas.models import AreaKind
from app.folding import fold, plain

# The words around a name depend on the kind: neither "Region Stockholm" nor "Hallands län" is a municipality.
_AROUND = {
    AreaKind.COUNTRY: re.compile("(.+)"),
    AreaKind.COORDINATION_REGION: re.compile(
        r"(?:(?:samordnings)?region )?(.+?)(?: samordningsregion| coordination region| \([^()]*\))?"
    ),
    AreaKind.COUNTY: re.compile(r"(?:county of )?(.+?)(?: län| lan| county)?"),
    AreaKind.MUNICIPALITY: re.compile(r"(?:(?:municipality|city) of )?(.+?)(?: kommun| stad| municipality| city)?"),
}
_DASH = re.compile(r"\s*-\s*")
# Spellings from before the reform of 1906, from foreign keyboards, and by ear: `Wexiö`, `Malmoe`, `Skjöfde`.
_OLD = tuple(
    (re.compile(old), new)
    for old, new in (
        ("[åä]|aa|ae|æ", "a"), ("ö|oe|ø", "o"), ("dt", "t"), ("[hf]v", "v"), ("[wf]", "v"), ("ch|c|q", "k"),
        ("([kgs])j", r"\1"), ("th", "t"), ("x", "ks"), ("z", "s"), ("[ -]", ""), (r"(\w)\1", r"\1"),
    )
)  # fmt: skip


def spellings(kind: AreaKind, text: str) -> list[str]:
    """The names that a text may mean, most literal first: `Håbos kommun` → `håbos kommun`, `håbos`, `håbo`.

    In lower case and with diacritics; hyphens become spaces.
    """
    whole = _DASH.sub(" ", plain(text).casefold())
    match = _AROUND[kind].fullmatch(whole)
    name = match[1] if match else whole
    names = (whole,) if name == whole else (whole, name, name.removesuffix("s"))
    return list(dict.fromkeys(filter(None, names)))


def area_keys(kind: AreaKind, text: str) -> set[str]:
    """The folded names that a text may mean, with spaces and with hyphens, for looking up areas."""
    folded = {fold(name) for name in spellings(kind, text)} | {fold(text)}
    return folded | {key.replace(" ", "-") for key in folded}


def stored_keys(kind: AreaKind, name: str) -> set[str]:
    """The folded names under which an area of this name is stored."""
    return {fold(name), *(fold(spelled) for spelled in spellings(kind, name))}


def sound(text: str) -> str:
    """A key for how a text sounds, the same for `Carlstad` and `Karlstad`."""
    key = fold(text)
    for old, new in _OLD:
        key = old.sub(new, key)
    return key
