"""What Whisper, raised on subtitles, hears in silence."""

from __future__ import annotations

CREDITS = frozenset(
    {
        "시청해주셔서감사합니다",
        "시청해주셔서고맙습니다",
        "구독과좋아요부탁드립니다",
        "다음영상에서만나요",
        "thanksforwatching",
        "thankyouforwatching",
        "pleasesubscribe",
        "subtitlesbytheamaraorgcommunity",
    }
)
"""As letters only; as a whole answer nobody says it."""
STATIONS = ("mbc뉴스",)
"""How a longer one begins."""
