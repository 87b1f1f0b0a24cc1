from __future__ import annotations

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from robot.errors import BadInputError
from robot.totp import make_code

#: The secret of RFC 6238, appendix B, for SHA-1; its codes there have eight digits, of which ours are the last six.
RFC_SECRET = base64.b32encode(b"12345678901234567890").decode()


@pytest.mark.parametrize(
    ("at", "eight_digits"),
    [
        (59, "94287082"),
        (1111111109, "07081804"),
        (1111111111, "14050471"),
        (1234567890, "89005924"),
        (2000000000, "69279037"),
        (20000000000, "65353130"),
    ],
)
def test_the_codes_of_the_standard(at: float, eight_digits: str) -> None:
    assert make_code(RFC_SECRET, at) == eight_digits[2:]


def test_a_code_is_good_for_thirty_seconds() -> None:
    assert make_code(RFC_SECRET, 60) == make_code(RFC_SECRET, 89.999)
    assert make_code(RFC_SECRET, 89.999) != make_code(RFC_SECRET, 90)


@pytest.mark.parametrize(
    "secret",
    [
        "JBSWY3DPEHPK3PXP",
        "jbsw y3dp ehpk 3pxp",
        "JBSW-Y3DP-EHPK-3PXP",
        "JBSWY3DPEHPK3PXP====",
        "JBSWY3DPEHPK3PXP\n",
        "otpauth://totp/Agency:robot@agency.example?secret=JBSWY3DPEHPK3PXP&issuer=Agency",
        " otpauth://totp/x?algorithm=sha1&digits=6&period=30&secret=jbswy3dpehpk3pxp\n",
    ],
)
def test_secrets_of_eighty_bits_as_dashboards_show_them(secret: str) -> None:
    assert make_code(secret, 1_700_000_000) == "324550"


@given(key=st.binary(min_size=10, max_size=40), at=st.floats(min_value=0, max_value=4e9))
def test_a_code_is_always_six_digits(key: bytes, at: float) -> None:
    code = make_code(base64.b32encode(key).decode().rstrip("="), at)
    assert len(code) == 6
    assert code.isascii()
    assert code.isdigit()


@pytest.mark.parametrize(
    "secret",
    [
        "JBSWY3DPEHPK3PX1",
        "hunter2!",
        "JBSWY3DPE",
        "ÄÖÜ",
        "JBSWY3DP",
        "https://x.example/?secret=JBSWY3DPEHPK3PXP",
        "otpauth://hotp/x?secret=JBSWY3DPEHPK3PXP",
        "otpauth://totp/x?secret=JBSWY3DPEHPK3PXP&digits=8",
        "otpauth://totp/x?secret=JBSWY3DPEHPK3PXP&algorithm=SHA256",
        "otpauth://totp/x",
    ],
)
def test_what_is_not_base32_is_refused_and_not_shown(secret: str) -> None:
    with pytest.raises(BadInputError) as caught:
        make_code(secret, 0)
    assert secret not in caught.value.problem.render()
    assert "OFFBOARD_TOTP_SECRET" in caught.value.problem.next
