"""What every OpenAI-compatible server has in common: its address, its client and its failures."""

from __future__ import annotations

import re
from urllib.parse import urlsplit, urlunsplit

import openai

from server.ports import EngineError

CONNECT_SECONDS = 5.0


def base_url(url: str) -> str:
    """The URL that the client needs, from one with or without ``/v1`` or a trailing slash."""
    scheme, host, path, query, _ = urlsplit(url.strip())
    if scheme not in {"http", "https"} or not host:
        raise EngineError("a server's URL must begin with http:// or https:// and name a host")
    path = re.sub(
        r"/(chat/completions|audio/speech|audio/transcriptions|models)$", "", path.rstrip("/")
    )
    if not re.search(r"/v\d", path):
        path += "/v1"
    return urlunsplit((scheme, host, path, query, ""))


def root_url(url: str) -> str:
    """Where a server keeps what is not of the API: ``/metrics``, ``/version``, ``/health``."""
    return re.sub(r"/v\d.*$", "", base_url(url))


def host_of(url: str) -> str:
    """Host and port for people to read, without user name and password."""
    return urlsplit(url).netloc.rpartition("@")[2]


def client_for(
    url: str, key: str | None, seconds: float, *, kept: bool = False
) -> openai.AsyncOpenAI:
    """``seconds`` without a byte end a call; whoever calls has a deadline of his own.

    Never a connection twice unless it is ``kept``: some servers drop a kept one right after a
    streamed reply, and the minute between two questions outlives most of them anyway. Never a retry
    of its own: whoever calls knows his deadline. No redirect is followed: only the server that was
    set hears what is sent.
    """
    return openai.AsyncOpenAI(
        base_url=base_url(url),
        api_key=key or "none",
        organization="",
        project="",
        max_retries=0,
        timeout=openai.Timeout(seconds, connect=CONNECT_SECONDS),
        default_headers={} if kept else {"Connection": "close"},
        http_client=openai.DefaultAsyncHttpxClient(follow_redirects=False),
    )


def passing(error: Exception) -> bool:
    """Whether asking again may help: the request itself was not at fault."""
    if isinstance(error, openai.APIStatusError):
        return error.status_code >= 500 or error.status_code in {408, 409, 429}
    return True


def not_understood(error: Exception) -> bool:
    """Whether the request holds something that the server does not know or take."""
    return isinstance(error, openai.APIStatusError) and error.status_code in {400, 415, 422}


def lists_nothing(error: Exception) -> bool:
    """Whether it is there and lists no models, as many servers of speech do."""
    return isinstance(error, openai.APIStatusError) and error.status_code in {404, 405, 501}


def gone(error: Exception) -> bool:
    """Whether nobody was there at all."""
    late = isinstance(error, openai.APITimeoutError)
    return isinstance(error, openai.APIConnectionError) and not late


def reason(error: Exception) -> str:
    """The failure in words, without the server's own, which may repeat what it was sent."""
    if isinstance(error, openai.APITimeoutError):
        return "took too long"
    if isinstance(error, openai.APIConnectionError):
        return "cannot be reached"
    if isinstance(error, openai.APIStatusError):
        return _refusal(error.status_code)
    if isinstance(error, openai.APIError):
        return "reported an error in the middle of its reply"
    return f"sent a reply that cannot be read ({type(error).__name__})"


def _refusal(status: int) -> str:
    meanings = {
        400: "refused the request as wrong",
        401: "wants another API key",
        403: "does not allow this API key",
        404: "does not know this URL or model",
        429: "is too busy",
    }
    meaning = meanings.get(status, "failed" if status >= 500 else "refused the request")
    return f"{meaning} (HTTP {status})"
