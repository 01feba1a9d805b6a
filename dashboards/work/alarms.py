"""Alarms: messages in the outbox, from where any mailer can take them.

A grave flag, a silence, or balances that do not fit are told at once to the district's people and to the second
signatory, never to a foundation's own people alone. A message tells what kind of thing was found at which foundation
and where to look; it holds no name, no account and no amount, and no address but its own. What one look of the
rules found at one foundation is one message to each.

Exactly once: messages are drafts until `progress` says up to which entry everything was told; then each is
renamed into the outbox. What a crash leaves is a draft of before, which is thrown away, or of after, which is renamed.

Source: DESIGN "Audit"; RFC 5322.
"""

from __future__ import annotations

import contextlib
import fcntl
from collections import Counter
from collections import defaultdict
from dataclasses import dataclass
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from functools import cache
from typing import TYPE_CHECKING

import sqlalchemy as sa

from audit.rules import RULES
from dashboards.language import DEFAULT
from dashboards.language import Language
from dashboards.language import load_languages
from dashboards.pages.words import word
from dashboards.work.casebook import RISEN
from dashboards.work.ordinary import changing
from dashboards.work.progress import keep_progress
from dashboards.work.progress import progress_of
from ledger import tables
from ledger.signer import write_durably

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator
    from collections.abc import Sequence
    from pathlib import Path

    from ledger.installation import Installation

OUTBOX, DRAFTS, LOCK, SUFFIX = "outbox", ".drafts", ".lock", ".eml"
INBOX = "/bureau/signalen"
TOLD_TO = "told_to"
"""The name of how far in the log alarms have been written."""
GRAVE = ("high", "critical")
AT_ONCE = ("BNK-01", "BNK-06", "BNK-07")
"""Rules that are told of whatever their severity: balances that do not fit, and silence."""
OVER = ("accepted", "confirmed", "closing", "closed", "not_reproduced")

SUBJECT = word("Buurtkas: please look at %(foundation)s")
GREETING = word("Hello,")
FOUND = word("Buurtkas found something at %(foundation)s that someone should look at soon:")
NAMELESS = word("one of those who keep the money")
UNKNOWN = word("something that a rule found")
NO_VERDICT = word("This does not mean that anyone did something wrong. Please look at it and say what you know:")
WHY_DISTRICT = word("You get this message because you look at the books for the district.")
WHY_SIGNATORY = word("You get this message because you are the second signatory of this foundation.")
NOTHING_PRIVATE = word("This message holds no names and no amounts. You see those at your desk, after you sign in.")


@dataclass(frozen=True, slots=True)
class Alarm:
    """What the rules found at one foundation.

    Attributes:
        name: The foundation's; None where it is not public, as of residents with an own account.
        rules: How often each rule found something.
    """

    foundation: str
    name: str | None
    rules: Counter[str]


@dataclass(frozen=True, slots=True)
class Addressee:
    """Somebody who is told; `why` is a message id that says why."""

    person: str
    email: str
    why: str


def write_alarms(installation: Installation, now: dt.datetime) -> int:
    """Write what was not told yet into the outbox; return how many messages that took.

    Where nobody stands for the district yet, it waits until somebody does.
    """
    outbox = installation.directory / OUTBOX
    if not _to_tell(installation) and not _drafts(outbox):
        return 0
    with _alone(outbox):
        _release(installation, outbox)
        with installation.store.reading() as connection:
            size = connection.execute(sa.select(tables.log_head.c.size)).scalar_one()
            if not _district(connection):
                return 0
            for alarm in _alarms(connection):
                for to in _addressees(connection, alarm.foundation):
                    message = _written(installation.settings.origin, alarm, to, now)
                    write_durably(outbox / DRAFTS / f"{size}-{alarm.foundation}-{to.person}{SUFFIX}", message)
        with changing(installation.engine) as connection:
            keep_progress(connection, TOLD_TO, size)
        return _release(installation, outbox)


def _to_tell(installation: Installation) -> bool:
    """Tell whether flags were raised, or weigh more, since alarms were last written."""
    with installation.store.reading() as connection:
        flag, step = tables.flag, tables.flag_step
        risen = sa.select(sa.func.max(step.c.idx)).where(step.c.step == RISEN)
        newest = [connection.execute(query).scalar() for query in (sa.select(sa.func.max(flag.c.idx)), risen)]
        return max((idx for idx in newest if idx is not None), default=-1) >= progress_of(connection, TOLD_TO)


def _drafts(outbox: Path) -> list[Path]:
    """Return the messages that are not in the outbox yet."""
    folder = outbox / DRAFTS
    return sorted(folder.glob(f"*{SUFFIX}")) if folder.exists() else []


def _release(installation: Installation, outbox: Path) -> int:
    """Rename the drafts that were counted as told into the outbox, drop the others; return how many there were."""
    with installation.store.reading() as connection:
        told_to = progress_of(connection, TOLD_TO)
    released = 0
    for draft in _drafts(outbox):
        if int(draft.name.partition("-")[0]) <= told_to:
            draft.rename(outbox / draft.name)
            released += 1
        else:
            draft.unlink()
    return released


