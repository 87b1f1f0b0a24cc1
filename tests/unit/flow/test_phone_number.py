from __future__ import annotations

import pytest

from robot.flow.phone_number import normalize_phone
from robot.flow.template import Condition


@pytest.mark.parametrize("text", ["+15125550198", "(512) 555-0198", "512.555.0198", "+1 512 555 0198"])
def test_one_number_has_one_form(text: str) -> None:
    assert normalize_phone(text) == "+15125550198"


def test_numbers_of_other_countries_keep_their_digits() -> None:
    assert normalize_phone("+49 30 1234567") == "+49301234567"
    assert normalize_phone("none") == ""


def test_conditions_compare_numbers_in_one_form() -> None:
    condition = Condition("row.phone in phones|map('phone')|list")
    assert condition.decide({"row": {"phone": "+15125550198"}, "phones": ["(512) 555-0198"]})
    assert not condition.decide({"row": {"phone": "+15125550198"}, "phones": ["(512) 555-0199"]})
