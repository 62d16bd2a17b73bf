"""The kinds of background jobs and their pace: all that server and workers share about them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Kind:
    """``attempts``: so often a job is begun before it is given up. ``patience``: by how much the
    pauses between them are longer than others'. ``pauses``: in their place, each by itself."""

    name: str
    timeout_s: float
    attempts: int = 3
    patience: float = 1.0
    pauses: tuple[float, ...] = ()

    def pause(self, attempts: int) -> float:
        """After so many of them, in units of the pace's ``pause_s``."""
        if self.pauses:
            return self.pauses[min(attempts, len(self.pauses)) - 1]
        return self.patience * attempts


@dataclass(frozen=True, slots=True)
class Pace:
    """``lease_s``: how long a job stays in the hands of a worker that gives no sign of life.
    ``sweep_s``: how often the table is looked at. ``resend_s``: when a job that was sent and not
    begun is sent again. ``pause_s``: before the second attempt; twice as long before the third."""

    lease_s: float = 6.0
    sweep_s: float = 2.0
    resend_s: float = 10.0
    pause_s: float = 1.0


# Its processes are limited in CPU time; on a busy machine that may take long to use up.
PARSE_RESUME = Kind("parse_resume", timeout_s=180)
# A page takes the recogniser seconds of CPU, and others go first.
READ_SCAN = Kind("read_scan", timeout_s=1_200)
DRAW_PAGES = Kind("draw_pages", timeout_s=180)
GENERATE_QUESTIONS = Kind("generate_questions", timeout_s=60)
# A server that puts strangers off wants to be asked again minutes later: these are 25 minutes.
DELIVER_MAIL = Kind("deliver_mail", timeout_s=45, attempts=10, patience=33.0)

# As Standard Webhooks proposes: at once, then after 5 s, minutes and hours, three days in all.
DELIVER_WEBHOOK = Kind(
    "deliver_webhook",
    timeout_s=30,
    attempts=10,
    pauses=(5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 57_600, 86_400),
)

# The model has its own 45 seconds; what is not read by then is shown unread.
WRITE_REPORT = Kind("write_report", timeout_s=55)

PLANNED_QUESTIONS = 5
