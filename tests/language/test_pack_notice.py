"""What candidates are told of what is kept: of one version in every language, and filled in."""

from __future__ import annotations

from server.language.pack import shipped


def test_it_says_who_asks_what_is_kept_and_how_long() -> None:
    notices = [pack.notice for pack in shipped().by_language.values()]
    assert len({notice.version for notice in notices}) == 1
    for notice in notices:
        shorter = notice.paragraphs(None, 7, None, 20, 400)
        told = notice.paragraphs("Hanbit Data", 7, 30, 20, 1826)
        assert "Hanbit Data" in told[0]
        assert "7" in "".join(told)
        assert "AI" in told[0]
        assert notice.years.format(years=5) in "".join(told)
        assert notice.days.format(days=20) in "".join(told)
        assert notice.days.format(days=400) in "".join(shorter)
        assert "30" in told[-1]
        assert len(shorter) == len(told) - 1
        assert not any("{" in one for one in [*told, *shorter])
