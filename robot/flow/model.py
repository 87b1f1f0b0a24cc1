"""What a flow may say: flows, steps, looks. Frozen data and its JSON Schema; running it lives elsewhere.

A flow file is a mapping with `flow`, `title`, and either `steps` (one task) or `tasks` (flows in order).
Every step is a mapping with exactly one verb; every look is a mapping with exactly one kind of look.
"""

from __future__ import annotations

from typing import Annotated, Any, ClassVar, Literal

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Discriminator,
    Field,
    GetJsonSchemaHandler,
    Tag,
    model_validator,
)
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, PydanticCustomError

from robot.flow.located import (
    Duration,
    FlowName,
    Located,
    Name,
    Pattern,
    TargetName,
    schema_with_short_form,
)
from robot.flow.plan_rule import PlanRules
from robot.flow.template import Condition, Template


class TargetUse(Located):
    """A named element of the page, with what it needs to be one element: a row's key, parameters."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", strict=True, json_schema_extra=schema_with_short_form
    )
    short_form: ClassVar[str | None] = "target"

    target: TargetName
    #: Key of the row, for targets that stand in a row of a list.
    row: Template | None = None
    #: Values for the target's parameters.
    with_: dict[Name, Template] = Field(default_factory=dict, alias="with")


class ListUse(Located):
    """A list of the selector store; `where` keeps the rows for which the condition holds."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", strict=True, json_schema_extra=schema_with_short_form
    )
    short_form: ClassVar[str | None] = "list"

    list: TargetName
    where: Condition | None = None
    with_: dict[Name, Template] = Field(default_factory=dict, alias="with")


class RowUse(Located):
    """One row of a list, by key."""

    list: TargetName
    row: Template
    where: Condition | None = None


class NamesOf(Located):
    """The names in rows that were read."""

    #: `${rows}`, as `read` has kept them.
    of: Template
    field: Name


class TextMatch(Located):
    """What an element says, its white space folded, compared whole unless said otherwise."""

    of: TargetUse
    equals: Template | None = None
    #: Something else than this, once the element is there: for what is to change.
    not_equals: Template | None = None
    contains: Template | None = None
    #: Contained as a name or address of its own: `x.example` is not in `mail.x.example`.
    contains_name: Template | None = None
    #: What it may be confused with, for `contains_name`: where a longer one of these names stands, it is that which
    #: is named.
    among: NamesOf | None = None
    #: Python regular expression, searched for; not filled.
    matches: str | None = None
    #: Digits only are compared: for telephone numbers, which are shown in many forms.
    contains_digits: Template | None = None
    ignore_case: bool = False

    @model_validator(mode="after")
    def _one_comparison(self) -> TextMatch:
        kinds = ("equals", "not_equals", "contains", "contains_name", "matches", "contains_digits")
        if sum(getattr(self, kind) is not None for kind in kinds) != 1:
            raise PydanticCustomError(
                "one_of", "needs exactly one of {all}", {"all": ", ".join(f"'{kind}'" for kind in kinds)}
            )
        if self.among is not None and self.contains_name is None:
            raise PydanticCustomError("among", "'among' goes with 'contains_name' only")
        return self


class AddressMatch(Located):
    """The address of the page in the main document."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", strict=True, json_schema_extra=schema_with_short_form
    )
    short_form: ClassVar[str | None] = "contains"

    contains: Template | None = None
    matches: str | None = None


# --- looks -----------------------------------------------------------------------------------------


class VisibleLook(Located):
    visible: TargetUse


class AppearedLook(Located):
    """Shown, and not shown yet right before the press: this act's message, not that of the one before."""

    appeared: TargetUse


class ClosedLook(Located):
    """A dialog or an overlay that is no longer open. Says nothing about data."""

    closed: TargetUse


class EnabledLook(Located):
    enabled: TargetUse


class DisabledLook(Located):
    disabled: TargetUse


class CheckedLook(Located):
    checked: TargetUse


class UncheckedLook(Located):
    unchecked: TargetUse


class TextLook(Located):
    text: TextMatch


class ValueLook(Located):
    """What an input holds."""

    value: TextMatch


class AddressLook(Located):
    address: AddressMatch


class SomeLook(Located):
    some: ListUse


class NoneLook(Located):
    """Proven absence: the list was read whole, twice, with filters clear and nothing still loading."""

    none: ListUse


class RowLook(Located):
    row: RowUse


class NoRowLook(Located):
    no_row: RowUse


