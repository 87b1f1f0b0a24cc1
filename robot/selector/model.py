"""Targets and their candidates, as written in `selectors/*.yaml`. Frozen data and its JSON Schema.

A file `selectors/<page>.yaml` holds `targets:`; a target's full name is `<page>.<key>`. Must not know of
Playwright: the executor turns a candidate into a locator.
"""

from __future__ import annotations

import re
from typing import Annotated, ClassVar, Literal

from pydantic import ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from robot.flow.located import Located, Name, Pattern, TargetName, schema_with_short_form
from robot.flow.template import Template

#: Where a fact about the page comes from, best first. `documented`: the vendor's help or text catalogue.
#: `seen`: somebody's public code or recording of a live account. `inferred`: ours, to be checked.
SourceMark = Literal["documented", "seen", "inferred"]

#: The strategies, of which a candidate names exactly one.
STRATEGIES = ("role", "label", "placeholder", "test_id", "id", "css", "text", "title")


class Candidate(Located):
    """One way to find an element: exactly one strategy, with what narrows it.

    Texts are compared whole and with case unless `match` says otherwise. `${name}` is filled from the
    target's parameters, from `key` in rows, and from the profile's `words`.
    """

    role: str | None = None
    #: Accessible name; goes with `role`.
    name: Template | None = None
    label: Template | None = None
    placeholder: Template | None = None
    test_id: Template | None = None
    id: Template | None = None
    css: Template | None = None
    text: Template | None = None
    title: Template | None = None
    #: How `name`, `label`, `placeholder`, `text`, `title` are compared.
    match: Literal["whole", "contains", "regex"] = "whole"
    #: Keeps elements that hold this text somewhere; upper and lower case are alike, as in Playwright.
    has_text: Template | None = None
    #: Leaves out elements that hold this text somewhere: what a looser candidate would take by mistake.
    has_not_text: Template | None = None

    @model_validator(mode="after")
    def _one_strategy(self) -> Candidate:
        given = [strategy for strategy in STRATEGIES if getattr(self, strategy) is not None]
        if len(given) != 1:
            raise PydanticCustomError(
                "one_of", "needs exactly one of {all}", {"all": ", ".join(f"'{item}'" for item in STRATEGIES)}
            )
        if self.name is not None and self.role is None:
            raise PydanticCustomError("one_of", "'name' goes with 'role'")
        return self

    @property
    def strategy(self) -> str:
        return next(strategy for strategy in STRATEGIES if getattr(self, strategy) is not None)

    def describe(self) -> str:
        """The candidate as people read it, such as `role=button "Save"`."""
        strategy = self.strategy
        value = getattr(self, strategy)
        if strategy == "role":
            text = f"role={value}" + (f' "{self.name.text}"' if self.name else "")
        else:
            text = f'{strategy} "{value.text}"'
        if self.match != "whole":
            text += f" ({self.match})"
        if self.has_text:
            text += f' holding "{self.has_text.text}"'
        return text + (f' not holding "{self.has_not_text.text}"' if self.has_not_text else "")


class RowField(Located):
    """One value of a row, read from the row or from an element in it."""

    #: CSS inside the row; the row itself when absent.
    css: str | None = None
    #: Attribute to read; the visible text when absent.
    attribute: str | None = None
    #: Python regular expression; its group 1, else its whole match, is the value; no match gives "".
    pattern: str | None = None
    #: `phone`: E.164, ten digits taken as North American. `present`: "yes" or "" by whether `css` matches.
    #: `lines`: line breaks are kept.
    as_: Literal["text", "phone", "present", "lower", "lines"] = Field(default="text", alias="as")
    #: Every row has it: a row without the element has not been read. The key always is.
    required: bool = False

    @model_validator(mode="after")
    def _patterns_compile(self) -> RowField:
        if self.pattern is not None:
            try:
                re.compile(self.pattern)
            except re.error as error:
                raise PydanticCustomError("pattern", "is no pattern: {why}", {"why": str(error)}) from None
        return self


