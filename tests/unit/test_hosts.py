"""What may stand under `hosts:`: host names, and nothing that becomes more than one in the browser's rules."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from robot.executor.fence import fence_arguments
from robot.hosts import parse_host
from robot.profile import Profile


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("*", "no pattern is taken"),
        ("*.example.com", "write .example.com"),
        ("app.*.com", "no pattern is taken"),
        (".", "no host name"),
        ("..", "no host name"),
        ("", "nothing at all"),
        (" ", "nothing at all"),
        ("app.example.com\n", "blanks"),
        ("x , EXCLUDE *", "no pattern is taken"),
        ("x , EXCLUDE y", "no host name"),
        ("x,y", "no host name"),
        ("x\tMAP", "no host name"),
        ("http://x.example.com", "an address"),
        ("//x.example.com", "an address"),
        ("x.example.com/path", "no host name"),
        ("user@x.example.com", "no host name"),
        ("x.example.com:", "no port"),
        ("x.example.com:0", "no port"),
        ("x.example.com:65536", "no port"),
        ("x.example.com:٨٠", "letters outside ASCII"),
        ("x.example.com:80:90", "IPv6"),
        ("[::1]", "IPv6"),
        ("::1", "IPv6"),
        ("x..example.com", "no host name"),
        ("x.example.com.", "no host name"),
        ("-x.example.com", "no host name"),
        (f"{'x' * 64}.example.com", "no host name"),
        (".".join(["x" * 60] * 5), "no host name"),
        ("bücher.example.com", "xn--"),
        ("еxample.com", "xn--"),
        ("127.1", "IPv4"),
        ("2130706433", "IPv4"),
        ("0x7f.0.0.1", "IPv4"),
        ("0x7f000001", "IPv4"),
        ("10.0.0.300", "IPv4"),
        ("010.0.0.1", "IPv4"),
        (".192.0.2.1", "nothing lies below an address"),
        (".localhost", "this machine"),
        (".app.localhost", "this machine"),
        (".example.com:8443", "a port of all hosts"),
        (".com", "public suffix"),
        ("com", "public suffix"),
        (".co.uk", "public suffix"),
        ("co.uk", "public suffix"),
        (".github.io", "public suffix"),
        (".s3.amazonaws.com", "public suffix"),
        (".CoM", "public suffix"),
        (".intranet", "public suffix"),
    ],
)
def test_what_is_no_host_is_refused(text: str, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        parse_host(text)


@pytest.mark.parametrize(
    "text",
    ["app.example.com", ".example.com", "app.example.com:8443", "app.localhost:{port}", "localhost", "intranet",
     "127.0.0.1:80", "192.0.2.7", "xn--bcher-kva.example.com", "a_b.example.com", "agency.github.io"],
)  # fmt: skip
def test_what_is_one_is_taken(text: str) -> None:
    assert str(parse_host(text)) == text


def test_capitals_mean_nothing() -> None:
    assert str(parse_host("App.Example.COM")) == "app.example.com"


@given(st.text(alphabet=st.sampled_from(list("ab.:-_*, \t/@[]~%#\\MAPEXCLUDE019é")), max_size=24))
def test_one_entry_is_one_rule(text: str) -> None:
    """Whatever passes is one word of one rule, and never the one that opens everything."""
    try:
        host = str(parse_host(text))
    except ValueError:
        return
    profile = Profile(
        name="x",
        title="X",
        dashboard="https://x.example",
        navigate=(host,),
        load=(),
        frames=(),
        words={},
        policies={},
    )
    rules = fence_arguments(profile)[0].removeprefix("--host-resolver-rules=").split(",")
    assert len(rules) == 2
    assert "MAP * ~NOTFOUND" in [rule.strip() for rule in rules]
    [other] = [rule.split() for rule in map(str.strip, rules) if rule != "MAP * ~NOTFOUND"]
    assert other[0] in ("MAP", "EXCLUDE")
    assert other[1] not in ("*", "*.")
    assert len(other) == (3 if other[0] == "MAP" else 2)
