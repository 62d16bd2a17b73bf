"""What may be refused to those who read, rate, decide, share, and see what came of it."""

from __future__ import annotations

from server.web.problems import Kind

REPORT_NOT_READY = Kind(
    409, "report_not_ready", "The report of this interview is not there yet. Ask again soon."
)
COMPETENCY_UNKNOWN = Kind(
    422, "competency_unknown", "Rate what the report looks for, by the names that it has there."
)
QUOTE_NOT_FOUND = Kind(404, "quote_not_found", "The report has no such quote; read it again.")
CARD_INCOMPLETE = Kind(409, "scorecard_incomplete", "Before it can be submitted: {why}.")
COMPARISON_FEW = Kind(
    422,
    "comparison_few",
    "Name {fewest} to {most} interviews of this opening that are over.",
)
DECISION_EARLY = Kind(
    409, "decision_early", "Somebody has to rate the interview first: submit a scorecard."
)
NOT_OVER = Kind(
    409, "not_over", "This interview has not ended yet. What was said can be released once it has."
)
NOT_RELEASED = Kind(
    409,
    "not_released",
    "What was said has not been released to the candidate yet. A recruiter does that.",
)
LINE_NOT_FOUND = Kind(
    404, "line_not_found", "The interview has no such words; read what was said again."
)
LINES_BUSY = Kind(
    409,
    "lines_busy",
    "The last of it is being written down still. Nothing is lost: try again soon.",
)
DISPUTES_MANY = Kind(
    409,
    "disputes_many",
    "So many lines of one interview cannot be disputed. Ask a person to look at it again.",
)
NOTE_EMPTY = Kind(422, "note_empty", "Write something, or mark a second of the interview.")
NOTE_NOT_YOURS = Kind(409, "note_not_yours", "Only whoever made a note removes it.")

SHARED_ONLY = Kind(
    403, "shared_only", "Only whoever has a link to this interview may do this: open the link."
)
SHARE_NOT_FOUND = Kind(404, "share_not_found", "There is no such link to this interview.")
SHARES_MANY = Kind(
    409, "shares_many", "There are {most} open links to this interview. Revoke one of them first."
)
CARDS_FIRST = Kind(
    409, "cards_first", "Submit your own scorecard before you share what others wrote."
)
