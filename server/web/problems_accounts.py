"""What may be refused where people sign in, and look after members, keys and their organisation."""

from __future__ import annotations

from server.web.problems import Kind

WRONG_CREDENTIALS = Kind(
    401,
    "wrong_credentials",
    "Address, password or code is not right. An administrator can make a link for a new password.",
)
CODE_NEEDED = Kind(401, "code_needed", "Send the code that the authenticator app shows too.")
CODES_UNREADABLE = Kind(
    409,
    "codes_unreadable",
    "Your one-time codes cannot be checked: this server lost the key they are kept under. An "
    "administrator can put the key back, or take the codes from your account.",
)
TOO_MANY_ATTEMPTS = Kind(
    429, "too_many_attempts", "That was tried too often. Try again in {minutes} min."
)
ADDRESS_MANY = Kind(
    429,
    "address_many",
    "Too many {what} came from your address within an hour. Nothing is lost: try again in "
    "{minutes} min.",
)
LINK_UNKNOWN = Kind(
    404, "link_unknown", "This link opens nothing: a newer one took its place. Ask for another."
)
LINK_OVER = Kind(410, "link_over", "This link was used or has expired. Ask for another.")
PASSWORD_NEEDED = Kind(422, "password_needed", "Send the password that is to be yours.")
PASSWORD_EASY = Kind(
    422,
    "password_easy",
    "This password is easily guessed. Take at least 12 characters, best a few unrelated words.",
)
SESSION_NOT_FOUND = Kind(404, "session_not_found", "There is no such session of yours.")
MEMBER_NOT_FOUND = Kind(
    404, "member_not_found", "There is no such member, or no address of theirs."
)
MEMBER_THERE = Kind(409, "member_there", "Somebody with this address is a member already.")
LAST_ADMIN = Kind(409, "last_admin", "Make somebody else an administrator first.")
NO_PROVIDER = Kind(409, "no_provider", "This server knows no other way in than a password.")
PROVIDER_AWAY = Kind(
    502, "provider_away", "The sign-in service does not answer. Try again, or use your password."
)
NOT_VOUCHED = Kind(
    401, "not_vouched", "The sign-in could not be confirmed. Begin again from the sign-in page."
)
ADDRESS_NOT_VERIFIED = Kind(
    403,
    "address_not_verified",
    "The sign-in service has not verified your e-mail address. Have that done there first.",
)
NO_ACCOUNT = Kind(
    403, "no_account", "Nobody here has this address. Ask an administrator to invite you."
)
ORGANISATION_NAME = Kind(
    422,
    "organisation_name",
    "Nothing was deleted: send the name of the organisation as it is written.",
)
ORGANISATION_LOCAL = Kind(
    409,
    "organisation_local",
    "This is the server's own organisation, which stays. Delete its people, or the server itself.",
)
DOMAIN_TAKEN = Kind(
    409, "domain_taken", "Another organisation on this server takes in that domain already."
)
NO_MAIL_SERVER = Kind(
    409,
    "no_mail_server",
    "This server sends no mail. Whoever runs it can set VIVA_SMTP_URL; until then hand links on.",
)
NO_ADDRESS = Kind(409, "no_address", "Your account has no e-mail address to send a mail to.")
MAIL_NOT_FOUND = Kind(404, "mail_not_found", "There is no such mail, or it is long ago.")
KEY_NOT_FOUND = Kind(404, "key_not_found", "There is no such key.")
