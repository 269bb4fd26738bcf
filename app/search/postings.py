"""Reading the index: which records have some tokens."""

from collections import defaultdict
from collections.abc import Iterable
from functools import lru_cache, reduce
from operator import or_

from sqlalchemy import CompoundSelect, Integer, bindparam, literal_column, select, union_all
from sqlmodel import Session, col

from app.search.models import SearchPosting
from app.search.ranks import join_chunks
from app.search.words import is_kept
from app.stored_values import read_rows

LAST = chr(0x10FFFF)
_WITH = select(col(SearchPosting.token), col(SearchPosting.chunk), col(SearchPosting.numbers)).where(
    col(SearchPosting.token).in_(bindparam("tokens", expanding=True))
)


def unite(postings: dict[str, int], tokens: Iterable[str]) -> int:
    return reduce(or_, (postings[token] for token in tokens), 0)


def load_postings(session: Session, tokens: Iterable[str]) -> dict[str, int]:
    """What has each of these tokens, as sets of entry numbers; one that ends in `*` stands for all that begin so."""
    postings = dict.fromkeys(tokens, 0)
    execute = session.connection().execute
    chunks_by_token = defaultdict[str, list[tuple[int, bytes]]](list)
    exact = {"tokens": [token for token in postings if is_kept(token)]}
    for token, chunk, numbers in read_rows(execute(_WITH, exact)):
        chunks_by_token[token].append((chunk, numbers))
    if long := [token for token in postings if not is_kept(token)]:
        bounds = {f"low{nth}": token[:-1] for nth, token in enumerate(long)}
        bounds |= {f"high{nth}": token[:-1] + LAST for nth, token in enumerate(long)}
        for nth, chunk, numbers in read_rows(execute(_beginning(len(long)), bounds)):
            chunks_by_token[long[nth]].append((chunk, numbers))
    return postings | {token: join_chunks(chunks) for token, chunks in chunks_by_token.items()}


@lru_cache
def _beginning(number: int) -> CompoundSelect[int, int, bytes]:
    """What has the tokens between two, for so many pairs: an index is read for each."""
    token = col(SearchPosting.token)
    return union_all(
        *(
            select(literal_column(str(nth), Integer), col(SearchPosting.chunk), col(SearchPosting.numbers)).where(
                token >= bindparam(f"low{nth}"), token < bindparam(f"high{nth}")
            )
            for nth in range(number)
        )
    )
