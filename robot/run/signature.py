"""Signs bytes with a key of one's own, so that whoever has the public half can tell that nothing was changed.

Ed25519. The private half never leaves its file.
"""

from __future__ import annotations

import base64
import hashlib
import os
from dataclasses import dataclass
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)

from robot.errors import Problem, SetupError

ALGORITHM = "Ed25519"


@dataclass(frozen=True, slots=True, kw_only=True)
class Signature:
    """A signature and the public half of the key that made it: raw bytes in base64."""

    public_key: str
    value: str

    @property
    def fingerprint(self) -> str:
        """SHA-256 over the public half, in hexadecimal digits, for people to compare."""
        return fingerprint_of(base64.b64decode(self.public_key))

    def is_of(self, content: bytes) -> bool:
        """Whether that key signed just these bytes."""
        try:
            key = Ed25519PublicKey.from_public_bytes(base64.b64decode(self.public_key, validate=True))
            key.verify(base64.b64decode(self.value, validate=True), content)
        except (InvalidSignature, ValueError):
            return False
        return True


class EvidenceKey:
    """The key that signs what leaves this machine."""

    def __init__(self, private: Ed25519PrivateKey) -> None:
        self._private = private
        self._public = private.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)

    @property
    def fingerprint(self) -> str:
        return fingerprint_of(self._public)

    def sign(self, content: bytes) -> Signature:
        return Signature(
            public_key=base64.b64encode(self._public).decode(),
            value=base64.b64encode(self._private.sign(content)).decode(),
        )


def open_key(file: Path) -> EvidenceKey:
    """The key in `file`, which is made when it is not there. Raises SetupError when it cannot be had."""
    try:
        return _read(file) if file.exists() else _make(file)
    except OSError as error:
        raise SetupError(_unfit(f"the key that signs evidence, {file}: {error.strerror}")) from None


def fingerprint_of(public_key: bytes) -> str:
    """SHA-256 in hexadecimal digits."""
    return hashlib.sha256(public_key).hexdigest()


def _make(file: Path) -> EvidenceKey:
    private = Ed25519PrivateKey.generate()
    text = private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    # Whole or not there: a key that was half written would sign nothing ever again.
    temporary = file.with_name(f".{file.name}.{os.getpid()}")
    handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        with os.fdopen(handle, "wb") as opened:
            opened.write(text)
            opened.flush()
            os.fsync(opened.fileno())
        return EvidenceKey(private) if _is_first(temporary, file) else _read(file)
    finally:
        temporary.unlink(missing_ok=True)


def _is_first(temporary: Path, file: Path) -> bool:
    """Puts the key where it belongs, unless another process was quicker."""
    try:
        os.link(temporary, file)
    except FileExistsError:
        return False
    return True


def _read(file: Path) -> EvidenceKey:
    try:
        private = load_pem_private_key(file.read_bytes(), password=None)
    except ValueError:
        private = None
    if not isinstance(private, Ed25519PrivateKey):
        raise SetupError(_unfit(f"{file} holds no {ALGORITHM} key"))
    return EvidenceKey(private)


def _unfit(what: str) -> Problem:
    return Problem(
        what=what,
        done="nothing was signed",
        next="put the key back from a backup; a new one is made when the file is moved away",
    )
