"""What a flow may look for on a page: targets and their rows, texts, lists, conditions. Frozen data.

Every look is a mapping with exactly one kind of look.
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

from robot.flow.located import Located, Name, TargetName, schema_with_short_form
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
    """The address of the page in the main document.

    What begins with a slash is looked for in the path, as whole parts of it; else in the whole address.
    """

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


class NotLook(Located):
    """Holds when the page, at rest, says no. What it cannot tell is no "no"."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, populate_by_name=True)
    not_: Look = Field(alias="not")


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
    "not": NotLook,
    "any": AnyLook,
    "every": EveryLook,
}
LOOK_KINDS = tuple(_LOOKS)


def one_key(data: Any, known: tuple[str, ...]) -> str | None:
    if isinstance(data, BaseModel):
        names = set(type(data).model_fields)
        return next((f"<{key}>" for key in known if key in names or f"{key}_" in names), None)
    if not isinstance(data, dict):
        return None
    found = [key for key in data if key in known]
    return f"<{found[0]}>" if len(found) == 1 else None


def _look_tag(data: Any) -> str | None:
    return one_key(data, LOOK_KINDS)


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
    | Annotated[NotLook, Tag("<not>")]
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


def look_kind_of(look: Located) -> str:
    """The kind a look is written with, such as `no_row`."""
    return next(kind for kind, model in _LOOKS.items() if type(look) is model)


def model_for_look(kind: str) -> type[Located]:
    """The model of a kind of look."""
    return _LOOKS[kind]


for _model in (NotLook, AnyLook, EveryLook, Refusal):
    _model.model_rebuild()
