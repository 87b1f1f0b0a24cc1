"""Tokens of the programs that may ask over the network, as rows. Of each only a digest is kept."""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from robot.errors import BadInputError, BlockedError, Problem
from robot.ledger.database import Ledger, moment, shown_time
from robot.ledger.tables import API_ANSWERS, API_TOKENS

#: What a token may be for.
CANCELLATIONS, METRICS = "cancellations", "metrics"
SCOPES = (CANCELLATIONS, METRICS)
_BEGINNING = "offboard_"
#: Answers are remembered for so long.
_REMEMBERED = timedelta(days=7)


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenRow:
    """One token."""

    name: str
    scopes: tuple[str, ...]
    made_at: str
    made_by: str
    revoked_at: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """What was answered before."""

    status: int
    #: JSON.
    answer: str
    #: Digest of the body that it was the answer to.
    body_digest: str


class Tokens:
    """All tokens of a ledger, and what their requests were answered."""

    def __init__(self, ledger: Ledger, *, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self._ledger = ledger
        self._now = now

    def make(self, name: str, scopes: Iterable[str], *, by: str) -> str:
        """Returns the token, which cannot be had again. Raises BadInputError for a name that is taken."""
        token = _BEGINNING + secrets.token_urlsafe(32)
        try:
            with self._ledger.begin() as connection:
                connection.execute(
                    insert(API_TOKENS).values(
                        name=name,
                        digest=_digest(token),
                        scopes=json.dumps(sorted(set(scopes))),
                        made_at=moment(self._now()),
                        made_by=by,
                    )
                )
        except IntegrityError:
            raise BadInputError(
                Problem(
                    what=f"there is a token '{name}' already",
                    done="nothing was made",
                    next="choose another name; one that was revoked keeps its own",
                )
            ) from None
        return token

    def revoke(self, name: str) -> None:
        """Raises BadInputError for a token that is not there, BlockedError for one that was revoked before."""
        with self._ledger.begin() as connection:
            row = connection.execute(select(API_TOKENS).where(API_TOKENS.c.name == name)).first()
            if row is None:
                raise BadInputError(
                    Problem(what=f"there is no token '{name}'", next="'offboard token list' names them")
                )
            if row.revoked_at is not None:
                raise BlockedError(
                    Problem(
                        what=f"the token '{name}' was revoked at {shown_time(row.revoked_at)} UTC",
                        done="nothing was changed",
                    )
                )
            connection.execute(
                update(API_TOKENS).where(API_TOKENS.c.name == name).values(revoked_at=moment(self._now()))
            )

    def all(self) -> list[TokenRow]:
        """By name."""
        with self._ledger.begin() as connection:
            return [_token(row) for row in connection.execute(select(API_TOKENS).order_by(API_TOKENS.c.name))]

    def find(self, token: str) -> TokenRow | None:
        """The token that is good now; None for any other."""
        query = select(API_TOKENS).where(
            API_TOKENS.c.digest == _digest(token), API_TOKENS.c.revoked_at.is_(None)
        )
        with self._ledger.begin() as connection:
            row = connection.execute(query).first()
        return _token(row) if row else None

    # --- answers -----------------------------------------------------------------------------------

    def answered(self, token: str, request: str) -> Answered | None:
        """What a token's request of this name was answered."""
        query = select(API_ANSWERS).where(API_ANSWERS.c.token == token, API_ANSWERS.c.request == request)
        with self._ledger.begin() as connection:
            row = connection.execute(query).first()
        return Answered(status=row.status, answer=row.answer, body_digest=row.body_digest) if row else None

    def remember(
        self, connection: Connection, token: str, request: str, *, body_digest: str, status: int, answer: str
    ) -> None:
        """Raises IntegrityError when the same request was answered meanwhile."""
        old = moment(self._now() - _REMEMBERED)
        connection.execute(delete(API_ANSWERS).where(API_ANSWERS.c.at < old))
        connection.execute(
            insert(API_ANSWERS).values(
                token=token,
                request=request,
                body_digest=body_digest,
                status=status,
                answer=answer,
                at=moment(self._now()),
            )
        )


def _digest(token: str) -> str:
    # Tokens are long and random: a slow hash would add nothing.
    return hashlib.sha256(token.encode()).hexdigest()


def _token(row: Row[Any]) -> TokenRow:
    return TokenRow(
        name=row.name,
        scopes=tuple(json.loads(row.scopes)),
        made_at=row.made_at,
        made_by=row.made_by,
        revoked_at=row.revoked_at,
    )
