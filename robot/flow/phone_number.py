"""Telephone numbers as people and pages write them, to one form."""

from __future__ import annotations

import re


def normalize_phone(text: str) -> str:
    """E.164 of a telephone number as shown; ten digits are taken as North American. No digits give ""."""
    digits = re.sub(r"\D", "", text)
    if not digits:
        return ""
    if not text.strip().startswith("+") and len(digits) == 10:
        digits = f"1{digits}"
    return f"+{digits}"
