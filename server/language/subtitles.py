"""What Whisper, raised on subtitles, hears in silence, and how sure it is of which language."""

from __future__ import annotations

from collections.abc import Mapping

from server.core.events import Language

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
BIAS: Mapping[Language, float] = {"en": 2.05, "ko": 0.76}
OTHERWISE = 1.40
"""The constant of `server.engines.doubt` in a language, and where it is not known: Whisper is surer
of its Korean than it is right, and less sure of its English."""