class CountUse(Located):
    """A text that says how many rows there are, such as "14 calendars" or "Showing 1 to 10 of 14"."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", strict=True, json_schema_extra=schema_with_short_form
    )
    short_form: ClassVar[str | None] = "target"

    target: TargetName
    #: Python regular expression whose group 1, else its whole match, is the number. Needed where the text holds
    #: more numbers than one and is not of the form "1 to 10 of 14": nothing is guessed.
    pattern: Pattern | None = None


class ListBody(Located):
    """What makes a list readable, and what makes an empty or a finished reading of it believable."""

    #: Match every row; the first candidate that matches any row is used.
    rows: Annotated[tuple[Candidate, ...], Field(min_length=1)]
    fields: Annotated[dict[Name, RowField], Field(min_length=1)]
    #: The field that identifies a row.
    key: Name
    #: Narrows `rows` to the row of a key, given as `${key}`; used when the key is in an attribute.
    row: Candidate | None = None
    #: Shown when there is nothing.
    empty: TargetName | None = None
    #: Says how many there are.
    count: CountUse | None = None
    #: Shown while rows are missing; the list is not read then.
    loading: tuple[TargetName, ...] = ()
    #: Shown when the list could not be loaded; the list is never read as empty then.
    errors: tuple[TargetName, ...] = ()
    #: The box that narrows the list on purpose; after typing there the list is read once the page has answered.
    search: TargetName | None = None
    #: Inputs that must be empty, since they hide rows.
    filters: tuple[TargetName, ...] = ()
    #: The part that scrolls, where the page does not say so itself (`overflow: hidden`, scrolled by a script).
    scroll: TargetName | None = None
    #: Leads to the next page; absent or disabled on the last.
    next_page: TargetName | None = None
    #: Leads back to the first page; absent on the first. Goes with `next_page`.
    first_page: TargetName | None = None

    @model_validator(mode="after")
    def _is_believable(self) -> ListBody:
        if self.key not in self.fields:
            raise PydanticCustomError("list_key", "'key' must be one of the fields")
        if self.empty is None and self.count is None:
            raise PydanticCustomError(
                "list_proof", "needs 'empty' or 'count': no rows is also what a list says while it loads"
            )
        if (self.next_page is None) != (self.first_page is None):
            raise PydanticCustomError("one_of", "'next_page' and 'first_page' go together")
        return self


class Target(Located):
    """A named element or list of a page."""

    about: str | None = None
    #: `dialog`: comes and goes, so flows may wait until it is closed. `popup`: closed when it is in the way.
    kind: Literal["element", "dialog", "popup"] = "element"
    #: The target it stands in.
    in_: TargetName | None = Field(default=None, alias="in")
    #: The list in whose rows it stands; flows then give `row`.
    row_of: TargetName | None = None
    #: `either`: the main document first, then the frames of the profile's frame hosts. Nested targets follow
    #: their parent.
    frame: Literal["main", "either"] | None = None
    #: Names that flows must give under `with`.
    params: tuple[Name, ...] = ()
    candidates: tuple[Candidate, ...] = ()
    list: ListBody | None = None
    #: For popups: what closes it.
    close: TargetName | None = None
    #: Pressing it destroys something, though its name does not say so; or does not, though it does.
    destroys: bool | None = None
    #: Pressing it was seen to change the dashboard: acts on it say `irreversible` or `reversible`.
    changes: bool = False
    source: SourceMark | None = None
    #: Month or day of the source, ISO.
    date: str | None = None
    note: str | None = None

    @model_validator(mode="after")
    def _one_form(self) -> Target:
        if bool(self.candidates) == (self.list is not None):
            raise PydanticCustomError("one_of", "needs 'candidates' or 'list', and not both")
        if self.in_ and self.row_of:
            raise PydanticCustomError("one_of", "'in' and 'row_of' do not go together")
        if (self.kind == "popup") != (self.close is not None):
            raise PydanticCustomError("one_of", "'kind: popup' and 'close' go together")
        return self


class Page(Located):
    """One selector file."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    about: str | None = None
    #: For every target of the file that says nothing itself.
    frame: Literal["main", "either"] = "main"
    source: SourceMark
    date: str
    targets: Annotated[dict[Name, Target], Field(min_length=1)]
