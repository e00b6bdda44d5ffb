"""Tracking servers that do harm: one that refuses, one that never answers, some that answer nonsense."""

import socket
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager


def _http(status: str, kind: str, content: str) -> bytes:
    head = f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {len(content)}\r\nConnection: close\r\n"
    return f"{head}Location: /again\r\n\r\n{content}".encode()


ANSWERS = {
    "an error": _http("500 Internal Server Error", "text/plain", "sick"),
    "a page": _http("200 OK", "text/html", "<html>Hi</html>"),
    "half of JSON": _http("200 OK", "application/json", '{"runs":['),
    "other JSON": _http("200 OK", "application/json", "[]"),
    "itself": _http("302 Found", "text/plain", ""),
    "no HTTP": b"220 mail.example.org ESMTP\r\n",
    "nothing": b"",
}
FAULTS = ("refused", "silent", *ANSWERS)


@contextmanager
def server(fault: str) -> Iterator[str]:
    """The address of a server that does that; nothing at all listens there for `refused`."""
    with closing(socket.create_server(("127.0.0.1", 0))) as listening:
        address = f"http://127.0.0.1:{listening.getsockname()[1]}"
        if fault == "refused":
            listening.close()
        else:
            threading.Thread(target=_serve, args=(listening, ANSWERS.get(fault)), daemon=True).start()
        yield address


def _serve(listening: socket.socket, answer: bytes | None) -> None:
    """Accept everybody and answer all alike; without an answer, keep them waiting."""
    kept = []
    while True:
        try:
            connection, _ = listening.accept()
        except OSError:
            return
        if answer is None:
            kept.append(connection)
            continue
        with connection:
            try:
                connection.recv(65536)
                connection.sendall(answer)
            except OSError:
                continue
