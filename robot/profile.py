"""One agency's dashboard: where it lives, which hosts its pages need, its own words and policies.

A profile overlays the selector store; flows read `words.*` and `policy.*`. Must not know of browsers.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, Field, ValidationError, field_validator
from pydantic_core import PydanticCustomError

from robot.errors import BadInputError, Problem, SelectorError, did_you_mean
from robot.flow.loader import read_text, shown_path
from robot.flow.located import Located, Name
from robot.hosts import is_loopback, parse_host
from robot.time_zone import day_of, zone_names, zone_of
from robot.validation import problems_from
from robot.yaml_reader import SpannedDict, parse_yaml

#: What refuses on a profile without a time zone.
NEEDS_TIME_ZONE = "the queue with its days (not before, due), schedules, batches and their summaries"


def _check_host(text: str) -> str:
    try:
        return str(parse_host(text))
    except ValueError as error:
        raise PydanticCustomError(
            "host", "'{text}' cannot be a host: {why}", {"text": text, "why": str(error)}
        ) from None


#: One entry, in lower case.
HostName = Annotated[str, AfterValidator(_check_host)]


class Hosts(Located):
    """Hosts by role. A name that begins with a dot stands for all hosts below it. `{port}` is filled from
    the dashboard's address."""

    #: Hosts that the page may be on.
    navigate: Annotated[tuple[HostName, ...], Field(min_length=1)]
    #: Further hosts that pages load from.
    load: tuple[HostName, ...] = ()
    #: Hosts whose frames are part of the dashboard.
    frames: tuple[HostName, ...] = ()


class Policies(Located):
    """What the procedure leaves open. The costly ones have no default."""

    #: Whether disabling SaaS also ends the customer's Stripe subscription.
    saas_cancel_subscription: bool
    #: A user who also belongs to other sub-accounts: removed from this one, or a person decides.
    users_shared: Literal["remove", "block"]
    #: What a refreshed snapshot holds: every asset, or those it held before.
    snapshot_assets: Literal["all", "keep"]
    #: Where support is asked to delete brand and campaign.
    support_channel: Literal["chat", "ticket"] = "chat"
    #: What becomes of calendars. The procedure knows this one way.
    calendars: Literal["deactivate"] = "deactivate"
    #: What becomes of the other tasks when one ends with a question to a person.
    when_blocked: Literal["go_on", "stop"] = "go_on"


class Unattended(Located):
    """What may be carried out with nobody there: plans in which nothing is for a person, within these limits."""

    #: Most objects of a kind in one plan, such as `phone_number: 10`. A kind that is not named is not let be done.
    at_most: dict[Name, Annotated[int, Field(ge=0)]]
    #: How long such an approval is good, in hours.
    hours: Annotated[float, Field(gt=0, le=24 * 14)] = 12


class ProfileFile(Located):
    profile: str
    title: str
    #: Address of the dashboard; may be given at the command line instead.
    dashboard: str | None = None
    hosts: Hosts
    #: What the dashboard's pages ask for in the background: it tells nothing about their lists, so it may fail, and
    #: may stay open. As host and path; `*` stands for anything. While anything else is open or was lost, a list
    #: is not believed.
    background: tuple[str, ...] = ()
    #: The agency's time zone, an IANA name such as America/Chicago: what days and times of day belong to. Nothing
    #: stands in for it: without it the queue, its schedules and its summaries refuse.
    time_zone: str | None = None
    #: The white label's own words, read by flows and candidates as `words.<name>`.
    words: dict[Name, str] = Field(default_factory=dict)
    policies: Annotated[Policies, Field()]
    #: Location id of a sub-account of the agency's own, which a batch looks at before the first customer, and never
    #: changes.
    canary: str = ""
    #: Most customers whose work is begun in an hour, over all workers.
    most_per_hour: Annotated[int, Field(ge=1)] | None = None
    #: Without it, nothing of a case is done that no person has approved.
    unattended: Unattended | None = None

    @field_validator("time_zone")
    @classmethod
    def _check_time_zone(cls, name: str | None) -> str | None:
        if name is not None and name not in zone_names():
            near = did_you_mean(name, sorted(zone_names()))
            raise PydanticCustomError(
                "time_zone",
                "'{name}' is no time zone; {next}",
                {
                    "name": name,
                    "next": near or "write the agency's by its IANA name, such as America/Chicago",
                },
            )
        return name

    @property
    def is_live(self) -> bool:
        """Whether it is for a dashboard anywhere but on this machine."""
        return not all(is_loopback(host.partition(":")[0]) for host in self.hosts.navigate)


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """A profile with its dashboard's address settled."""

    name: str
    title: str
    #: Scheme, host and port, no trailing slash.
    dashboard: str
    navigate: tuple[str, ...]
    load: tuple[str, ...]
    frames: tuple[str, ...]
    words: dict[str, str]
    policies: dict[str, object]
    #: Patterns of what tells nothing about lists, without a port.
    background: tuple[str, ...] = ()
    unattended: Unattended | None = None
    canary: str = ""
    most_per_hour: int | None = None
    #: Empty where the profile names none.
    time_zone: str = ""

    @property
    def zone(self) -> ZoneInfo | None:
        """The agency's time zone; None where the profile names none."""
        return zone_of(self.time_zone) if self.time_zone else None

    def day_of(self, at: datetime) -> date | None:
        """The agency's day at a moment; None where the profile names no time zone."""
        return day_of(at, self.zone) if self.zone else None

    def zone_for(self, what: str) -> ZoneInfo:
        """The agency's time zone. what: what needs it, for people. Raises BadInputError where there is none."""
        zone = self.zone
        if zone is None:
            raise BadInputError(
                Problem(
                    what=f"profile '{self.name}' names no time zone, and {what} needs one: days are the agency's",
                    done="nothing was begun or changed",
                    next="add the agency's to the profile by its IANA name, such as 'time_zone: America/Chicago'",
                )
            )
        return zone

    @property
    def is_local(self) -> bool:
        """Whether the dashboard is on this machine: a practice dashboard, never a live one."""
        return is_loopback(urlsplit(self.dashboard).hostname or "")

    @property
    def hosts(self) -> tuple[str, ...]:
        """Every host that may be reached, each once."""
        return tuple(dict.fromkeys([*self.navigate, *self.load, *self.frames]))

    def is_frame_host(self, url: str) -> bool:
        """Whether a frame at `url` is part of the dashboard."""
        return matches_host(url, self.frames)

    def is_background(self, url: str) -> bool:
        """Whether a request or a channel to `url` tells nothing about the lists of the dashboard."""
        parts = urlsplit(url)
        return any(fnmatchcase(f"{parts.hostname or ''}{parts.path}", pattern) for pattern in self.background)

    def may_navigate(self, url: str) -> bool:
        """Whether the page may be at `url`."""
        return matches_host(url, self.navigate)


