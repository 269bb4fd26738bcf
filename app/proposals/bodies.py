"""What is sent: a proposal, and a decision about one."""

from enum import StrEnum
from typing import Annotated, Any

from pydantic import Field, StringConstraints, model_validator

from app.http.bodies import Body, JsonObject, Reason

RecordAddress = Annotated[str, StringConstraints(pattern=r"^[a-z-]{1,40}/[A-Za-z0-9-]{1,80}$")]
Number = Annotated[int, Field(ge=1, lt=1 << 31)]


class ProposalRequest(Body):
    """The change that is asked for of one record: one of `patch`, `document`, `revert_to`, `undo` and `remove`."""

    record: RecordAddress = Field(description="Collection and id, such as `hotlines/kvinnofridslinjen`.")
    base_revision: Number | None = Field(
        None, description="The revision that the change is made against: `number` of the record. Null for a new record."
    )
    patch: JsonObject | None = Field(
        None, description="A JSON merge patch (RFC 7396): null takes a field away, lists are replaced whole."
    )
    document: JsonObject | None = Field(None, description="The whole document.")
    revert_to: Number | None = Field(
        None, description="A revision of the record, whose document is to be published again."
    )
    undo: Number | None = Field(
        None,
        description="A revision of the record; what it changed is taken back, and what was changed later stays. 409 "
        "where the same was changed again since.",
    )
    remove: bool = Field(False, description="`true`: the record is to be removed.")
    reason: Reason = Field(description="Why; it stands in the public history.", examples=["The number has changed."])
    publish: bool = Field(False, description="Publish at once, for those who may.")

    @model_validator(mode="after")
    def _asks_for_one_thing(self) -> "ProposalRequest":
        choices = [self.patch is not None, self.document is not None, self.revert_to is not None, self.undo is not None]
        if sum([*choices, self.remove]) != 1:
            raise ValueError("give exactly one of patch, document, revert_to, undo and remove")
        if self.base_revision is None and self.document is None:
            raise ValueError("a new record is given as document; any other change needs base_revision")
        return self


class Decision(StrEnum):
    """What is decided about a proposal."""

    ACCEPT = "accept"
    AMEND = "amend"
    REJECT = "reject"
    WITHDRAW = "withdraw"


class DecisionRequest(Body):
    """A decision about a proposal."""

    decision: Decision = Field(
        description="accept: publish it. amend: publish `document` or `patch` instead. reject: do not publish it. "
        "withdraw: take back one's own."
    )
    reason: Reason = Field(description="Why.", examples=["The operator's page says the same."])
    patch: JsonObject | None = Field(None, description="To amend: a merge patch on the document of the proposal.")
    document: JsonObject | None = Field(None, description="To amend: the whole document.")
    base_revision: Number | None = Field(
        None, description="To amend: the revision that `document` is made against, if not that of the proposal."
    )

    @model_validator(mode="after")
    def _amends_with_one_document(self) -> "DecisionRequest":
        amendments: list[Any] = [amendment for amendment in (self.patch, self.document) if amendment is not None]
        if len(amendments) != (self.decision is Decision.AMEND):
            raise ValueError("to amend, and only then, give patch or document")
        if self.base_revision is not None and self.document is None:
            raise ValueError("base_revision goes with document")
        return self