class HoldsLook(Located):
    """A condition over the run's values; looks at no page."""

    holds: Condition


class AnyLook(Located):
    any: Annotated[tuple[Look, ...], Field(min_length=1)]


class EveryLook(Located):
    every: Annotated[tuple[Look, ...], Field(min_length=1)]


_LOOKS: dict[str, type[Located]] = {
    "visible": VisibleLook,
    "appeared": AppearedLook,
    "closed": ClosedLook,
    "enabled": EnabledLook,
    "disabled": DisabledLook,
    "checked": CheckedLook,
    "unchecked": UncheckedLook,
    "text": TextLook,
    "value": ValueLook,
    "address": AddressLook,
    "some": SomeLook,
    "none": NoneLook,
    "row": RowLook,
    "no_row": NoRowLook,
    "holds": HoldsLook,
    "any": AnyLook,
    "every": EveryLook,
}
LOOK_KINDS = tuple(_LOOKS)


def _one_key(data: Any, known: tuple[str, ...]) -> str | None:
    if isinstance(data, BaseModel):
        names = set(type(data).model_fields)
        return next((f"<{key}>" for key in known if key in names or f"{key}_" in names), None)
    if not isinstance(data, dict):
        return None
    found = [key for key in data if key in known]
    return f"<{found[0]}>" if len(found) == 1 else None


def _look_tag(data: Any) -> str | None:
    return _one_key(data, LOOK_KINDS)


Look = Annotated[
    Annotated[VisibleLook, Tag("<visible>")]
    | Annotated[AppearedLook, Tag("<appeared>")]
    | Annotated[ClosedLook, Tag("<closed>")]
    | Annotated[EnabledLook, Tag("<enabled>")]
    | Annotated[DisabledLook, Tag("<disabled>")]
    | Annotated[CheckedLook, Tag("<checked>")]
    | Annotated[UncheckedLook, Tag("<unchecked>")]
    | Annotated[TextLook, Tag("<text>")]
    | Annotated[ValueLook, Tag("<value>")]
    | Annotated[AddressLook, Tag("<address>")]
    | Annotated[SomeLook, Tag("<some>")]
    | Annotated[NoneLook, Tag("<none>")]
    | Annotated[RowLook, Tag("<row>")]
    | Annotated[NoRowLook, Tag("<no_row>")]
    | Annotated[HoldsLook, Tag("<holds>")]
    | Annotated[AnyLook, Tag("<any>")]
    | Annotated[EveryLook, Tag("<every>")],
    Discriminator(
        _look_tag,
        custom_error_type="look_kind",
        custom_error_message="must hold exactly one kind of look: " + ", ".join(LOOK_KINDS),
    ),
]


def _listed(data: Any) -> Any:
    """One look may be written without its dash."""
    if isinstance(data, dict):
        return (data,)
    return tuple(data) if isinstance(data, list) else data


