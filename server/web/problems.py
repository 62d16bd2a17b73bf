"""Every way a request is refused: RFC 9457 problem details with a stable code."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from itertools import groupby
from typing import Any

from litestar.openapi.datastructures import ResponseSpec
from litestar.openapi.spec import Example

PROBLEM_JSON = "application/problem+json"


@dataclass(frozen=True, slots=True)
class ProblemDetails:
    """``detail`` says what is wrong and what to do; ``code`` is stable."""

    type: str
    title: str
    status: int
    detail: str
    code: str


@dataclass(frozen=True, slots=True)
class Kind:
    """``detail`` may have fields in braces; one of ``other_codes`` stands in for ``code`` where the
    cause is known more closely."""

    status: int
    code: str
    detail: str
    other_codes: tuple[str, ...] = ()


class Problem(Exception):
    """Refuse a request. ``said`` fills the fields of the kind's detail."""

    def __init__(
        self,
        kind: Kind,
        *,
        code: str | None = None,
        headers: Mapping[str, str] | None = None,
        **said: object,
    ) -> None:
        super().__init__(code or kind.code)
        self.headers = headers
        self.details = details(kind.status, code or kind.code, kind.detail.format(**said))


def details(status: int, code: str, detail: str) -> ProblemDetails:
    title = HTTPStatus(status).phrase
    return ProblemDetails(f"urn:viva:problem:{code}", title, status, detail, code)


def documented(kinds: Iterable[Kind]) -> dict[int, ResponseSpec]:
    """What OpenAPI says of a handler that may answer with these kinds: a response per status."""
    ordered = sorted(kinds, key=lambda kind: (kind.status, kind.code))
    return {
        status: _response(list(same)) for status, same in groupby(ordered, lambda kind: kind.status)
    }


def _response(kinds: Iterable[Kind]) -> ResponseSpec:
    codes = {code: kind for kind in kinds for code in (kind.code, *kind.other_codes)}
    return ResponseSpec(
        ProblemDetails,
        generate_examples=False,
        description=", ".join(f"`{code}`" for code in codes),
        media_type=PROBLEM_JSON,
        examples=[_example(code, kind) for code, kind in codes.items()],
    )


def _example(code: str, kind: Kind) -> Example:
    value: Any = details(kind.status, code, kind.detail)
    return Example(summary=code, value=value)


# Of any request.
INVALID_REQUEST = Kind(
    400,
    "invalid_request",
    "The request cannot be understood; see /schema/openapi.json for what is expected.",
)
CROSS_ORIGIN = Kind(
    403, "cross_origin", "Open this server's own page; other sites may not call it."
)
REQUEST_TIMEOUT = Kind(
    408, "request_timeout", "The request did not come whole in time. Send it again, all of it."
)
TOO_MANY_CONNECTIONS = Kind(
    429,
    "too_many_connections",
    "Too many connections come from your address. Close some, or try again in a moment.",
)
NOT_THIS_WAY = Kind(
    405, "method_not_allowed", "This address is not used so: the header Allow says how it is."
)
NOT_FOUND = Kind(404, "not_found", "There is nothing at this address.")
TOO_LARGE = Kind(413, "too_large", "The request is larger than this server accepts.")
WRONG_HOST = Kind(421, "wrong_host", "This server answers on its own address only.")
INTERNAL_ERROR = Kind(500, "internal_error", "Something broke on our side; try again.")
INVALID_CURSOR = Kind(
    422, "invalid_cursor", "Send the `next_cursor` of this list as it was answered, or none."
)
KEY_REUSED = Kind(
    422,
    "idempotency_key_reused",
    "This Idempotency-Key was sent with another request. Take a new key for a new request.",
)
KEY_IN_USE = Kind(
    409,
    "idempotency_key_in_use",
    "The first request with this Idempotency-Key is still being worked on. Send it again soon.",
)

# Who may call.
INTERVIEWER_ONLY = Kind(
    403,
    "interviewer_only",
    "Only an interviewer may {may}: open the interviewer's address that viva printed.",
)
NOT_ALLOWED = Kind(
    403,
    "not_allowed",
    "Your account or key does not let you {may}. Ask an administrator of your organisation.",
)
CODES_FIRST = Kind(
    403,
    "codes_first",
    "Your organisation asks for one-time codes. Set them up under your account, then try again.",
)
NOT_SIGNED_IN = Kind(
    401, "not_signed_in", "Sign in at /sign-in, or send a key that is still valid, then try again."
)
NOT_OUR_PAGE = Kind(
    403,
    "not_our_page",
    "Load the page again. To change something, send what GET /v1/session tells as X-CSRF-Token.",
)
MEMBER_ONLY = Kind(
    403, "member_only", "This is about one's own account: sign in at /sign-in with an account."
)
CANDIDATE_ONLY = Kind(
    403, "candidate_only", "Only the candidate decides this: send the interview's token."
)

