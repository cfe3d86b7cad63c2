"""What answers questions: an engine behind HTTP, or anything else with the same two members."""

from __future__ import annotations

import http.client
import json
import socket
import ssl
import threading
import time
from collections.abc import Mapping
from typing import Any, Protocol
from urllib.parse import urlsplit

from ._failure import EngineFailure

_CHUNK_BYTES = 64 * 1024


class Engine(Protocol):
    """`quote` gives the quote, or raises: an `EngineFailure` where it can say why. It gives up at `deadline`, a `time.monotonic()`."""

    name: str

    def quote(self, consignment: Mapping[str, Any], deadline: float) -> Any: ...


class OfflineEngine(Engine, Protocol):
    """An engine in this process, whose data were taken some days ago."""

    data_age_days: int


class HttpEngine:
    """The engine behind `tidewaiter serve`."""

    def __init__(
        self,
        url: str,
        *,
        key: str | None = None,
        name: str | None = None,
        max_answer_bytes: int = 8 * 1024 * 1024,
        context: ssl.SSLContext | None = None,
    ) -> None:
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise TypeError(f"url: {url} is neither http nor https")
        self.name = name or parts.netloc
        self._secure = parts.scheme == "https"
        self._host, self._port = parts.hostname, parts.port
        self._path = parts.path.rstrip("/") + "/v1/quotes"
        self._most = max_answer_bytes
        self._context = (context or ssl.create_default_context()) if self._secure else None
        self._headers = {"content-type": "application/json", "accept": "application/json"}
        if key is not None:
            self._headers["authorization"] = f"Bearer {key}"

    def quote(self, consignment: Mapping[str, Any], deadline: float) -> Any:
        body = json.dumps(consignment, ensure_ascii=True, separators=(",", ":")).encode()
        left = deadline - time.monotonic()
        if left <= 0:
            raise EngineFailure("timeout")
        connection: http.client.HTTPConnection
        if self._secure:
            connection = http.client.HTTPSConnection(self._host, self._port, timeout=left, context=self._context)
        else:
            connection = http.client.HTTPConnection(self._host, self._port, timeout=left)
        # The time limit of a socket is for one read; what drips would never meet it. This closes the whole call.
        over = threading.Event()
        # By itself: the connection lets go of its socket where the answer is the last one on it.
        sockets: list[socket.socket] = []
        watch = threading.Timer(left, _shut, (sockets, over))
        watch.daemon = True
        watch.start()
        try:
            connection.connect()
            sockets.append(connection.sock)
            return self._answer(connection, body)
        except EngineFailure:
            if over.is_set():
                raise EngineFailure("timeout") from None
            raise
        except (OSError, http.client.HTTPException, ValueError, AttributeError) as error:
            if over.is_set() or isinstance(error, TimeoutError):
                raise EngineFailure("timeout") from error
            raise EngineFailure("unreachable", f"{type(error).__name__}: {error}") from error
        finally:
            watch.cancel()
            connection.close()
            _shut(sockets)

    def _answer(self, connection: http.client.HTTPConnection, body: bytes) -> Any:
        connection.request("POST", self._path, body, self._headers)
        with connection.getresponse() as response:
            # A redirect is refused: the key and the basket go to nobody but the address that was configured.
            if response.status not in (200, 422):
                raise EngineFailure(f"http {response.status}")
            document = _read(self._bounded(response))
        if response.status == 422:
            raise EngineFailure("question", "the question is wrong", _problems(document))
        return document

    def _bounded(self, response: http.client.HTTPResponse) -> bytes:
        """The body, of which no more is read than may come: an answer without end must not fill the memory of the shop."""
        chunks: list[bytes] = []
        length = response.length or 0
        if length <= self._most:
            length = 0
            while chunk := response.read(_CHUNK_BYTES):
                length += len(chunk)
                if length > self._most:
                    break
                chunks.append(chunk)
        if length > self._most:
            raise EngineFailure("bad answer", f"the answer is longer than {self._most} bytes")
        if response.length:
            raise http.client.IncompleteRead(b"".join(chunks), response.length)
        return b"".join(chunks)


def _shut(sockets: list[socket.socket], over: threading.Event | None = None) -> None:
    if over is not None:
        over.set()
    for one in sockets:
        try:
            one.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass  # closed already
        if over is None:
            one.close()


def _read(body: bytes) -> Any:
    try:
        return json.loads(body.decode(), parse_float=_no_fraction, parse_constant=_no_fraction)
    except (ValueError, RecursionError) as error:
        raise EngineFailure("bad answer", "the answer is no JSON") from error


def _no_fraction(text: str) -> Any:
    raise ValueError(f"the number {text} in an answer is a fraction; amounts are strings")


def _problems(document: Any) -> list[Any]:
    errors = document.get("errors") if isinstance(document, dict) else None
    if not isinstance(errors, list):
        return []
    return [{name: str(one.get(name, "")) for name in ("field", "value", "message")} for one in errors if isinstance(one, dict)]