class _OneOrMore:
    """Lets editors accept a single look without its dash."""

    @classmethod
    def __get_pydantic_json_schema__(
        cls, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        several = handler(schema)
        return {"anyOf": [several["items"], several]}


#: One or more looks that must all hold.
Looks = Annotated[tuple[Look, ...], BeforeValidator(_listed), Field(min_length=1), _OneOrMore]


class Refusal(Located):
    """A way the dashboard says no. Looked for while an expectation is awaited, and before acting."""

    when: Looks
    #: What that means, for the operator.
    says: Template
    #: `blocked`: a person must decide. `failed`: may be tried again.
    status: Literal["blocked", "failed"] = "blocked"
    #: What the operator should do.
    next: Template | None = None


# --- steps -----------------------------------------------------------------------------------------


class StepBase(Located):
    """What every step may carry."""

    #: Short name, shown in reports.
    name: str | None = None
    #: Must hold before the step begins, else it stops and nothing is done.
    require: Looks | None = None
    #: How long to look for `require`, the target and `expect`, each.
    timeout: Duration | None = None


class ActBase(StepBase):
    """A step that touches the page once."""

    #: Must hold afterwards; looked for until the deadline.
    expect: Looks | None = None
    #: Ways the dashboard says no to this act.
    refusals: tuple[Refusal, ...] = ()
    #: One sentence saying what the act destroys. Makes it an irreversible act: it goes through the gate.
    irreversible: Template | None = None
    #: `<kind>:<identity>` of what it destroys.
    object: Template | None = None
    #: After a crash between press and look: for how long "still there" is no proof that it did nothing.
    settle_after: Duration = 30_000
    #: Never made a second time by any run, unless it is known not to have been made: nothing shows that it was not.
    once: bool = False
    #: The dashboard finishes it later: `expect` shows only that it has begun, and its intent stays open until
    #: the goal around it is seen to hold.
    ends_later: bool = False
    #: What shows that the press has only led to another question: nothing is known to be done before the goal
    #: around it is seen to hold, and what answers the question is an act of its own, of the same object.
    asks_again: Looks | None = None


class GotoStep(ActBase):
    """Opens a path of the dashboard. The menu is the better way: a cold deep link may give an empty shell."""

    goto: Template


class ClickStep(ActBase):
    click: TargetUse


class HoverStep(ActBase):
    hover: TargetUse


class FillBody(Located):
    target: TargetUse
    value: Template
    #: Types key by key, for inputs that move on by themselves.
    slowly: bool = False


class FillStep(ActBase):
    """Types a value into an input, replacing what it holds."""

    fill: FillBody


class CheckStep(ActBase):
    """Ticks a box; a ticked one is left alone."""

    check: TargetUse


class UncheckStep(ActBase):
    uncheck: TargetUse


class PressBody(Located):
    target: TargetUse
    #: Playwright's name of the key: Enter, Escape ...
    key: str


class PressStep(ActBase):
    press: PressBody


class SelectBody(Located):
    target: TargetUse
    option: Template


class SelectStep(ActBase):
    """Picks an option of a plain HTML select."""

    select: SelectBody


class ChooseBody(Located):
    """Picks the one option with exactly this text from an open list that may have to be searched or scrolled."""

    #: List of the selector store whose rows are the options.
    from_: ListUse = Field(alias="from")
    #: Key of the row.
    option: Template
    #: Input that narrows the list; typed into when given.
    search: TargetUse | None = None
    #: What to type; the option's own text unless given.
    search_text: Template | None = None
    #: Part of the row to click; the row itself unless given.
    part: TargetName | None = None


class ChooseStep(ActBase):
    choose: ChooseBody


class CaptureSource(Located):
    """Where a captured value is read; exactly one of `text`, `attribute`, `value`, `address`, `filled`."""

    text: TargetUse | None = None
    value: TargetUse | None = None
    attribute: Annotated[str, Field(min_length=1)] | None = None
    #: The element whose attribute is read.
    of: TargetUse | None = None
    #: The address of the page; needs `pattern`.
    address: Literal[True] | None = None
    #: A value made from others.
    filled: Template | None = None
    #: Python regular expression; its group 1, else its whole match, is the value.
    pattern: str | None = None
    #: `phone`: E.164, ten digits taken as North American. `lower`: in small letters.
    as_: Literal["text", "phone", "lower"] = Field(default="text", alias="as")

    @model_validator(mode="after")
    def _one_source(self) -> CaptureSource:
        sources = [self.text, self.value, self.attribute, self.address, self.filled]
        if sum(item is not None for item in sources) != 1:
            raise PydanticCustomError(
                "one_of", "needs exactly one of 'text', 'value', 'attribute', 'address', 'filled'"
            )
        if (self.attribute is None) != (self.of is None):
            raise PydanticCustomError("one_of", "'attribute' and 'of' go together")
        if self.address and self.pattern is None:
            raise PydanticCustomError("one_of", "'address' needs a 'pattern'")
        return self


class CaptureStep(StepBase):
    """Reads values from the page into the run."""

    capture: Annotated[dict[Name, CaptureSource], Field(min_length=1)]


class ReadBody(Located):
    list: TargetName
    where: Condition | None = None
    into: Name
    with_: dict[Name, Template] = Field(default_factory=dict, alias="with")


class ReadStep(StepBase):
    """Reads a whole list into the run: one mapping per row, its fields as keys."""

    read: ReadBody


class CollectBody(Located):
    #: A list that this run has; created empty when new.
    into: Name
    value: dict[Name, Template] | Template


class CollectStep(StepBase):
    """Adds a value to a list of the run; a value that is there already is not added again."""

    collect: CollectBody


class WaitForStep(StepBase):
    """Looks until it holds."""

    wait_for: Looks
    refusals: tuple[Refusal, ...] = ()


class RunStep(StepBase):
    """Runs another flow here, with inputs of its own; `save` takes its outputs."""

    run: FlowName
    with_: dict[Name, Template] = Field(default_factory=dict, alias="with")
    #: Name here to name of the output there.
    save: dict[Name, Name] = Field(default_factory=dict)


class ForEachBody(Located):
    """Rows are read completely first and then visited by key; deleting while looping is safe."""

    list: TargetName | None = None
    #: Or the items of a list that the run has.
    of: Template | None = None
    as_: Name = Field(alias="as")
    where: Condition | None = None
    #: What a row stands for, as the irreversible act inside names it: rows that no plan has are left alone.
    object: Template | None = None
    #: More rows than this are blocked rather than worked.
    at_most: int = 200
    #: Brings the page back after an item was blocked, so that the others are still worked; without it the
    #: loop stops there.
    recover: tuple[Step, ...] = ()

    @model_validator(mode="after")
    def _one_source(self) -> ForEachBody:
        if (self.list is None) == (self.of is None):
            raise PydanticCustomError("one_of", "needs exactly one of 'list', 'of'")
        return self


class ForEachStep(StepBase):
    for_each: ForEachBody
    do: Annotated[tuple[Step, ...], Field(min_length=1)]


class IfStep(StepBase):
    if_: Looks = Field(alias="if")
    then: Annotated[tuple[Step, ...], Field(min_length=1)]
    else_: tuple[Step, ...] = Field(default=(), alias="else")


class BlockBody(Located):
    model_config = ConfigDict(
        frozen=True, extra="forbid", strict=True, json_schema_extra=schema_with_short_form
    )
    short_form: ClassVar[str | None] = "reason"

    reason: Template
    next: Template | None = None
    #: `unknown`: something was done before, and what came of it was not seen.
    status: Literal["blocked", "failed", "unknown"] = "blocked"


class BlockStep(StepBase):
    """Stops the task: a person must decide."""

    block: BlockBody


class GoalStep(StepBase):
    """Look, act, look again. The goal is read before (holds: noop, nothing is touched) and after."""

    goal: Looks
    #: How long the goal is looked for after acting; longer where the dashboard takes its time.
    within: Duration | None = None
    #: Says that the goal is certainly not reached yet; without it, and where the goal is no list, the time-out
    #: of the first look says so.
    not_yet: Looks | None = None
    do: Annotated[tuple[Step, ...], Field(min_length=1)]
    #: Leaves the page through the menu and comes back, so that the second look is a fresh one.
    look_again: tuple[Step, ...] = ()
    #: Ways the dashboard says no while the goal is awaited.
    refusals: tuple[Refusal, ...] = ()


class KnownPrompt(Located):
    """A prompt of the support conversation that the robot knows, and its answer."""

    name: Name
    #: Searched for in the prompt, or in the label of a form's field, ignoring case.
    prompt: Pattern
    #: Searched for in prompts that are none of these though `prompt` matches.
    unless: Pattern | None = None
    answer: Template
    #: Other labels under which the same answer is offered, as quick reply or option.
    also: tuple[Template, ...] = ()
    #: The answer is the request itself: said in one conversation only, by any run, ever.
    once: bool = False
    #: How often it may be answered in one conversation; asked again after that, the conversation stops.
    at_most: int = 2


class Chatter(Located):
    """A sentence of support that needs no answer."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", strict=True, json_schema_extra=schema_with_short_form
    )
    short_form: ClassVar[str | None] = "says"

    #: Searched for in the sentence, ignoring case.
    says: Pattern
    #: How long support may be silent after it, where that is longer than usual.
    within: Duration | None = None


class ChatForm(Located):
    """A form inside the chat: its fields are prompts, answered together."""

    #: List of its fields, with the field `label`, which is its key.
    fields: TargetName
    #: Where a field's answer is typed, in a row of `fields`.
    input: TargetName
    #: A field's plain select, where it has options; in a row of `fields`.
    select: TargetName
    submit: TargetUse


#: Name of the conversation's id, for the steps that come back to it.
CONVERSATION = "conversation"


class ConverseBody(Located):
    """A conversation with support: known prompts are answered in whatever order they come; others stop it."""

    #: List of all messages, oldest first, with the fields `by` and `text`.
    messages: TargetName
    #: What `by` says of our own messages.
    mine: str
    #: What tells this conversation from others, read from the page.
    conversation: CaptureSource
    input: TargetUse
    send: TargetUse
    #: Button of a suggested reply; its parameter `label` is the answer. Pressed when it is there.
    quick_reply: TargetName | None = None
    form: ChatForm | None = None
    #: Shown while the other side is writing.
    typing: TargetUse | None = None
    known: Annotated[tuple[KnownPrompt, ...], Field(min_length=1)]
    #: What support says that needs no answer. A message needs none when each of its sentences is one of these.
    chatter: tuple[Chatter, ...] = ()
    #: The message that ends it; named groups are captured. Counts once the request was said.
    done: Pattern
    #: Says that the request was taken; what `done` looks for is awaited a while longer.
    confirmed: Chatter | None = None
    #: Says that the conversation is over though nothing came of it.
    ended: Pattern | None = None
    #: Carries on a conversation that has ended; pressed once, when it is there.
    resume: TargetUse | None = None
    #: Name that gets how it ended: `done`, `confirmed` or `ended`.
    ending: Name
    #: No more messages than this are sent.
    at_most: int = 20
    #: Longest wait for what support says next, where nothing says otherwise.
    silence: Duration | None = None
    #: Comes back to the conversation, on the page loaded anew, when support has been silent or a message is not
    #: seen: a page may miss what is said. `conversation` is what `conversation:` has read.
    look_again: tuple[Step, ...] = ()
    #: Longest time for the whole conversation.
    within: Duration = 1_800_000


class ConverseStep(ActBase):
    converse: ConverseBody


_STEPS: dict[str, type[StepBase]] = {
    "goto": GotoStep,
    "click": ClickStep,
    "hover": HoverStep,
    "fill": FillStep,
    "check": CheckStep,
    "uncheck": UncheckStep,
    "press": PressStep,
    "select": SelectStep,
    "choose": ChooseStep,
    "capture": CaptureStep,
    "read": ReadStep,
    "collect": CollectStep,
    "wait_for": WaitForStep,
    "run": RunStep,
    "for_each": ForEachStep,
    "if": IfStep,
    "block": BlockStep,
    "goal": GoalStep,
    "converse": ConverseStep,
}
VERBS = tuple(_STEPS)


def _step_tag(data: Any) -> str | None:
    return _one_key(data, VERBS)


Step = Annotated[
    Annotated[GotoStep, Tag("<goto>")]
    | Annotated[ClickStep, Tag("<click>")]
    | Annotated[HoverStep, Tag("<hover>")]
    | Annotated[FillStep, Tag("<fill>")]
    | Annotated[CheckStep, Tag("<check>")]
    | Annotated[UncheckStep, Tag("<uncheck>")]
    | Annotated[PressStep, Tag("<press>")]
    | Annotated[SelectStep, Tag("<select>")]
    | Annotated[ChooseStep, Tag("<choose>")]
    | Annotated[CaptureStep, Tag("<capture>")]
    | Annotated[ReadStep, Tag("<read>")]
    | Annotated[CollectStep, Tag("<collect>")]
    | Annotated[WaitForStep, Tag("<wait_for>")]
    | Annotated[RunStep, Tag("<run>")]
    | Annotated[ForEachStep, Tag("<for_each>")]
    | Annotated[IfStep, Tag("<if>")]
    | Annotated[BlockStep, Tag("<block>")]
    | Annotated[GoalStep, Tag("<goal>")]
    | Annotated[ConverseStep, Tag("<converse>")],
    Discriminator(
        _step_tag,
        custom_error_type="step_verb",
        custom_error_message="must hold exactly one verb: " + ", ".join(VERBS),
    ),
]


def verb_of(step: StepBase) -> str:
    """The verb a step is written with, such as `for_each`."""
    return next(verb for verb, model in _STEPS.items() if type(step) is model)


def body_of(step: StepBase) -> Any:
    """What stands under the step's verb."""
    verb = verb_of(step)
    return getattr(step, "if_" if verb == "if" else verb)


def model_for(verb: str) -> type[StepBase]:
    """The model of a verb's step."""
    return _STEPS[verb]


def look_kind_of(look: Located) -> str:
    """The kind a look is written with, such as `no_row`."""
    return next(kind for kind, model in _LOOKS.items() if type(look) is model)


def model_for_look(kind: str) -> type[Located]:
    """The model of a kind of look."""
    return _LOOKS[kind]


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
    #: Changes nothing on the dashboard, and so ends as noop; the linter holds it to that.
    read_only: bool = False
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


for _model in (
    AnyLook,
    EveryLook,
    Refusal,
    ForEachBody,
    ConverseBody,
    ConverseStep,
    ForEachStep,
    IfStep,
    GoalStep,
    Flow,
):
    _model.model_rebuild()
