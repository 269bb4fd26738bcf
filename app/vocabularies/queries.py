"""Statements over the vocabularies."""

from sqlalchemy import Select, select
from sqlmodel import col

from app.vocabularies.models import Term, Vocabulary


def terms(vocabulary: Vocabulary) -> Select[Term]:
    """The terms of a vocabulary, in the editors' order."""
    return select(Term).where(col(Term.vocabulary) == vocabulary).order_by(col(Term.position), col(Term.slug))
