"""What the pages load."""

from __future__ import annotations

import re
from pathlib import Path

from server.assets import share
from server.language.pack import shipped
from server.web import pages
from server.web.loaded import Loaded, allowed
from server.web.packed import Packed

STATIC = share("static")
MOST = 60_000
"""Bytes that a candidate's page may take on the wire, with all it loads."""


def test_a_page_has_its_script_and_styles_and_loads_what_never_changes() -> None:
    loaded = Loaded(STATIC)
    for name in pages.PAGES.values():
        html = loaded.named(pages.whole(STATIC, name))
        assert html.count('<script type="module">') == 1, name
        assert '<link rel="stylesheet"' not in html, name
        assert [len(one.split()) for one in allowed(html.encode())] == [1, 1], name
        assert "/static/" not in html, name
        for file in re.findall(r'"/loaded/([^"]+)"', html):
            assert b'"/static/' not in loaded.files[file].plain, file
    kinds = {file.rpartition(".")[2] for file in loaded.files}
    assert kinds == {"js", "svg"}
    assert {"capture", "playback", "line"} <= {file.rpartition("-")[0] for file in loaded.files}


def test_the_sheets_stand_in_the_order_of_the_page(tmp_path: Path) -> None:
    (tmp_path / "css").mkdir()
    for name in ("first", "second"):
        (tmp_path / "css" / f"{name}.css").write_text(f".{name} {{}}\n")
    link = '<link rel="stylesheet" href="/static/css/{}.css">\n'
    loaded = Loaded(tmp_path)
    html = loaded.named(link.format("first") + "<title>viva</title>\n" + link.format("second"))
    assert html == "<style>\n.first {}\n.second {}\n</style>\n<title>viva</title>\n"


def test_what_a_page_says_and_does_comes_after_what_it_shows() -> None:
    html = Loaded(STATIC).named(pages.whole(STATIC, "index.html"))
    places = [html.index(one) for one in ("</style>", "</main>", 'id="texts"', '"module">')]
    assert places == sorted(places)
    assert html.endswith("</script>\n</body>\n</html>\n")


def test_a_script_does_not_end_the_page_it_stands_in(tmp_path: Path) -> None:
    (tmp_path / "js").mkdir()
    (tmp_path / "js" / "first.js").write_text('const html = "</script><!-- x";\n')
    html = Loaded(tmp_path).named('<script type="module" src="/static/js/first.js"></script>')
    assert html.count("</script>") == 1
    assert "<!--" not in html
    assert r"\x3c/script>\x3c!-- x" in html


def test_the_candidates_pages_are_small() -> None:
    packs = shipped()
    said, loaded = pages.Texts(packs), Loaded(STATIC)
    for name in ("index.html", "invitation.html"):
        html = loaded.named(pages.whole(STATIC, name))
        at_once = re.findall(r'(?:href|src)="/loaded/([^"]+)"', html)
        files = [loaded.files[file] for file in at_once]
        groups = loaded.groups(html)
        for language in packs.by_language:
            page = Packed(said.filled(html, language, groups), "text/html")
            assert len(page.br) + sum(len(file.br) for file in files) < MOST, (name, language)
