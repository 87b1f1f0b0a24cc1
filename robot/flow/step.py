"""What a flow may do: one model for each verb. Frozen data; doing it lives elsewhere.

Every step is a mapping with exactly one verb.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Literal

from pydantic import ConfigDict, Discriminator, Field, Tag, field_validator, model_validator
from pydantic_core import PydanticCustomError

from robot.flow.located import Duration, FlowName, Located, Name, Pattern, TargetName, schema_with_short_form
from robot.flow.look import ListUse, Looks, Refusal, TargetUse, one_key
from robot.flow.template import Condition, Secret, Template


class StepBase(Located):
    """What every step may carry."""

    #: Short name, shown in reports.
    name: str | None = None
    #: Must hold before the step begins, else it stops and nothing is done.
    require: Looks | None = None
    #: How long to look for `require`, the target and `expect`, each.
    timeout: Duration | None = None


#: No press may take longer, in ms, however slow the page; see `acting._MOST_UNTIL_PRESS_S` and `actions.ACT_MS`.
_LEAST_DOUBT_MS = 30_000


class DialogAnswer(Located):
    """How a dialog of the browser itself, such as `confirm`, is answered that an act opens."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", strict=True, json_schema_extra=schema_with_short_form
    )
    short_form: ClassVar[str | None] = "answer"

    answer: Literal["accept", "dismiss"]
    #: All that it says, white space folded; with anything else it is turned down and the step stops.
    says: Template | None = None


class ActBase(StepBase):
    """A step that touches the page once."""

    #: Must hold afterwards; looked for until the deadline.
    expect: Looks | None = None
    #: Ways the dashboard says no to this act.
    refusals: tuple[Refusal, ...] = ()
    #: One sentence saying what the act destroys. Makes it an irreversible act: it goes through the gate.
    irreversible: Template | None = None
    #: The dialog of the browser that it opens; one that no flow expects is turned down, and the step stops.
    dialog: DialogAnswer | None = None
    #: It opens a new window, which is closed; one that no flow expects stops the step.
    new_window: Literal["close"] | None = None
    #: It sends something that changes the dashboard, and that can be undone, or done again without harm.
    reversible: bool = False
    #: `<kind>:<identity>` of what it destroys.
    object: Template | None = None
    #: After a crash between press and look: for how long "still there" is no proof that it did nothing.
    settle_after: Duration = _LEAST_DOUBT_MS
    #: Never made a second time by any run, unless it is known not to have been made: nothing shows that it was not.
    once: bool = False
    #: The dashboard finishes it later: `expect` shows only that it has begun, and its intent stays open until
    #: the goal around it is seen to hold.
    ends_later: bool = False
    #: What shows that the press has only led to another question: nothing is known to be done before the goal
    #: around it is seen to hold, and what answers the question is an act of its own, of the same object.
    asks_again: Looks | None = None

    @model_validator(mode="after")
    def _is_one_of_both(self) -> ActBase:
        if self.reversible and self.irreversible is not None:
            raise PydanticCustomError("one_of", "'reversible' and 'irreversible' do not go together")
        return self

    @field_validator("settle_after")
    @classmethod
    def _is_long_enough(cls, value: int) -> int:
        if value < _LEAST_DOUBT_MS:
            raise PydanticCustomError("doubt", "must be 30s or more: a press may take so long to be made")
        return value


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
    #: What of the value is typed. A search finds what is written, and a list shows white space in another way than
    #: it is written: by the longest word it finds every name that looks the same.
    part: Literal["whole", "longest_word"] = "whole"
    #: Types key by key, for inputs that move on by themselves.
    slowly: bool = False

    def typed(self, values: Mapping[str, Any]) -> Any:
        """What is typed; may be a secret. Raises UnknownNameError."""
        value = self.value.fill(values)
        if self.part == "whole" or isinstance(value, Secret):
            return value
        return max(str(value).split(), key=len, default="")


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
    return one_key(data, VERBS)


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


for _model in (ForEachBody, ConverseBody, ConverseStep, ForEachStep, IfStep, GoalStep):
    _model.model_rebuild()
