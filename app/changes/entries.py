"""Builds entries of a feed from changes."""

from datetime import datetime

from app.changes.models import What
from app.changes.schemas import ChangeShown
from app.http.feeds import Entry
from app.texts import Text

TITLE = Text(sv="Ändringar i Stödkatalogen", en="Changes in Stödkatalogen")
WORDS = {
    What.ADDED: Text(sv="Ny", en="New"),
    What.CHANGED: Text(sv="Ändrad", en="Changed"),
    What.ENDED: Text(sv="Gäller inte längre", en="No longer in force"),
    What.REMOVED: Text(sv="Borttagen", en="Removed"),
    What.RENAMED: Text(sv="Nytt id", en="New id"),
}
RENAMED = Text(
    sv="Posten hade id:t ”{}” och har nu ”{}”. Uppdatera länkar som leder till det gamla.",
    en="The record's id was “{}” and is now “{}”. Update links that lead to the former one.",
)


def make_entry(change: ChangeShown, updated: datetime, freshness: str | None) -> Entry:
    """The entry of a change, such as `Ny: Nationella stödtelefonen`, with both ids of a renamed record."""
    title = f"{WORDS[change.change][change.language]}: {change.name}"
    former = change.former_record
    renamed = former and RENAMED[change.language].format(former, change.record)
    page, record = change.links.get("alternate"), change.links.get("related")
    return Entry(
        id=change.id,
        title=title,
        content=". ".join(filter(None, (title, " ".join(filter(None, (renamed, freshness)))))),
        published=change.changed_at,
        updated=updated,
        page=page.href if page else None,
        record=record.href if record else None,
        tags=[change.kind, change.change, change.status],
        language=change.language,
    )
