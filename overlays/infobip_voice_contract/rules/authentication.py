"""Rules about who is let in."""

import re
from typing import Final

from infobip_voice_contract import credentials
from infobip_voice_contract.judged import Judged
from infobip_voice_contract.rules.looks import (
    When,
    both,
    header,
    only,
    status,
    taken,
    valid,
)
from infobip_voice_contract.rules.rule import SEEDS, Rule, each

__all__ = ["AUTHENTICATION"]

_CHALLENGE: Final = re.compile(r"[ \t,]*[!#$%&'*+.^_`|~\w-]+(?:[ \t]+[^=,\s]|[ \t]*,|[ \t]*$)", re.ASCII)
"""The name of a scheme, and what may stand after it: parameters, the next challenge, or nothing."""


def _blameless(judged: Judged) -> bool:
    return not judged.demand.causes


def _first(judged: Judged) -> bool:
    causes = judged.demand.causes
    return judged.demand.is_refused and causes[0].kind == "no credentials" and causes[-1].status != 401


def _authorized_by(*placeholders: str) -> When:
    return lambda judged: judged.request.fields("authorization") in [[each] for each in placeholders]


def _challenges(judged: Judged) -> str:
    """Say whether there is no challenge; each begins with the name of a scheme (RFC 9110, 11.3)."""
    fields = judged.answer.fields("www-authenticate") if judged.answer is not None else []
    wrong = [field for field in fields if not _CHALLENGE.match(field)]
    if wrong:
        return f"WWW-Authenticate is `{wrong[0]}`, which names no scheme"
    return header("WWW-Authenticate")(judged)


AUTHENTICATION: Final = (
    Rule("auth.none", "authentication", "A request without credentials is refused with 401.",
         SEEDS, each(only("no credentials"), status(401))),
    Rule("auth.first", "authentication", "Who has no credentials is told so, whatever else is wrong with the request.",
         ("assumption",), each(_first, status(401))),
    Rule("auth.wrong-password", "authentication", "A wrong password is refused with 401.",
         SEEDS, each(both(only("wrong credentials"), _authorized_by(credentials.WRONG_PASSWORD)), status(401))),
    Rule("auth.unknown-user", "authentication", "An unknown user is refused with 401.",
         SEEDS, each(both(only("wrong credentials"), _authorized_by(credentials.UNKNOWN_USER)), status(401))),
    Rule("auth.wrong-key", "authentication", "An unknown API key is refused with 401.",
         ("platform-2026",), each(both(only("wrong credentials"), _authorized_by(credentials.WRONG_KEY)), status(401))),
    Rule("auth.malformed", "authentication", "Credentials that cannot be read are refused with 401.",
         ("assumption",), each(only("malformed credentials"), status(401))),
    Rule("auth.accepted", "authentication", "The account's own credentials are accepted.",
         SEEDS, each(both(valid(), _authorized_by("<account>")),
                     lambda judged: "answered 401" if judged.status == 401 else "")),
    Rule("auth.second-scheme", "authentication", "Basic credentials and an API key are accepted, either by itself.",
         ("platform-2026",), taken(both(_blameless, _authorized_by(credentials.SECOND)))),
    Rule("auth.scheme-case", "authentication", "The name of the scheme is read in any case (RFC 9110).",
         ("assumption",), taken(both(_blameless, _authorized_by(credentials.LOWER_CASE)))),
    Rule("auth.challenge", "authentication", "A 401 says with WWW-Authenticate how to authenticate.",
         ("assumption",), each(lambda judged: judged.status == 401, _challenges)),
)  # fmt: skip
