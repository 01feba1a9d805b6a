"""What goes wrong in the fictional district, and what people do about it.

In Stichting Rond de Melkput somebody who may sign alone in the bank's app moves EUR 38,000
of the grant of EUR 120,000 to private accounts, between 21 August and 3 September. At the
following uploads everything is flagged. Some cases are confirmed by a second officer, some
are still open at the end. Elsewhere approvals are forgotten now and then; those are
answered, put right and accepted, except the latest two.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

from dashboards.demo.approvals import register
from dashboards.demo.banks import BankLine
from dashboards.demo.chance import fictional_iban
from dashboards.demo.district import YEAR
from dashboards.demo.events import AnswerCase
from dashboards.demo.events import CaseMatch
from dashboards.demo.events import CloseCase
from dashboards.demo.events import EscalateCase
from dashboards.demo.events import RuleOnCase
from dashboards.demo.events import TakeUp
from dashboards.demo.events import Upload
from dashboards.demo.months import Movement
from dashboards.demo.months import workday
from dashboards.demo.payees import PAYEES
from dashboards.demo.people import OFFICER
from dashboards.demo.people import SECOND_OFFICER
from dashboards.demo.people import signatories
from dashboards.demo.people import treasurer

if TYPE_CHECKING:
    from collections.abc import Iterator
    from collections.abc import Sequence

    from dashboards.demo.events import Event

FOUNDATION = "melkput"
_SCHEMER, _VLINDER = "J.P. Schemerlicht", "Mw. D. Nachtpauw e/o K. Mistral"
_STAART, _TARN, _RAVEL = "Hr. F. Sluierstaart", "Tarn en Vlier", "Ravelkwartier"
RECIPIENTS = (_SCHEMER, _VLINDER, _STAART, _TARN, _RAVEL)
_MOVED = (
    (8, 21, _SCHEMER, 4_500_00, "voorschot"),
    (8, 21, _VLINDER, 2_750_00, "project huiskamer"),
    (8, 24, _SCHEMER, 1_985_60, "materiaal"),
    (8, 25, _STAART, 5_000_00, "terug"),
    (8, 26, _TARN, 3_212_45, "nota 14"),
    (8, 27, _VLINDER, 2_500_00, "project huiskamer"),
    (8, 28, _STAART, 4_875_00, "zie mail"),
    (8, 31, _RAVEL, 1_640_30, "nota 2026-3"),
    (8, 31, _SCHEMER, 3_900_00, "voorschot 2"),
    (9, 1, _TARN, 2_450_75, "nota 15"),
    (9, 2, _VLINDER, 3_100_00, "restant"),
    (9, 3, _RAVEL, 2_085_90, "nota 2026-4"),
)


def moved() -> tuple[Movement, ...]:
    """Return the payments to private accounts; nobody ever explains them."""
    return tuple(
        Movement(FOUNDATION, "current", _transfer(month, day, name, minor, text), covered=False)
        for month, day, name, minor, text in _MOVED
    )


def _transfer(month: int, day: int, name: str, minor: int, text: str) -> BankLine:
    day_of = dt.date(YEAR, month, day)
    return BankLine("", day_of, -minor, "transfer", text, name, fictional_iban(f"story/{name}"))


@dataclass(frozen=True, slots=True)
class Forgotten:
    """A payment without approval: found out, answered, and how it ended.

    Attributes:
        reviewed: True where an officer took the case up before the foundation answered.
        reason: The officer's ruling; None where the case is still open at the end.
        registered: True where the payee is then proposed and approved.
    """

    foundation: str
    payee: str
    booked_on: dt.date
    answer: str
    reason: str | None
    reviewed: bool = False
    registered: bool = True


_FORGOTTEN = (
    Forgotten(
        "steunpunt",
        "kopie",
        dt.date(YEAR, 5, 20),
        "Onze eigen printer was stuk. We hebben de winkel vergeten aan te melden; dat is nu gedaan.",
        "Klein bedrag, duidelijke uitleg, en de winkel staat nu in het register.",
    ),
    Forgotten(
        "ekster",
        "touw",
        dt.date(YEAR, 6, 11),
        "Het touw was nodig op de werkdag zelf. De bon zit erbij en de winkel is nu aangemeld.",
        "De aankoop past bij de tuin. Graag volgende keer eerst aanmelden.",
    ),
    Forgotten(
        "melkput",
        "houtduif",
        dt.date(YEAR, 6, 24),
        "De deur viel duurder uit dan de offerte. We hadden eerst een besluit moeten nemen.",
        "Het werk is gedaan en de prijs is redelijk. Voortaan boven de grens eerst een besluit.",
        registered=False,
    ),
    Forgotten(
        "ekster",
        "zeil",
        dt.date(YEAR, 8, 13),
        "Door de regen was er snel een afdakje nodig. De zeilmakerij is nu aangemeld.",
        "De foto en de factuur kloppen met elkaar.",
        reviewed=True,
    ),
    Forgotten(
        "steunpunt",
        "bus",
        dt.date(YEAR, 8, 20),
        "Er gingen meer jongeren mee, dus werd het een grotere bus. Het besluit is te laat gevraagd.",
        "De deelnemerslijst verklaart het verschil.",
        registered=False,
    ),
    Forgotten(
        "melkput",
        "ballon",
        dt.date(YEAR, 10, 15),
        "Slingers voor het jubileum van de huiskamer. We melden de winkel nog aan.",
        None,
        registered=False,
    ),
    Forgotten("steunpunt", "glas", dt.date(YEAR, 10, 8), "", None, registered=False),
)


def forgotten_events(uploads: Sequence[Upload]) -> Iterator[Event]:
    """Yield how each forgotten approval was found out and settled."""
    for item in _FORGOTTEN:
        payee = PAYEES[item.payee]
        case = CaseMatch(item.foundation, payee.name, payee.iban, item.booked_on, item.booked_on)
        yield from _settle(item, case, _seen_on(uploads, item.foundation, item.booked_on.month))


def _settle(item: Forgotten, case: CaseMatch, seen: dt.date) -> Iterator[Event]:
    if item.reviewed:
        yield TakeUp(at=_office(seen, 1, 9), actor=OFFICER, case=case)
    if item.answer:
        answered = _office(seen, 2, 18)
        yield AnswerCase(at=answered, actor=treasurer(item.foundation), case=case, text=item.answer)
    if item.registered:
        signatory = signatories(item.foundation)[0]
        yield from register(item.foundation, item.payee, seen + dt.timedelta(days=15), signatory)
    if item.reason is not None:
        ruled = _office(seen, 7, 10)
        yield RuleOnCase(at=ruled, actor=OFFICER, case=case, outcome="accepted", reason=item.reason)
        closed = ruled + dt.timedelta(minutes=5)
        yield CloseCase(at=closed, actor=OFFICER, case=case, reason="Afgerond.", second=SECOND_OFFICER)


def moved_events(uploads: Sequence[Upload]) -> Iterator[Event]:
    """Yield what district and foundation do about the payments to private accounts."""
    first, second = (_seen_on(uploads, FOUNDATION, month) for month in (8, 9))
    for name in (_SCHEMER, _VLINDER):
        case = _case(name, 8)
        yield from _escalate(case, first)
        yield RuleOnCase(
            at=_office(first, 12, 13),
            actor=SECOND_OFFICER,
            case=case,
            outcome="confirmed",
            reason="Er is geen besluit, geen factuur en geen tegenprestatie. Het geld wordt teruggevorderd.",
        )
    closing = _office(first, 19, 10)
    reason = "Terugvordering is begonnen."
    yield CloseCase(at=closing, actor=OFFICER, case=_case(_SCHEMER, 8), reason=reason, second=SECOND_OFFICER)
    yield TakeUp(at=_office(first, 1, 10), actor=OFFICER, case=_case(_STAART, 8))
    yield AnswerCase(
        at=_office(first, 5, 19),
        actor=signatories(FOUNDATION)[0],
        case=_case(_STAART, 8),
        text="Dit was een lening aan de huiskamer die is terugbetaald. De papieren zoek ik nog op.",
    )
    yield TakeUp(at=_office(first, 3, 14), actor=SECOND_OFFICER, case=_case(_TARN, 8))
    yield from _escalate(_case(_VLINDER, 9), second)


def _escalate(case: CaseMatch, seen: dt.date) -> Iterator[Event]:
    yield TakeUp(at=_office(seen, 1, 9), actor=OFFICER, case=case)
    yield AnswerCase(
        at=_office(seen, 3, 18),
        actor=treasurer(FOUNDATION),
        case=case,
        text="Deze betaling ken ik niet. Ik heb haar niet gedaan en wij hebben er niets over besloten.",
    )
    yield EscalateCase(
        at=_office(seen, 6, 11),
        actor=OFFICER,
        case=case,
        reason="De penningmeester kent de betaling niet en de ontvanger staat niet in het register.",
    )


def _case(name: str, month: int) -> CaseMatch:
    days = [dt.date(YEAR, m, d) for m, d, paid, _, _ in _MOVED if paid == name and m == month]
    return CaseMatch(FOUNDATION, name, fictional_iban(f"story/{name}"), min(days), max(days))


def _seen_on(uploads: Sequence[Upload], foundation: str, month: int) -> dt.date:
    """Return the day on which the month's statement was uploaded."""
    return next(
        upload.at.date() for upload in uploads if (upload.foundation, upload.at.month) == (foundation, month + 1)
    )


def _office(seen: dt.date, days: int, hour: int) -> dt.datetime:
    day = workday(seen + dt.timedelta(days=days))
    return dt.datetime(day.year, day.month, day.day, hour, 15, tzinfo=dt.UTC)