# Résumés.
EMPTY_FILE = Kind(422, "empty_file", "The file is empty. Choose the résumé's PDF again.")
FILE_TOO_LARGE = Kind(
    413, "too_large", "The file is larger than {limit} MiB. Choose a smaller PDF."
)
NOT_A_PDF = Kind(
    415,
    "not_a_pdf",
    "This file is neither a PDF, a Word file (DOCX) nor a picture (JPEG, PNG, HEIC). Save the "
    "résumé as a PDF and upload that.",
)
NO_PICTURES = Kind(
    415,
    "no_pictures",
    "Pictures of text cannot be read here. Save the résumé as a PDF from where it was written.",
)
FILE_INFECTED = Kind(
    422,
    "file_infected",
    "The scanner found something harmful in this file. Save the résumé as a new PDF and upload "
    "that.",
)
SCANNER_AWAY = Kind(
    503, "scanner_away", "Files cannot be looked through right now. Try again in a few minutes."
)
QUOTA_REACHED = Kind(
    429,
    "quota_reached",
    "As many résumés were added as may be in a day. Nothing is lost: try again tomorrow, or ask an "
    "administrator of the organisation.",
)
LEAVING = Kind(
    503, "leaving", "This server is being restarted. Nothing is lost: try again in a moment."
)
RESUME_NOT_FOUND = Kind(404, "resume_not_found", "There is no such résumé. Upload it first.")
PAGE_NOT_FOUND = Kind(404, "page_not_found", "There is no picture of this page.")
RESUME_FAILED = Kind(
    422,
    "resume_failed",
    "The résumé could not be used: {why}",
    (
        "encrypted", "unreadable", "no_pages", "needs_ocr", "too_many_pages", "took_too_long",
        "too_much_memory",
    ),
)  # fmt: skip
RESUME_NOT_READY = Kind(
    409,
    "resume_not_ready",
    "The résumé is still being read. Ask GET /resumes/{resume_id} until its status is ready.",
)
RESUME_NOT_READ = Kind(
    409, "resume_not_ready", "Only a résumé that has been read can be corrected."
)
RESUME_USED = Kind(409, "resume_used", "An interview was made from this résumé; it stays as it is.")
NAME_MISSING = Kind(422, "name_missing", "Say who corrects: put your name in `by`.")
VALUE_TOO_LONG = Kind(422, "value_too_long", "At most {longest} characters, please.")
NO_ROLE_IS_NULL = Kind(
    422, "no_role_is_null", "To say that no role is stated, leave the field empty."
)

# Interviews.
SERVER_FULL = Kind(
    503,
    "server_full",
    "As many interviews run here as this server bears, and none of them is to be slowed down. "
    "Nothing is lost, and links stay valid: try again in {seconds} s.",
)
INTERVIEW_NOT_FOUND = Kind(404, "interview_not_found", "There is no such interview.")
INTERVIEW_ENDED = Kind(409, "interview_ended", "This interview has ended; nothing is recorded now.")
CALLS_AWAY = Kind(
    503,
    "calls_away",
    "No calls over WebRTC are held here just now. Connect by WebSocket, which is always taken; "
    "whoever runs the server can set VIVA_RTC.",
)
CALL_NOT_FOUND = Kind(404, "call_not_found", "There is no such call, or it is long over.")
OFFER_REFUSED = Kind(422, "offer_refused", "This offer cannot be answered: {why}.")
INTERVIEW_UNNAMED = Kind(
    422, "interview_unnamed", "Say which interview the secret is for: put its `interview_id` there."
)
SESSION_INVALID = Kind(422, "session_invalid", "This session cannot be: {why}.")
SECRETS_MANY = Kind(
    409,
    "client_secrets_many",
    "Use one of the {most} secrets of this interview that wait, or wait until they expire.",
)
INTERVIEW_OVER = Kind(
    409, "interview_over", "This interview has ended; there is nothing to step into any more."
)
STEP_EMPTY = Kind(
    422, "step_empty", "Say what is to be asked, shown or changed: this step is nothing without it."
)
ON_HOLD = Kind(
    409,
    "on_hold",
    "This is kept for a legal matter and cannot be deleted until that is over. Ask those who hold "
    "the interview; nothing was deleted.",
)
HOLD_NOT_FOUND = Kind(404, "hold_not_found", "There is no such legal hold.")
RECEIPT_FORGED = Kind(
    422, "receipt_forged", "This is no receipt of this server: {why}. Send all of it, unchanged."
)
RECORDING_OFF = Kind(409, "recording_off", "This server records nothing; no consent is needed.")
NOT_RECORDED = Kind(404, "not_recorded", "There is no recording of this answer.")
OUT_OF_RANGE = Kind(
    416, "out_of_range", "The recording has {size} bytes; ask for a range within them."
)