def matches_host(url: str, hosts: tuple[str, ...]) -> bool:
    """Whether the host of `url` (with its port, where the entry names one) is one of `hosts`."""
    return any(parse_host(host).matches(url) for host in hosts)


def load_profile(name_or_path: str, *, folder: Path, dashboard: str | None) -> Profile:
    """Returns the profile of that name in `folder`, or in the file of that path.

    dashboard: overrides the address in the file. Raises SelectorError or BadInputError.
    """
    written, path = read_profile(name_or_path, folder=folder)
    address = dashboard or written.dashboard
    if not address:
        raise BadInputError(
            Problem(
                what=f"profile '{written.profile}' names no dashboard",
                next="give its address with --dashboard",
            )
        )
    parts = urlsplit(address if "//" in address else f"https://{address}")
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise BadInputError(
            Problem(
                what=f"'{address}' is not the address of a dashboard",
                next="write https://host or http://host:port",
            )
        )
    try:
        port = parts.port
    except ValueError:
        raise BadInputError(
            Problem(what=f"'{address}' has no valid port", next="write http://host:port")
        ) from None
    shown_port = str(port or (443 if parts.scheme == "https" else 80))
    profile = Profile(
        name=written.profile,
        title=written.title,
        dashboard=f"{parts.scheme}://{parts.hostname}" + (f":{port}" if port else ""),
        navigate=_with_port(written.hosts.navigate, shown_port),
        load=_with_port(written.hosts.load, shown_port),
        frames=_with_port(written.hosts.frames, shown_port),
        words=dict(written.words),
        background=written.background,
        policies=written.policies.model_dump(exclude={"span"}),
        unattended=written.unattended,
        canary=written.canary,
        most_per_hour=written.most_per_hour,
        time_zone=written.time_zone or "",
    )
    if not profile.may_navigate(profile.dashboard):
        raise BadInputError(
            Problem(
                what=f"the dashboard {profile.dashboard} is not among the hosts of profile '{profile.name}'",
                details=(("hosts", ", ".join(profile.navigate)),),
                next=f"add it under hosts.navigate in {path}, or choose another profile with --profile",
            )
        )
    return profile


def read_profile(name_or_path: str, *, folder: Path) -> tuple[ProfileFile, str]:
    """What the profile of that name in `folder`, or in the file of that path, says, and where it lies.

    Raises SelectorError or BadInputError.
    """
    file = Path(name_or_path)
    if file.suffix not in (".yaml", ".yml"):
        file = folder / f"{name_or_path}.yaml"
    if not file.is_file():
        known = sorted(item.stem for item in folder.glob("*.yaml"))
        raise BadInputError(
            Problem(
                what=f"there is no profile '{name_or_path}'",
                next=f"{did_you_mean(name_or_path, known)} Profiles here: {', '.join(known)}".strip(),
            )
        )
    path = shown_path(file)
    return parse_profile(read_text(file), path), path


def lacking(written: ProfileFile) -> list[Problem]:
    """What a profile may leave out, and what then refuses: warnings, since single flows run without it."""
    if written.time_zone or not written.is_live:
        return []
    return [
        Problem(
            what=f"profile '{written.profile}' names no 'time_zone', and its dashboard is a live one",
            where=written.span,
            details=(("refuses", NEEDS_TIME_ZONE),),
            next="add the agency's by its IANA name, such as 'time_zone: America/Chicago'",
            is_warning=True,
        )
    ]


def parse_profile(text: str, path: str) -> ProfileFile:
    """Returns what a profile file says. Raises SelectorError with all problems."""
    root = parse_yaml(text, path)
    if not isinstance(root, SpannedDict):
        raise SelectorError(Problem(what=f"{path}: a profile must be a mapping"))
    try:
        return ProfileFile.model_validate(root)
    except ValidationError as error:
        raise SelectorError(
            *problems_from(error, root=root, path=path, model=ProfileFile, find_model=lambda _: None)
        ) from None


def _with_port(hosts: tuple[str, ...], port: str) -> tuple[str, ...]:
    return tuple(host.replace("{port}", port) for host in hosts)
