"""What a plan says, by what a survey has read: each object, what is done to it, what is in the way."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from robot.flow.located import FlowName, Located, Name
from robot.flow.template import Condition, Template


class PlanBlock(Located):
    """Why a person must decide about an object."""

    when: Condition
    reason: Template
    #: What that person should do.
    next: Template


class PlanCost(Located):
    """What goes on costing money."""

    #: Without it: for as long as the object is there and not done.
    when: Condition | None = None
    says: Template


class PlanWait(Located):
    """Something that ends later."""

    when: Condition
    says: Template


class PlanRule(Located):
    """One object of the plan, or one a row of a list."""

    #: List that the flow has read; without it there is one object.
    of: Template | None = None
    as_: Name | None = Field(default=None, alias="as")
    where: Condition | None = None
    #: As the act in the task names it.
    object: Template
    #: The object that it goes with, so that it is done without an act of its own.
    along: Template | None = None
    #: The object as people know it, such as a telephone number or a name.
    shown: Template
    #: What will be done, one sentence that begins with a verb.
    says: Template
    #: What will be written to somebody, letter for letter; shown with the plan, and covered by its approval.
    text: Template | None = None
    #: The key that it had while it was still to be made, such as a snapshot that has an id since.
    formerly: Template | None = None
    #: Nothing has to be done.
    done: Condition | None = None
    #: What it means that a later survey does not name the object. `proves`: it is gone, since the survey reads all
    #: there is of its kind. `says_nothing`: it was not found, so that a person has to look.
    absence: Literal["proves", "says_nothing"] = "proves"
    #: The first that holds counts.
    blocked: tuple[PlanBlock, ...] = ()
    #: What is still going on, and is to be looked at again; the first that holds counts.
    waits: tuple[PlanWait, ...] = ()
    costs: tuple[PlanCost, ...] = ()

    @model_validator(mode="after")
    def _named_rows(self) -> PlanRule:
        if (self.of is None) != (self.as_ is None):
            raise PydanticCustomError("of_as", "needs 'of' and 'as' together, or neither")
        return self


class PlanRules(Located):
    """The objects of one task."""

    #: Flow that will work them.
    task: FlowName
    objects: Annotated[tuple[PlanRule, ...], Field(min_length=1)]
