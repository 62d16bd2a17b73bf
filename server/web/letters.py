"""Links, and the mails in which they are sent."""

from __future__ import annotations

from typing import Any

from litestar import Request

from server.core.pack import Packs
from server.language.pages import written
from server.language.speech import Pack
from server.language.texts import MailName
from server.store.mails import Letter
from server.web.accepted import preferred


def sign_in_link(request: Request[Any, Any, Any], token: str) -> str:
    """Behind the #, which browsers keep to themselves: it stands in no log on the way."""
    return f"{request.url.scheme}://{request.url.netloc}/sign-in#link={token}"


def letter(
    request: Request[Any, Any, Any], packs: Packs[Pack], kind: MailName, to: str, **said: str
) -> Letter:
    """In the language of the page on which it was asked for. ``said``: what fills the slots."""
    asked = request.headers.get("accept-language", "")
    language = preferred(asked, packs.by_language, packs.otherwise)
    mail = written(packs, language, kind)
    return Letter(to, mail.subject.format(**said), mail.text.lstrip("\n").format(**said))
