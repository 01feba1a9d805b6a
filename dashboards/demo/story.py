"""What goes wrong in the fictional district, and what people do about it.

In Stichting Rond de Melkput somebody who may sign alone in the bank's app moves EUR 96,000 of
the grants of EUR 250,000 to private accounts, and pays a private journey, from Thursday 10 to
Wednesday 16 September. Nothing before it was out of the ordinary. At the next upload, three weeks
later, everything is flagged; a second officer confirms it. Elsewhere approvals are forgotten now
and then; those are answered, put right and accepted, except the latest two.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

from dashboards.demo.approvals import register
from dashboards.demo.banks import BankLine
from dashboards.demo.chance import fictional_iban
from dashboards.demo.district import after
from dashboards.demo.district import date_of
from dashboards.demo.events import AnswerCase
from dashboards.demo.events import CaseMatch
from dashboards.demo.events import CloseCase
from dashboards.demo.events import Day
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
_STAART, _TARN, _JOURNEY = "Hr. F. Sluierstaart", "Tarn en Vlier", "Zeilreizen Verre Wolk"
RECIPIENTS = (_SCHEMER, _VLINDER, _STAART, _TARN, _JOURNEY)
_MOVED = (
    (10, _SCHEMER, 4_500_00, "voorschot"),
    (10, _VLINDER, 2_750_00, "project huiskamer"),
    (11, _SCHEMER, 6_985_60, "materiaal"),
    (11, _STAART, 7_500_00, "terug"),
    (11, _TARN, 4_212_45, "nota 14"),
    (14, _VLINDER, 9_500_00, "project huiskamer"),
    (14, _STAART, 8_875_00, "zie mail"),
    (14, _SCHEMER, 9_900_00, "voorschot 2"),
    (15, _TARN, 6_450_75, "nota 15"),
    (15, _JOURNEY, 5_340_00, "reis 2 personen"),
    (15, _VLINDER, 9_800_00, "restant"),
    (16, _SCHEMER, 9_950_00, "voorschot 3"),
    (16, _STAART, 6_400_00, "zie mail"),
    (16, _TARN, 3_885_90, "nota 16"),
)
_MONTH = 9
_EARLY = dt.time(4, 30)


def moved() -> tuple[Movement, ...]:
    """Return the payments to private accounts; nobody ever explains them."""
    return tuple(
        Movement(FOUNDATION, "current", _transfer(day, name, minor, text), covered=False)
        for day, name, minor, text in _MOVED
    )


def _transfer(day: int, name: str, minor: int, text: str) -> BankLine:
    return BankLine("", date_of(_MONTH, day), -minor, "transfer", text, name, fictional_iban(f"story/{name}"))


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
        "ekster",
        "lint",
        date_of(12, 4),
        "De schorten waren voor de eerste soep. We wisten nog niet dat de winkel eerst aangemeld moest worden.",
        "De uitleg is duidelijk en de winkel staat nu in het register.",
    ),
    Forgotten(
        "melkput",
        "vlag",
        date_of(1, 14),
        "De vlag was voor de open dag. De winkel is nu aangemeld.",
        "Klein bedrag, en de foto laat de vlag zien.",
    ),
    Forgotten(
        "steunpunt",
        "plak",
        date_of(11, 18),
        "Gekocht voor de les van die avond. De bon zit in de map en de winkel is aangemeld.",
        "De bon klopt met het bedrag.",
    ),
    Forgotten(
        "stoepgroep",
        "klink",
        date_of(5, 7),
        "Deze winkel hadden we nog niet aangemeld. Dat is nu gedaan.",
        "De scharnieren zitten aan de bankjes.",
    ),
    Forgotten(
        "steunpunt",
        "kopie",
        date_of(5, 20),
        "Onze eigen printer was stuk. We hebben de winkel vergeten aan te melden; dat is nu gedaan.",
        "Klein bedrag, duidelijke uitleg, en de winkel staat nu in het register.",
    ),
    Forgotten(
        "ekster",
        "touw",
        date_of(6, 11),
        "Het touw was nodig op de werkdag zelf. De bon zit erbij en de winkel is nu aangemeld.",
        "De aankoop past bij de tuin. Graag volgende keer eerst aanmelden.",
    ),
    Forgotten(
        "melkput",
        "houtduif",
        date_of(6, 24),
        "De deur viel duurder uit dan de offerte. We hadden eerst een besluit moeten nemen.",
        "Het werk is gedaan en de prijs is redelijk. Voortaan boven de grens eerst een besluit.",
        registered=False,
    ),
    Forgotten(
        "ekster",
        "zeil",
        date_of(7, 9),
        "Door de regen was er snel een afdakje nodig. De zeilmakerij is nu aangemeld.",
        "De foto en de factuur kloppen met elkaar.",
        reviewed=True,
    ),
    Forgotten(
        "steunpunt",
        "bus",
        date_of(8, 20),
        "Er gingen meer jongeren mee, dus werd het een grotere bus. Het besluit is te laat gevraagd.",
        "De deelnemerslijst verklaart het verschil.",
        registered=False,
    ),
    Forgotten(
        "melkput",
        "ballon",
        date_of(10, 15),
        "Slingers voor het jubileum van de huiskamer. We melden de winkel nog aan.",
        None,
        registered=False,
    ),
    Forgotten("steunpunt", "glas", date_of(10, 8), "", None, registered=False),
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
        answered = _office(seen, 6, 18)
        yield AnswerCase(at=answered, actor=treasurer(item.foundation), case=case, text=item.answer)
    if item.registered:
        signatory = signatories(item.foundation)[0]
        yield from register(item.foundation, item.payee, seen + dt.timedelta(days=15), signatory)
        yield Day(at=dt.datetime.combine(seen + dt.timedelta(days=6), _EARLY, dt.UTC), foundation=item.foundation)
    if item.reason is not None:
        ruled = _office(seen, 9, 10)
        yield RuleOnCase(at=ruled, actor=OFFICER, case=case, outcome="accepted", reason=item.reason)
        closed = ruled + dt.timedelta(minutes=5)
        yield CloseCase(at=closed, actor=OFFICER, case=case, reason="Afgerond.", second=SECOND_OFFICER)


def moved_events(uploads: Sequence[Upload]) -> Iterator[Event]:
    """Yield what district and foundation do about the payments to private accounts."""
    seen = _seen_on(uploads, FOUNDATION, _MONTH)
    for name in RECIPIENTS:
        yield from _escalate(_case(name), seen)
        yield RuleOnCase(
            at=_office(seen, 12, 13),
            actor=SECOND_OFFICER,
            case=_case(name),
            outcome="confirmed",
            reason="Er is geen besluit, geen factuur en geen tegenprestatie. Het geld wordt teruggevorderd.",
        )
    reason = "Terugvordering is begonnen."
    for name in (_SCHEMER, _JOURNEY):
        yield CloseCase(at=_office(seen, 19, 10), actor=OFFICER, case=_case(name), reason=reason, second=SECOND_OFFICER)


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


def _case(name: str) -> CaseMatch:
    days = [date_of(_MONTH, day) for day, paid, _, _ in _MOVED if paid == name]
    return CaseMatch(FOUNDATION, name, fictional_iban(f"story/{name}"), min(days), max(days))


def _seen_on(uploads: Sequence[Upload], foundation: str, month: int) -> dt.date:
    """Return the day on which the month's statement was first uploaded."""
    return next(
        upload.at.date() for upload in uploads if (upload.foundation, upload.at.month) == (foundation, after(month))
    )


def _office(seen: dt.date, days: int, hour: int) -> dt.datetime:
    day = workday(seen + dt.timedelta(days=days))
    return dt.datetime(day.year, day.month, day.day, hour, 15, tzinfo=dt.UTC)
