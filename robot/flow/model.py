"""A flow file: what it is called, takes and leaves, and its steps or tasks. Frozen data and its JSON Schema.

A mapping with `flow`, `title`, and either `steps` (one task) or `tasks` (flows in order).
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from robot.flow.located import FlowName, Located, Name, TargetName
from robot.flow.plan_rule import PlanRules
from robot.flow.step import Step
from robot.flow.template import Template


class Input(Located):
    """A value given to the flow.

    One of type `name` is compared with what pages show, and has its white space folded as theirs is.
    """

    type: Literal["text", "name", "location_id", "email", "integer", "boolean", "list", "duration"] = "text"
    about: str
    #: Typed into pages, never written anywhere.
    secret: bool = False
    #: Value when none is given; a flow with neither default nor `optional` needs it.
    default: str | int | bool | None = None
    optional: bool = False


class Output(Located):
    """A value that the flow leaves behind: a name that its steps capture, read or collect.

    One of type `list` is an empty list until they do.
    """

    about: str
    type: Literal["text", "integer", "boolean", "list", "mapping"] = "text"


class FlowBase(Located):
    flow: FlowName
    title: Annotated[str, Field(min_length=3)]
    about: str | None = None
    #: Steps of the client's document that it carries out, such as "2.5".
    procedure: tuple[str, ...] = ()
    inputs: dict[Name, Input] = Field(default_factory=dict)
    #: Optional inputs of which at least one must be given.
    at_least_one: tuple[Name, ...] = ()
    outputs: dict[Name, Output] = Field(default_factory=dict)


class Place(Located):
    """Names of the values that hold the id and the name of the sub-account that a flow works in."""

    location_id: Name = "location_id"
    company: Name = "company"


class Flow(FlowBase):
    """One task, as a sequence of steps."""

    #: Where it works. In `sub-account` the location id in the address is asserted before every press.
    view: Literal["agency", "sub-account", "any"]
    #: In `sub-account`, where that is not the customer's own: acts belong to the customer all the same.
    place: Place = Place()
    #: Secrets are typed here: no trace and no video while it runs.
    private: bool = False
    #: In the flow `sign-in`: what is shown only where nobody is signed in. Where it comes up in the middle of a
    #: task, the session has ended: the run signs in again, and the task begins anew.
    signed_out: TargetName | None = None
    #: Changes nothing on the dashboard, and so ends as noop; the linter holds it to that.
    read_only: bool = False
    #: What only one run at a time may use on a dashboard, such as conversations that all logins share: the others
    #: wait before their first step.
    alone: Annotated[str, Field(min_length=3)] | None = None
    #: What a plan says by what this flow has read.
    plan: PlanRules | None = None
    #: Painted over in every picture while it runs.
    mask: tuple[TargetName, ...] = ()
    steps: Annotated[tuple[Step, ...], Field(min_length=1)]


class Task(Located):
    """One entry of a composed flow."""

    run: FlowName
    with_: dict[Name, Template] = Field(default_factory=dict, alias="with")
    #: Name here to name of the output there.
    save: dict[Name, Name] = Field(default_factory=dict)
    #: Tasks that must have passed or had nothing to do.
    needs: tuple[FlowName, ...] = ()


class ComposedFlow(FlowBase):
    """Flows in order: the one place that says which task comes when, and what each needs."""

    tasks: Annotated[tuple[Task, ...], Field(min_length=1)]
