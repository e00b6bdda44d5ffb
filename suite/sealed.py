"""A sealed line: JSON whose last key is the checksum of everything before it, so that anybody can read and check it."""

import hashlib

SEAL = b',"sum":"'
LENGTH = len(SEAL) + 16 + len(b'"}')


def sealed(text: bytes) -> bytes:
    """A JSON object as a line with its seal."""
    body = text[:-1]
    return body + SEAL + _checksum(body) + b'"}\n'


def unsealed(line: bytes) -> bytes:
    """The JSON object in a line without its newline. Raises ValueError unless it is what was sealed."""
    body, seal = line[:-LENGTH], line[-LENGTH:]
    if not is_sealed(line):
        raise ValueError("no checksum at its end")
    if seal[len(SEAL) : -2] != _checksum(body):
        raise ValueError("checksum does not match")
    return body + b"}"


def is_sealed(line: bytes) -> bool:
    """Whether a line without its newline ends in a seal, broken or not."""
    seal = line[-LENGTH:]
    return seal.startswith(SEAL) and seal.endswith(b'"}')


def _checksum(body: bytes) -> bytes:
    return hashlib.sha256(body).hexdigest()[:16].encode()
