"""The texts of the pages."""

import pytest

from app.courses.models import Format
from app.embed.pages.words import texts_in, texts_of
from app.publications.models import PublicationType
from app.referrals.models import Urgency
from app.resources.models import Kind, Role
from app.seeding.files import Seed
from app.texts import Language


@pytest.mark.parametrize("language", Language)
def test_every_value_of_a_set_has_its_words(language: Language) -> None:
    say = texts_in(language)
    for group, values in (
        (say["roles"], Role),
        (texts_of(Kind.COURSE, language)["formats"], Format),
        (texts_of(Kind.PUBLICATION, language)["types"], PublicationType),
        (say["kinds"], Kind),
        (say["titles"], Kind),
        (say["leads"], Kind),
        (say["referral"]["levels"], Urgency),
    ):
        assert set(values) <= set(group)


def test_every_field_that_is_cited_has_its_words(seed: Seed) -> None:
    cited = {
        field.rpartition(".")[2]
        for resource in seed.resources
        for citation in resource.citations
        for field in citation.fields
    }
    assert cited
    assert cited <= {name for kind in Kind for name in texts_of(kind, Language.SWEDISH)["fields"]}
