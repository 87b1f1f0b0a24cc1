"""Names of hosts as profiles write them: `app.example.com`, `.example.com` for all below it, `host:8443`.

They become rules of the browser's resolver, so nothing passes here that is no host name.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, lru_cache
from ipaddress import AddressValueError, IPv4Address
from urllib.parse import urlsplit

from publicsuffixlist import PublicSuffixList

#: Stands for the port of the dashboard's address.
PORT = "{port}"
_LOOPBACK = ("localhost", "127.0.0.1")
_LABEL = re.compile(r"[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?", re.ASCII)
_NUMBER = re.compile(r"[0-9]+|0x[0-9a-f]*", re.ASCII)
_DEFAULT_PORTS = {"https": 443, "wss": 443, "http": 80, "ws": 80}


@dataclass(frozen=True, slots=True, kw_only=True)
class Host:
    """One entry under `hosts:`."""

    #: In lower case, without a dot at either end.
    name: str
    #: Whether it stands for all hosts below the name, and not for the name itself.
    is_below: bool = False
    #: Digits, `{port}`, or empty for the usual one of the scheme.
    port: str = ""

    def __str__(self) -> str:
        return ("." if self.is_below else "") + self.name + (f":{self.port}" if self.port else "")

    @property
    def is_loopback(self) -> bool:
        return is_loopback(self.name)

    def matches(self, url: str) -> bool:
        """Whether the host of `url`, and its port, is this one or one of these. False for what is no address."""
        try:
            parts = urlsplit(url)
            name, port = parts.hostname or "", parts.port
        except ValueError:
            return False
        usual = _DEFAULT_PORTS.get(parts.scheme)
        if (port or usual) != (int(self.port) if self.port else usual):
            # Below a name no port is said, and none is looked at: the resolver cannot tell them apart there.
            return self.is_below and name.endswith(f".{self.name}")
        return name.endswith(f".{self.name}") if self.is_below else name == self.name


def is_loopback(name: str) -> bool:
    """Whether a host name, without its port, always means this machine."""
    return name in (*_LOOPBACK, "::1") or name.endswith(".localhost")


@lru_cache(maxsize=256)
def parse_host(text: str) -> Host:
    """Reads one entry. Raises ValueError for one that is no host name, with what is wrong and how it is written."""
    whole = text.strip().lower()
    if whole != text.lower() or not whole:
        raise ValueError("blanks around a host name, or nothing at all; write it as app.example.com")
    if "//" in whole:
        raise ValueError("an address; write its host alone, as app.example.com")
    if "*" in whole:
        raise ValueError("no pattern is taken; write .example.com for all hosts below example.com")
    if whole.count(":") > 1 or "[" in whole:
        raise ValueError("an IPv6 address, which the browser cannot be kept to; write the host's name")
    if not whole.isascii():
        raise ValueError("letters outside ASCII; write its ASCII form, which begins with xn--")
    name, colon, port = whole.partition(":")
    if colon and port != PORT and not (re.fullmatch(r"[1-9][0-9]{0,4}", port) and int(port) < 65_536):
        raise ValueError("no port; write host:8443")
    host = Host(name=name.removeprefix("."), is_below=name.startswith("."), port=port)
    _check_name(host)
    return host


def _check_name(host: Host) -> None:
    labels = host.name.split(".")
    if len(host.name) > 253 or not all(_LABEL.fullmatch(label) for label in labels):
        raise ValueError(
            "no host name: letters, digits and hyphens, in parts between dots; write app.example.com"
        )
    if _NUMBER.fullmatch(labels[-1]):
        # What a browser reads as an address, in whatever notation.
        try:
            IPv4Address(host.name)
        except AddressValueError:
            raise ValueError("no IPv4 address of four numbers; write it as 192.0.2.1") from None
        if host.is_below:
            raise ValueError("nothing lies below an address; write it without the dot")
    if host.is_loopback and host.is_below:
        raise ValueError("all hosts below one of this machine; name each, as app.localhost")
    if host.is_below and host.port:
        raise ValueError(
            "a port of all hosts below a name, which the browser cannot be kept to; leave it out"
        )
    if not host.is_loopback and _is_suffix(host.name, is_below=host.is_below):
        raise ValueError("a public suffix, below which anybody may have a host; name the agency's own")


def _is_suffix(name: str, *, is_below: bool) -> bool:
    """Whether anybody may register names below it. A name of one part is one, unless it is a host's own."""
    if is_below and "." not in name:
        return True
    return _suffixes().publicsuffix(name) == name


@cache
def _suffixes() -> PublicSuffixList:
    # The list that comes with the package; nothing is asked of the network.
    return PublicSuffixList(accept_unknown=False)
