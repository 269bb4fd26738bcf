"""How something is to be shown: all that an answer depends on beside what is in the store."""

from dataclasses import dataclass, field
from datetime import UTC, datetime

from app.texts import Language

NEVER = datetime.max.replace(tzinfo=UTC)


@dataclass(slots=True)
class Aging:
    """When an answer ages, collected while it is made."""

    next_change: datetime | None = None
    """The first moment at which something in it changes, or `NEVER`; None: it says nothing that changes by itself."""

    def note(self, moment: datetime | None) -> None:
        """Something in the answer changes at `moment`; None: it may change, but at no moment that is known."""
        self.next_change = min(self.next_change or NEVER, moment or NEVER)


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """The service, as links lead to it."""

    base_url: str
    """The address of the service, as the world sees it, without a slash at its end."""
    asked_language: Language | None = None
    """The language that the address names, which links keep."""


@dataclass(frozen=True, slots=True, kw_only=True)
class View(Site):
    """For whom and for when something is shown. It knows of no request: files, mails and tests have views as well."""

    language: Language
    at: datetime
    """The moment that states are for."""
    live: bool
    """Whether that moment is now, so that the answer ages."""
    lasting: datetime | None = None
    """Set where the answer is to be kept in a file: the moment that the data is from. See `live.lasting`."""
    aging: Aging = field(default_factory=Aging, compare=False, repr=False)

    @property
    def moment(self) -> datetime | None:
        """The moment that states may be told for; None where the answer is to be kept."""
        return None if self.lasting else self.at

    def note_change(self, moment: datetime | None) -> None:
        """Note when something in the answer changes, as `Aging.note` does, if it is for now."""
        if self.live:
            self.aging.note(moment)
