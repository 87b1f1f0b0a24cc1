"""The command as a newcomer starts it, as in the acceptance tests."""

from __future__ import annotations

from tests.acceptance.conftest import offboard, practice, server, signed_in, stranger

__all__ = ["offboard", "practice", "server", "signed_in", "stranger"]
