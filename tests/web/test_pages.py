"""The pages come with their words, in the language that the browser asks for."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from server.assets import share
from server.language.pack import shipped
from server.web import pages
from server.web.accepted import preferred
from tests.live import Viva

pytestmark = pytest.mark.viva(worker=False)


@pytest.mark.parametrize(
    ("asked", "language"),
    [
        ("ko-KR,ko;q=0.9,en-US;q=0.8", "ko"),
        ("fr,en;q=0.3,ko;q=0.6", "ko"),
        ("fr-FR", "en"),
        ("ko;q=0, en", "en"),
        ("ko;q=high", "en"),
        ("", "en"),
    ],
)
def test_the_browser_chooses_among_the_packs(asked: str, language: str) -> None:
    packs = shipped()
    assert preferred(asked, packs.by_language, packs.otherwise) == language


def given(html: str) -> Any:
    found = re.search(r'<script type="application/json" id="texts">(.*?)</script>', html)
    assert found is not None
    return json.loads(found[1])


@pytest.mark.parametrize("path", ["/", "/interviewer", "/interviewer/templates"])
async def test_a_page_comes_with_its_words(viva: Viva, path: str) -> None:
    page = await viva.http.get(path, headers={"accept-language": "ko"})
    assert '<html lang="ko"' in page.text
    assert str(shipped().of("ko").pages["noscript"]) in page.text
    sent = given(page.text)
    assert sent["strings"]["skip"] == shipped().of("ko").pages["skip"]
    assert sent["languages"]["ko"]["name"] == "한국어"
    assert page.headers["vary"] == "accept-language, accept-encoding"
    again = await viva.http.get(
        path, headers={"accept-language": "ko", "if-none-match": page.headers["etag"]}
    )
    assert (again.status_code, again.content) == (304, b"")
    other = await viva.http.get(path, headers={"accept-language": "en"})
    assert other.headers["etag"] != page.headers["etag"]


async def test_the_words_of_the_other_language_are_kept_by_who_asked_once(viva: Viva) -> None:
    sent = given((await viva.http.get("/", headers={"accept-language": "ko"})).text)
    texts = await viva.http.get(sent["languages"]["en"]["texts"])
    assert texts.json()["retry"] == "Try again"
    assert "immutable" in texts.headers["cache-control"]
    gone = await viva.http.get("/texts/en-0000000000000000.json")
    assert (gone.status_code, gone.json()["code"]) == (404, "not_found")


def test_what_all_pages_share_is_written_once() -> None:
    folder = share("static")
    for name in pages.PAGES.values():
        page = pages.whole(folder, name)
        assert not pages.PART.search(page), name
        assert page.count('charset="utf-8"') == page.count('id="language-switch"') == 1, name
        own = (folder / name).read_text("utf-8")
        assert 'charset="utf-8"' not in own, name