# Openings and invitations.
OPENING_NOT_FOUND = Kind(404, "opening_not_found", "There is no such opening.")
OPENING_INVITED = Kind(
    409, "opening_invited", "Somebody was invited to this opening. Close it instead."
)
OPENING_CLOSED = Kind(
    409,
    "opening_closed",
    "This opening is closed or past its deadline. Open it again, or extend it.",
)
INVITATION_NOT_FOUND = Kind(404, "invitation_not_found", "There is no such invitation.")
INVITATIONS_NONE = Kind(422, "invitations_none", "Name one person at least.")
INVITATIONS_MANY = Kind(
    422,
    "invitations_many",
    "At most {most} people at once, and 20,000 in an hour. Send some later.",
)
ALREADY_INVITED = Kind(
    409,
    "already_invited",
    "Nobody was invited: some are invited already, or named twice{places}. Leave them out.",
)
INVITATION_RESUME = Kind(
    422, "invitation_resume", "There is no such résumé{places}. Nothing was done."
)
INVITATION_PAST = Kind(422, "invitation_past", "Name a time that is to come, within a year.")
LINKS_MANY = Kind(
    429,
    "links_many",
    "This invitation had many new links within an hour. Try again in {minutes} min.",
)
WISH_ANSWERED = Kind(409, "wish_answered", "Nobody asks for another date, or it was answered.")
INVITED_ONLY = Kind(
    403, "invited_only", "Only whoever was invited may do this: open the link of the invitation."
)
INVITATION_OVER = Kind(
    410,
    "invitation_expired",
    "This link leads nowhere any more. Ask who invited you.",
    ("invitation_closed", "invitation_revoked", "invitation_replaced"),
)
INTERVIEW_BEGUN = Kind(
    409, "interview_begun", "The interview was created; what it rests on stays as it is."
)
INTERVIEW_STARTED = Kind(
    409, "interview_started", "The interview has begun; its language stays. Just speak in another."
)
LANGUAGE_NOT_OFFERED = Kind(
    422, "language_not_offered", "The interview is held in one of these: {languages}."
)
RESUME_ATTACHED = Kind(
    409, "resume_attached", "Who invited you gave your résumé. Ask them to change it."
)
RESUME_NEEDED = Kind(
    409, "resume_needed", "The résumé is not here yet, or is still being read. Ask again soon."
)
TOO_MANY_DISPUTES = Kind(
    409, "too_many_disputes", "Enough was said of this résumé here. Tell whoever invited you."
)
ADDRESS_TAKEN = Kind(
    409, "address_taken", "Somebody else with this e-mail address is invited. Check it."
)


DECLARED_EARLY = Kind(
    409, "declared_early", "This is asked after the interview, and nothing of it before its end."
)

# Webhooks.
WEBHOOK_NOT_FOUND = Kind(404, "webhook_not_found", "There is no such webhook.")
DELIVERY_NOT_FOUND = Kind(
    404, "delivery_not_found", "There is no such delivery, or it is longer than a month ago."
)
WEBHOOK_URL = Kind(422, "webhook_url", "This is no address for a webhook: {fault}.")
WEBHOOKS_MANY = Kind(
    409, "webhooks_many", "An organisation has {most} webhooks at most. Remove one first."
)

# Templates.
TEMPLATE_NOT_FOUND = Kind(404, "template_not_found", "There is no such interview template.")
TEMPLATE_NAME_TAKEN = Kind(409, "template_name_taken", "Another template has this name.")
TEMPLATE_DEFAULT = Kind(409, "template_default", "Make another template the default one first.")
TEMPLATE_FAULTY = Kind(
    422,
    "template_name",
    "{faults}",
    (
        "template_languages", "template_minutes", "template_pace", "template_follow_ups",
        "template_stages", "template_questions", "question_length", "question_language",
        "question_rubric", "question_forbidden", "question_twice", "company_facts",
        "company_topic", "company_length", "company_language",
    ),
)  # fmt: skip

# An organisation's own wording.
LANGUAGE_NOT_FOUND = Kind(404, "language_not_found", "There is no pack for this language.")
WORDING_FAULTY = Kind(
    422,
    "wording_faulty",
    "Nothing was changed. {faults}",
    (
        "wording_empty", "wording_slot", "wording_lines", "wording_quoted", "wording_several",
        "wording_sentences", "wording_long", "wording_particle", "wording_twice",
        "wording_private", "wording_unknown",
    ),
)  # fmt: skip
WORDING_FILE = Kind(422, "wording_file", "This is no file of a wording: {why} Nothing was changed.")
VERSION_NOT_FOUND = Kind(404, "version_not_found", "There is no such version of the wording.")
