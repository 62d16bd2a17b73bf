"""Who may call, and what each of them may do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Final, Literal, get_args
from uuid import UUID

from server.store.client_secrets import ClientSecret
from server.store.interviews import StoredInterview
from server.store.invitations import StoredInvitation
from server.store.scope import LOCAL
from server.store.shares import Share

Role = Literal["admin", "recruiter", "interviewer", "viewer"]
Right = Literal[
    "see", "prepare", "correct", "listen", "step_in", "delete", "plan", "rate", "measure", "manage"
]  # fmt: skip
"""``see`` résumés, openings and interviews, also live; ``prepare`` interviews: upload, create;
``correct`` what was read; ``listen`` to recordings, and to an interview that runs; ``step_in`` to
one; ``delete`` recordings and people; ``plan``: templates, openings, invitations; ``rate``
interviews: scorecards and notes; ``measure``: the server's figures; ``manage`` members and keys."""

Rights = frozenset[Right]

ALL: Final[Rights] = frozenset(get_args(Right))
SCOPES: Final[Rights] = ALL - {"manage", "rate"}
"""What an API key can be given: none makes further keys or members, and no program rates people."""

OF_ROLE: Final[dict[Role, Rights]] = {
    "admin": ALL,
    "recruiter": frozenset(
        {"see", "prepare", "correct", "listen", "step_in", "delete", "plan", "rate"}
    ),
    "interviewer": frozenset({"see", "prepare", "listen", "step_in", "rate"}),
    "viewer": frozenset({"see"}),
}
OPEN: Final[Rights] = frozenset({"see", "prepare", "measure", "step_in"})


@dataclass(frozen=True, slots=True)
class Candidate:
    """Of one interview, by its token or by the link of an invitation. What they may is said route
    by route; no right is theirs."""

    interview: StoredInterview
    invitation: StoredInvitation | None = None
    rights: ClassVar[Rights] = frozenset()

    @property
    def organisation(self) -> UUID:
        return self.interview.organisation_id

    @property
    def name(self) -> str:
        return f"candidate {self.interview.id}"


@dataclass(frozen=True, slots=True)
class SecretBearer:
    """A browser with a client secret: it may connect to the interview as its candidate, once, and
    nothing else."""

    interview: StoredInterview
    secret: ClientSecret
    rights: ClassVar[Rights] = frozenset()

    @property
    def organisation(self) -> UUID:
        return self.interview.organisation_id

    @property
    def name(self) -> str:
        return f"client secret {self.secret.id}"


@dataclass(frozen=True, slots=True)
class Guest:
    """Came by the link of an invitation that leads to no interview: not yet, or not any more."""

    invitation: StoredInvitation
    rights: ClassVar[Rights] = frozenset()

    @property
    def organisation(self) -> UUID:
        return self.invitation.organisation_id

    @property
    def name(self) -> str:
        return f"guest {self.invitation.id}"


@dataclass(frozen=True, slots=True)
class Colleague:
    """Came by a link that shares one interview. No right is theirs but to read what it shares."""

    share: Share
    rights: ClassVar[Rights] = frozenset()

    @property
    def organisation(self) -> UUID:
        return self.share.organisation_id

    @property
    def name(self) -> str:
        return f"share {self.share.id}"


@dataclass(frozen=True, slots=True)
class Member:
    """A user who signed in. ``csrf``: what our pages send along with what changes something.
    ``codes_missing``: their organisation requires one-time codes; until they have set them they
    may do nothing but that."""

    user_id: UUID
    organisation: UUID
    role: Role
    session_id: UUID
    csrf: str
    codes_missing: bool = False

    @property
    def rights(self) -> Rights:
        return frozenset() if self.codes_missing else OF_ROLE[self.role]

    @property
    def name(self) -> str:
        return f"user {self.user_id}"


@dataclass(frozen=True, slots=True)
class KeyBearer:
    """A program with an API key."""

    key_id: UUID
    organisation: UUID
    rights: Rights

    @property
    def name(self) -> str:
        return f"key {self.key_id}"


@dataclass(frozen=True, slots=True)
class Interviewer:
    """Has the key of this installation, VIVA_INTERVIEWER_KEY."""

    organisation: ClassVar[UUID] = LOCAL
    rights: ClassVar[Rights] = SCOPES | {"rate"}
    name: ClassVar[str] = "interviewer"


@dataclass(frozen=True, slots=True)
class Anybody:
    """Whoever reaches a viva that nobody has an account at yet, which only this machine can."""

    organisation: ClassVar[UUID] = LOCAL
    rights: ClassVar[Rights] = OPEN
    name: ClassVar[str] = "anybody"


@dataclass(frozen=True, slots=True)
class Stranger:
    """Showed nothing that is known here."""

    organisation: ClassVar[None] = None
    rights: ClassVar[Rights] = frozenset()
    name: ClassVar[str] = "stranger"


Principal = (
    Candidate
    | SecretBearer
    | Guest
    | Colleague
    | Member
    | KeyBearer
    | Interviewer
    | Anybody
    | Stranger
)
