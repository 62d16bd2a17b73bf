"""What the pages load."""

from __future__ import annotations

import re
from pathlib import Path

from server.assets import share
from server.language.pack import shipped
from server.web import pages
from server.web.loaded import Loaded
from server.web.packed import Packed

STATIC = share("static")
MOST = 60_000
"""Bytes that a candidate's page may take on the wire, with all it loads."""


def test_a_page_loads_one_script_and_one_sheet_that_never_change_under_their_address() -> None:
    loaded = Loaded(STATIC)
    for name in pages.PAGES.values():
        html = loaded.named(pages.whole(STATIC, name))
        assert html.count('<link rel="stylesheet"') == html.count("<script type=") - 1 == 1, name
        assert "/static/" not in html, name
        for file in re.findall(r'"/loaded/([^"]+)"', html):
            assert b'"/static/' not in loaded.files[file].plain, file
    kinds = {file.rpartition(".")[2] for file in loaded.files}
    assert kinds == {"js", "css", "svg"}
    assert {"capture", "playback", "line"} <= {file.rpartition("-")[0] for file in loaded.files}


def test_the_sheets_stand_in_the_order_of_the_page(tmp_path: Path) -> None:
    (tmp_path / "css").mkdir()
    for name in ("first", "second"):
        (tmp_path / "css" / f"{name}.css").write_text(f".{name} {{}}\n")
    link = '<link rel="stylesheet" href="/static/css/{}.css">\n'
    loaded = Loaded(tmp_path)
    html = loaded.named(link.format("first") + "<title>viva</title>\n" + link.format("second"))
    (file,) = loaded.files
    assert html == f'<link rel="stylesheet" href="/loaded/{file}">\n<title>viva</title>\n'
    assert loaded.files[file].plain == b".first {}\n.second {}\n"
    (tmp_path / "css" / "second.css").write_text(".second { color: red; }\n")
    assert Loaded(tmp_path).named(link.format("first") + link.format("second")) not in html


def test_the_candidates_pages_are_small() -> None:
    packs = shipped()
    said, loaded = pages.Texts(packs), Loaded(STATIC)
    for name in ("index.html", "invitation.html"):
        html = loaded.named(pages.whole(STATIC, name))
        files = [loaded.files[file] for file in re.findall(r'"/loaded/([^"]+)"', html)]
        groups = loaded.groups(html)
        for language in packs.by_language:
            page = Packed(said.filled(html, language, groups), "text/html")
            assert len(page.br) + sum(len(file.br) for file in files) < MOST, (name, language)