@contextlib.contextmanager
def _alone(outbox: Path) -> Iterator[None]:
    """Hold the lock that lets one process write alarms at a time."""
    outbox.mkdir(mode=0o700, exist_ok=True)
    (outbox / DRAFTS).mkdir(mode=0o700, exist_ok=True)
    with (outbox / LOCK).open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _alarms(connection: sa.Connection) -> Iterator[Alarm]:
    """Yield what nobody was told of yet, by foundation."""
    flag, owner = tables.flag, tables.foundation
    urgent = sa.or_(flag.c.private_severity.in_(GRAVE), flag.c.private_rule.in_(AT_ONCE))
    told_to, step = progress_of(connection, TOLD_TO), tables.flag_step
    risen = sa.select(step.c.flag).where(step.c.step == RISEN, step.c.idx >= told_to)
    fresh = sa.or_(flag.c.idx >= told_to, flag.c.id.in_(risen))
    query = sa.select(flag.c.foundation, flag.c.private_rule).where(fresh, urgent, flag.c.status.not_in(OVER))
    found: dict[str, Counter[str]] = defaultdict(Counter)
    for foundation, rule in connection.execute(query):
        found[foundation][rule] += 1
    for foundation, rules in sorted(found.items()):
        named = sa.select(sa.func.coalesce(owner.c.name, owner.c.slug)).where(owner.c.id == foundation)
        yield Alarm(foundation, _on_one_line(connection.execute(named).scalar()), rules)


def _on_one_line(name: str | None) -> str | None:
    """Return a name as a message's subject takes it: nothing in it begins another line."""
    return " ".join(name.split()) if name else None


def _district(connection: sa.Connection) -> dict[str, str]:
    """Return the address of everybody who stands for the district, by person."""
    return _holders(connection, tables.role.c.role.in_(("officer", "head")))


def _addressees(connection: sa.Connection, foundation: str) -> list[Addressee]:
    """Return who is told of a foundation's flags: whoever of the district has no tie with it, and second signatories.

    Where everybody of the district has one, they are told all the same: somebody must be.
    """
    role, tie = tables.role, tables.tie
    tied = sa.select(tie.c.person).where(tie.c.foundation == foundation, tie.c.ended_at.is_(None))
    bound = set(connection.execute(tied).scalars())
    district = _district(connection)
    free = {person: email for person, email in district.items() if person not in bound} or district
    signing = _holders(connection, sa.and_(role.c.role == "signatory", role.c.foundation == foundation))
    told = [Addressee(person, email, WHY_DISTRICT) for person, email in free.items()]
    return told + [Addressee(person, email, WHY_SIGNATORY) for person, email in signing.items() if person not in free]


def _holders(connection: sa.Connection, match: sa.ColumnElement[bool]) -> dict[str, str]:
    """Return the address of everybody who holds certain roles now, by person."""
    role, person = tables.role, tables.person
    query = (
        sa.select(person.c.id, person.c.email)
        .join(role, role.c.person == person.c.id)
        .where(role.c.ended_at.is_(None), match)
        .order_by(person.c.id)
    )
    return dict(connection.execute(query).all())


def _written(origin: str, alarm: Alarm, to: Addressee, now: dt.datetime) -> bytes:
    """Return a message as it is sent; an address that is none leaves its line out, and the mailer says so."""
    dutch, host = _dutch(), origin.partition("/")[0]
    name = alarm.name or dutch.gettext(NAMELESS)
    message = EmailMessage(policy=SMTP)
    message["Date"] = now
    message["From"] = f"buurtkas@{host}"
    with contextlib.suppress(ValueError, MessageError, AttributeError, IndexError):  # the last two: CPython's parser
        message["To"] = Address(addr_spec=to.email)
    message["Subject"] = dutch.gettext(SUBJECT) % {"foundation": name}
    message["Message-ID"] = f"<{alarm.foundation}.{to.person}.{int(now.timestamp())}@{host}>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(_text(dutch, f"https://{origin}{INBOX}", name, alarm.rules, to), cte="quoted-printable")
    return bytes(message)


def _text(dutch: Language, desk: str, name: str, rules: Counter[str], to: Addressee) -> str:
    """Return what a message says."""
    kinds = [f"- {dutch.gettext(_title(rule))} ({count}x)" for rule, count in sorted(rules.items())]
    parts: Sequence[str] = (
        dutch.gettext(GREETING),
        dutch.gettext(FOUND) % {"foundation": name},
        "\n".join(kinds),
        f"{dutch.gettext(NO_VERDICT)}\n{desk}",
        f"{dutch.gettext(to.why)} {dutch.gettext(NOTHING_PRIVATE)}",
    )
    return "\n\n".join(parts) + "\n"


def _title(rule: str) -> str:
    """Return what a rule finds, as a message id."""
    return RULES[rule].title if rule in RULES else UNKNOWN


@cache
def _dutch() -> Language:
    """Return the language of messages; nobody has chosen another one yet."""
    return load_languages()[DEFAULT]
