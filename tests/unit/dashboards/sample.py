"""A small made-up district for the page tests: one value for every page, in its usual, empty and long state.

All names are invented. The sums fit, and the proof is a real one over four leaves.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from dataclasses import replace
from typing import TYPE_CHECKING
from typing import TypeVar

from flask import Blueprint
from flask import render_template

from audit.rules import RULES as FOUND_RULES
from dashboards.pages import accounts
from dashboards.pages import cases
from dashboards.pages import deliveries
from dashboards.pages import desks
from dashboards.pages import explaining
from dashboards.pages import linking
from dashboards.pages import parts
from dashboards.pages import standing
from dashboards.pages import statements
from dashboards.pages import texts
from dashboards.pages import uploading
from dashboards.pages.foundation import FoundationPage
from dashboards.pages.foundation import GrantLine
from dashboards.pages.foundation import PublicAccount
from dashboards.pages.home import DISTRICT_MONEY
from dashboards.pages.home import FlowLink
from dashboards.pages.home import HomePage
from dashboards.pages.home import Verdict
from dashboards.pages.initiative import CategoryLine
from dashboards.pages.initiative import InitiativePage
from dashboards.pages.initiative import MonthLine
from dashboards.pages.initiative import ReceiptCount
from dashboards.pages.initiative import TimelineStep
from dashboards.pages.payments import PaymentFilter
from dashboards.pages.payments import PaymentsPage
from dashboards.pages.reader import PageMissing
from dashboards.pages.rules import RulePage
from dashboards.pages.rules import RuleParameter
from dashboards.pages.rules import RuleScore
from dashboards.pages.rules import RuleSummary
from dashboards.pages.shell import CheckpointLine
from dashboards.pages.shell import Site
from dashboards.pages.soon import SoonLine
from dashboards.pages.soon import SoonPage
from dashboards.pages.transaction import AllocationPart
from dashboards.pages.transaction import DecisionCover
from dashboards.pages.transaction import Proof
from dashboards.pages.transaction import StatementReference
from dashboards.pages.transaction import TransactionPage
from dashboards.pages.verify import FirstProblem
from dashboards.pages.verify import SampleEntry
from dashboards.pages.verify import VerifyPage
from dashboards.reading.verify import CHANGED_LINE

if TYPE_CHECKING:
    from collections.abc import Mapping

    from audit.rule import Rule
    from dashboards.pages.soon import Rhythm

EUR = "EUR"
RULED_STATES: tuple[parts.LookState, ...] = ("accepted", "confirmed", "closed")
MERELVELD = parts.Link(slug="merelveld-samen", name="Stichting Merelveld Samen")
ZWALUWSTEE = parts.Link(slug="zwaluwstee", name="Vereniging De Zwaluwstee")
KADE = parts.Link(slug="kade-zeven", name="Bewonersgroep Kade Zeven")
SIGNED = dt.datetime(2026, 3, 9, 7, 0, tzinfo=dt.UTC)

PLANS = (
    ("moestuin", "Moestuin aan de Merelkade", "groen", MERELVELD, 48_000_00, 31_240_50),
    ("buurtkeuken", "Buurtkeuken De Pollepel", "samen", MERELVELD, 62_500_00, 44_118_25),
    ("huiswerk", "Huiswerkclub", "jeugd", ZWALUWSTEE, 36_000_00, 36_950_00),
    ("repaircafe", "Repareerhoek", "samen", ZWALUWSTEE, 18_000_00, 9_310_80),
    ("speeltuin", "Speelveld Noord", "jeugd", KADE, 85_000_00, 61_200_00),
    ("muziek", "Muziek op straat", "cultuur", KADE, 24_000_00, 4_512_40),
    ("geveltuin", "Geveltuinen", "groen", MERELVELD, 21_000_00, 12_904_00),
    ("taal", "Taalmaatjes", "samen", ZWALUWSTEE, 27_500_00, 15_030_10),
    ("oever", "Schone oever", "groen", KADE, 16_000_00, 0),
)
UNEXPLAINED = {MERELVELD.slug: 8_431_60, ZWALUWSTEE.slug: 0, KADE.slug: 2_190_00}
GRANTED = {MERELVELD.slug: 220_000_00, ZWALUWSTEE.slug: 120_000_00, KADE.slug: 160_000_00}


def _cards(foundation: parts.Link | None = None) -> tuple[parts.InitiativeCard, ...]:
    cards = [
        parts.InitiativeCard(
            link=parts.Link(slug=slug, name=name),
            theme=theme,
            sums=parts.Sums(currency=EUR, granted_minor=budget, explained_minor=spent, unexplained_minor=0),
        )
        for slug, name, theme, owner, budget, spent in PLANS
        if foundation in (None, owner)
    ]
    return tuple(sorted(cards, key=lambda card: -card.sums.granted_minor))


def _sums(foundation: parts.Link) -> parts.Sums:
    return parts.Sums(
        currency=EUR,
        granted_minor=GRANTED[foundation.slug],
        explained_minor=sum(spent for *_, owner, _, spent in PLANS if owner == foundation),
        unexplained_minor=UNEXPLAINED[foundation.slug],
        received_minor=GRANTED[foundation.slug] * 8 // 10,
        own_income_minor=1_250_00,
        balance_minor=73_155_65,
    )


BANK = parts.BankSum(
    currency=EUR,
    opening_minor=1_000_00,
    came_in_minor=180_000_00,
    paid_minor=96_694_35,
    moved_minor=-11_150_00,
    balance_minor=73_155_65,
)
FOUNDATIONS = (MERELVELD, ZWALUWSTEE, KADE)
ALL_SUMS = tuple(_sums(foundation) for foundation in FOUNDATIONS)
HOME_SUMS = parts.Sums(
    currency=EUR,
    granted_minor=sum(sums.granted_minor for sums in ALL_SUMS),
    explained_minor=sum(sums.explained_minor for sums in ALL_SUMS),
    unexplained_minor=sum(sums.unexplained_minor for sums in ALL_SUMS),
    received_minor=400_000_00,
    own_income_minor=3_750_00,
    balance_minor=219_466_95,
)


def named(name: str) -> parts.Payee:
    """A payee whose name is public."""
    return parts.Payee(kind="named", name=name)


ROWS = (
    parts.PaymentRow(
        foundation=MERELVELD,
        seq=412,
        booked_on=dt.date(2026, 3, 3),
        amount_minor=-120_00,
        currency=EUR,
        payee=named("Bouwmarkt Zon"),
        initiative=parts.Link(slug="moestuin", name="Moestuin aan de Merelkade"),
        category="gereedschap",
    ),
    parts.PaymentRow(
        foundation=MERELVELD,
        seq=411,
        booked_on=dt.date(2026, 3, 2),
        amount_minor=-4_800_00,
        currency=EUR,
        payee=parts.Payee(kind="private"),
        looked_at=True,
    ),
    parts.PaymentRow(
        foundation=KADE,
        seq=96,
        booked_on=dt.date(2026, 2, 27),
        amount_minor=20_000_00,
        currency=EUR,
        payee=named("Stadsdeel Voorland"),
        spending=False,
    ),
    parts.PaymentRow(
        foundation=ZWALUWSTEE,
        seq=203,
        booked_on=dt.date(2026, 2, 24),
        amount_minor=-37_45,
        currency=EUR,
        payee=parts.Payee(kind="pending"),
        initiative=parts.Link(slug="huiswerk", name="Huiswerkclub"),
        category="materiaal",
        looked_at=True,
    ),
    parts.PaymentRow(
        foundation=KADE,
        seq=95,
        booked_on=dt.date(2026, 2, 21),
        amount_minor=-500_00,
        currency=EUR,
        payee=parts.Payee(kind="own"),
        spending=False,
    ),
    parts.PaymentRow(
        foundation=KADE,
        seq=94,
        booked_on=dt.date(2026, 2, 20),
        amount_minor=-9_95,
        currency=EUR,
        payee=parts.Payee(kind="bank"),
        initiative=parts.Link(slug="speeltuin", name="Speelveld Noord"),
        category="bankkosten",
    ),
)
FRESH = parts.StatementBadge(up_to=dt.date(2026, 3, 3), late=False)
LATE = parts.StatementBadge(up_to=dt.date(2026, 1, 31), late=True, days=37, without=1, seen_to=dt.date(2025, 12, 31))


def _flow(cards: tuple[parts.InitiativeCard, ...]) -> tuple[FlowLink, ...]:
    source = DISTRICT_MONEY
    first = [
        FlowLink(step=0, source=source, target=card.link.name, amount_minor=card.sums.explained_minor)
        for card in cards
        if card.sums.explained_minor
    ]
    second = [
        FlowLink(step=1, source=link.target, target=target, amount_minor=amount)
        for link in first
        for target, amount in (
            ("materiaal", link.amount_minor * 2 // 3),
            ("begeleiding", link.amount_minor - link.amount_minor * 2 // 3),
        )
    ]
    return (*first, *second)


PROBLEM = FirstProblem(
    index=811,
    book="foundation/7f3a",
    seq=412,
    what=CHANGED_LINE,
    detail="its bytes do not hash to its leaf",
)
HOME = HomePage(
    neighbourhood="Merelveld",
    badge=replace(LATE, of_one=True),
    sums=HOME_SUMS,
    latest=ROWS[:3],
    foundations=(
        parts.FoundationCard(link=MERELVELD, sums=ALL_SUMS[0], badge=FRESH, initiatives=3),
        parts.FoundationCard(link=ZWALUWSTEE, sums=ALL_SUMS[1], badge=FRESH, initiatives=3),
        parts.FoundationCard(link=KADE, sums=ALL_SUMS[2], badge=LATE, initiatives=3),
    ),
    initiatives=_cards(),
    flow=_flow(_cards()),
    verdict=Verdict(ok=True, checked=1204, total=1204),
    unawarded_minor=12_000_00,
    looks=parts.LookCounts(open=2, not_in_order=1, in_order=7),
    bank=replace(BANK, moved_minor=0, opening_minor=1_000_00 - 11_150_00),
)
EMPTY_HOME = HomePage(
    neighbourhood="Merelveld",
    sums=parts.Sums(currency=EUR, granted_minor=0, explained_minor=0, unexplained_minor=0),
    latest=(),
    foundations=(),
    initiatives=(),
)
LONG_HOME = replace(
    HOME,
    initiatives=tuple(
        replace(HOME.initiatives[number % 9], link=parts.Link(slug=f"plan-{number}", name=f"Plan nummer {number}"))
        for number in range(400)
    ),
    verdict=Verdict(ok=False, checked=811, total=1204, problem=PROBLEM),
)


def foundation_page(link: parts.Link = MERELVELD) -> FoundationPage:
    """A foundation in an ordinary month."""
    cards = _cards(link)
    return FoundationPage(
        link=link,
        kind="foundation",
        sums=_sums(link),
        badge=FRESH,
        grants=(
            GrantLine(
                reference="SB-1",
                amount_minor=GRANTED[link.slug],
                currency=EUR,
                starts=dt.date(2025, 7, 1),
                ends=dt.date(2026, 6, 30),
            ),
        ),
        accounts=(PublicAccount(iban="NL02ABNA0123456789", mandate="together"),),
        initiatives=cards,
        looked_at=(LOOK, replace(LOOK, seq=398, rule="PAY-01", state="under_review")),
        not_in_order=(replace(LOOK, seq=380, rule="PAY-01", state="confirmed", ruled_on=dt.date(2026, 2, 9)),),
        looks=parts.LookCounts(open=2, not_in_order=1, in_order=7),
        bank=BANK,
        latest=tuple(row for row in ROWS if row.foundation == link),
        payments=412,
        private=parts.PrivateTotal.counted(persons=3, payments=9, amount_minor=1_240_00, currency=EUR),
        pending=parts.PendingTotal(payments=2, amount_minor=310_40, currency=EUR),
        flow=_flow(cards),
    )


LOOK = parts.LookedAt(
    foundation=MERELVELD,
    seq=411,
    booked_on=dt.date(2026, 3, 2),
    amount_minor=-4_800_00,
    currency=EUR,
    state="open",
    since=dt.date(2026, 3, 4),
)
EMPTY_FOUNDATION = FoundationPage(
    link=KADE,
    kind="residents",
    sums=parts.Sums(currency=EUR, granted_minor=0, explained_minor=0, unexplained_minor=1_000_00),
    badge=parts.StatementBadge(up_to=None, late=True),
    grants=(),
    accounts=(),
    initiatives=(),
    looked_at=(),
    latest=(),
    payments=0,
    private=parts.PrivateTotal.counted(persons=2, payments=1, amount_minor=40_00, currency=EUR),
)
INITIATIVE = InitiativePage(
    badge=FRESH,
    link=parts.Link(slug="moestuin", name="Moestuin aan de Merelkade"),
    foundations=(MERELVELD,),
    theme="groen",
    neighbourhood="Merelveld",
    promise="Veertig bakken groente, een kas en elke zaterdag soep voor wie wil.",
    sums=parts.Sums(currency=EUR, granted_minor=48_000_00, explained_minor=31_240_50, unexplained_minor=0),
    categories=(
        CategoryLine(name="kas", budget_minor=22_000_00, spent_minor=18_000_00),
        CategoryLine(name="planten", budget_minor=14_000_00, spent_minor=8_120_50),
        CategoryLine(name="gereedschap", budget_minor=4_000_00, spent_minor=5_120_00),
        CategoryLine(name="soep", budget_minor=8_000_00, spent_minor=0),
    ),
    months=tuple(
        MonthLine(month=dt.date(2025, number, 1), spent_minor=spent, total_minor=total)
        for number, spent, total in (
            (9, 3_100_00, 3_100_00),
            (10, 18_000_00, 21_100_00),
            (11, 0, 21_100_00),
            (12, 10_140_50, 31_240_50),
        )
    ),
    steps=(
        TimelineStep(kind="granted", on=dt.date(2025, 7, 1)),
        TimelineStep(kind="opened", on=dt.date(2025, 8, 14)),
        TimelineStep(kind="first_payment", on=dt.date(2025, 9, 2)),
        TimelineStep(kind="closed", on=None),
        TimelineStep(kind="reported", on=None),
    ),
    receipts=ReceiptCount(present=38, wanted=41),
    latest=(ROWS[0],),
    more=True,
    unexplained_minor=118_00,
    looks=parts.LookCounts(open=1),
    starts=dt.date(2025, 8, 1),
    ends=dt.date(2026, 6, 30),
)
EMPTY_INITIATIVE = replace(
    INITIATIVE,
    link=parts.Link(slug="oever", name="Schone oever"),
    promise=None,
    sums=parts.Sums(currency=EUR, granted_minor=16_000_00, explained_minor=0, unexplained_minor=0),
    categories=(),
    months=(),
    receipts=ReceiptCount(present=0, wanted=0),
    latest=(),
    more=False,
)

ENTRY_BEFORE = '{"account":"NL02ABNA0123456789","amount":'
ENTRY_AFTER = (
    ',"book":"foundation/7f3a","booked":"2026-03-03","commit":{"iban":"q1Zb","name":"k0pA","text":"9xYw"},'
    '"currency":"EUR","line":14,"seq":412,"statement":38,"type":"transaction","v":1}'
)
AMOUNT = -12000


def _leaf(text: str) -> bytes:
    return hashlib.sha256(b"\x00" + text.encode()).digest()


def _node(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


OTHERS = tuple(_leaf(text) for text in ("one", "two", "three"))
LEAF = _leaf(f"{ENTRY_BEFORE}{AMOUNT}{ENTRY_AFTER}")
ROOT = _node(_node(OTHERS[0], OTHERS[1]), _node(LEAF, OTHERS[2]))
PATH = (OTHERS[2].hex(), _node(OTHERS[0], OTHERS[1]).hex())
NOTE = "buurtkas.example/voorland\n4\n3qMwz1mT2o0=\n\n— buurtkas.example/voorland c2lnbmF0dXJl\n"
TRANSACTION = TransactionPage(
    foundation=MERELVELD,
    seq=412,
    booked_on=dt.date(2026, 3, 3),
    valued_on=dt.date(2026, 3, 3),
    amount_minor=-120_00,
    currency=EUR,
    payee=named("Bouwmarkt Zon"),
    parts=(
        AllocationPart(
            initiative=parts.Link(slug="moestuin", name="Moestuin aan de Merelkade"),
            category="gereedschap",
            amount_minor=120_00,
        ),
    ),
    purpose=None,
    spending=True,
    decision=DecisionCover(state="covered", ceiling_minor=800_00, recorded_on=dt.date(2026, 1, 28)),
    receipt="attached",
    statement=StatementReference(
        seen=True,
        number="2026/3",
        line=14,
        from_date=dt.date(2026, 3, 1),
        to_date=dt.date(2026, 3, 7),
        channel="upload",
    ),
    proof=Proof(
        book="foundation/7f3a",
        seq=412,
        index=2,
        size=4,
        entry_text=f"{ENTRY_BEFORE}{AMOUNT}{ENTRY_AFTER}",
        entry_hash_hex=LEAF.hex(),
        prev_hash_hex=OTHERS[1].hex(),
        path_hex=PATH,
        root_hex=ROOT.hex(),
        checkpoint=NOTE,
    ),
)
UNEXPLAINED_TRANSACTION = replace(
    TRANSACTION,
    seq=411,
    booked_on=dt.date(2026, 3, 2),
    amount_minor=-4_800_00,
    payee=parts.Payee(kind="private"),
    parts=(),
    decision=DecisionCover(state="none"),
    receipt="late",
    looked_at=replace(LOOK, rule="PAY-07"),
    proof=None,
    statement=replace(TRANSACTION.statement, number=None, channel="delivery"),
)
SPLIT_TRANSACTION = replace(
    TRANSACTION,
    seq=200,
    parts=(
        replace(TRANSACTION.parts[0], amount_minor=70_00),
        replace(TRANSACTION.parts[0], category="hout", amount_minor=50_00),
    ),
    purpose="hout voor de bakken",
    decision=DecisionCover(state="within_limit", limit_minor=250_00),
)
INCOMING = replace(
    TRANSACTION,
    foundation=KADE,
    seq=96,
    amount_minor=20_000_00,
    payee=named("Stadsdeel Voorland"),
    parts=(),
    spending=False,
    decision=DecisionCover(state="not_needed"),
    receipt="not_needed",
)
TRANSACTIONS = (
    TRANSACTION,
    UNEXPLAINED_TRANSACTION,
    SPLIT_TRANSACTION,
    INCOMING,
    replace(TRANSACTION, seq=1, decision=DecisionCover(state="before_buurtkas"), receipt="awaited"),
    replace(TRANSACTION, seq=3, amount_minor=-200_00, decision=DecisionCover(state="nothing_missing")),
    *(
        replace(TRANSACTION, seq=4 + place, looked_at=replace(LOOK, state=state, ruled_on=dt.date(2026, 3, 9)))
        for place, state in enumerate(RULED_STATES)
    ),
    replace(TRANSACTION, seq=7, decision=DecisionCover(state="not_judged")),
    replace(TRANSACTION, seq=2, decision=DecisionCover(state="not_needed"), receipt="not_needed"),
)
VERIFY = VerifyPage(
    daily_at=SIGNED,
    sealed_on=SIGNED.date(),
    checked=1204,
    total=1204,
    books=13,
    unsigned=2,
    not_understood=0,
    at=SIGNED,
    origin="buurtkas.example/voorland",
    checkpoint=NOTE,
    sample=SampleEntry(
        before=ENTRY_BEFORE,
        amount=AMOUNT,
        after=ENTRY_AFTER,
        hash_hex=LEAF.hex(),
        changed_amount=AMOUNT - 1,
        changed_hash_hex=_leaf(f"{ENTRY_BEFORE}{AMOUNT - 1}{ENTRY_AFTER}").hex(),
        index=2,
        size=4,
        path_hex=PATH,
        root_hex=ROOT.hex(),
        payment=ROWS[0],
    ),
    looks=parts.LookCounts(open=2, not_in_order=1, in_order=7),
    unexplained_minor=10_621_60,
)
TAMPERED = replace(
    VERIFY,
    checked=811,
    unsigned=0,
    not_understood=1,
    problem=PROBLEM,
)
UNCHECKED = VerifyPage(
    checked=0, total=0, books=0, unsigned=0, not_understood=0, at=None, origin="buurtkas.example/voorland"
)
RULES = tuple(
    RuleSummary(id=rule_id, kind="policy", title=rule.title, what=rule.how) for rule_id, rule in FOUND_RULES.items()
)


def _parameters(rule: Rule) -> tuple[RuleParameter, ...]:
    """The limits of a rule, changed once."""
    return tuple(
        RuleParameter(name=one.label, value=one.default, unit=one.unit, since=dt.date(2025, 7, 1))
        for one in rule.parameters
    )


def rule_page(rule_id: str, score: RuleScore) -> RulePage:
    """A rule with its words."""
    rule = FOUND_RULES[rule_id]
    return RulePage(
        id=rule_id,
        version="1",
        kind="policy",
        title=rule.title,
        what=rule.how,
        why=rule.why,
        example=rule.example,
        innocent=rule.false_positives,
        weight=rule.severity_note,
        parameters=_parameters(rule) if score.hits else (),
        history=tuple(replace(one, since=dt.date(2025, 9, 1)) for one in _parameters(rule)) if score.hits else (),
        score=score,
    )


SCORES = {
    "PAY-01": RuleScore(hits=14, ruled=9, accepted=8, confirmed=1),
    "PAY-02": RuleScore(hits=1, ruled=0, accepted=0, confirmed=0),
    "PAY-07": RuleScore(hits=0, ruled=0, accepted=0, confirmed=0),
    "BNK-01": RuleScore(hits=2, ruled=2, accepted=2, confirmed=0),
}


def soon_page() -> SoonPage:
    """How soon what was not in order would have been seen."""
    lines: tuple[tuple[Rhythm, dt.date, int], ...] = (
        ("daily", dt.date(2026, 2, 5), 300_00),
        ("weekly", dt.date(2026, 2, 9), 700_00),
        ("monthly", dt.date(2026, 3, 1), 1_000_00),
        ("agreed", dt.date(2026, 3, 7), 1_000_00),
        ("happened", dt.date(2026, 3, 3), 1_000_00),
    )
    return SoonPage(
        link=MERELVELD,
        currency=EUR,
        payments=3,
        first_on=dt.date(2026, 2, 5),
        last_on=dt.date(2026, 2, 10),
        total_minor=1_000_00,
        every_days=35,
        lines=tuple(
            SoonLine(rhythm=rhythm, seen_on=day, gone_minor=gone, days=(day - dt.date(2026, 2, 5)).days)
            for rhythm, day, gone in lines
        ),
    )


class SampleReader:
    """A reader of the sample; `home_page`, `verify_page` and `simulated` can be set."""

    def __init__(self) -> None:
        self.home_page = HOME
        self.verify_page = VERIFY
        self.simulated = True

    def mark(self) -> object:
        """Another one each time, so that nothing is kept."""
        return object()

    def site(self) -> Site:
        line = CheckpointLine(size=1204, root_short="3qMwz1mT2o0", signed_at=SIGNED)
        return Site(district="Stadsdeel Voorland", simulated=self.simulated, checkpoint=line)

    def home(self) -> HomePage:
        return self.home_page

    def foundation(self, slug: str) -> FoundationPage:
        pages = {MERELVELD.slug: foundation_page(), KADE.slug: EMPTY_FOUNDATION}
        return _found(pages, slug)

    def soon(self, slug: str) -> SoonPage:
        return _found({MERELVELD.slug: soon_page()}, slug)

    def initiative(self, slug: str) -> InitiativePage:
        return _found({"moestuin": INITIATIVE, "oever": EMPTY_INITIATIVE}, slug)

    def transaction(self, slug: str, seq: int) -> TransactionPage:
        return _found({f"{page.foundation.slug}/{page.seq}": page for page in TRANSACTIONS}, f"{slug}/{seq}")

    def payments(self, asked: PaymentFilter, page: int) -> PaymentsPage:
        rows = () if asked.text == "niets" else ROWS
        return PaymentsPage(
            asked=asked,
            rows=rows,
            total=100_000 if rows else 0,
            out_minor=5_467_40,
            in_minor=20_000_00,
            currency=EUR,
            page=page,
            pages=2000,
            foundations=FOUNDATIONS,
            initiatives=tuple(card.link for card in _cards()),
            months=(dt.date(2026, 3, 1), dt.date(2026, 2, 1)),
        )

    def rules(self) -> tuple[RuleSummary, ...]:
        return RULES

    def rule(self, rule_id: str) -> RulePage:
        return rule_page(rule_id, _found(SCORES, rule_id))

    def verify(self) -> VerifyPage:
        return self.verify_page


T = TypeVar("T")


def _found(pages: Mapping[str, T], key: str) -> T:
    if key not in pages:
        raise PageMissing
    return pages[key]


PUBLIC_PATHS = (
    "/",
    "/stichting/merelveld-samen",
    "/stichting/kade-zeven",
    "/stichting/merelveld-samen/hoe-snel",
    "/initiatief/moestuin",
    "/initiatief/oever",
    *(f"/betaling/{page.foundation.slug}/{page.seq}" for page in TRANSACTIONS),
    "/betalingen",
    "/betalingen?zoek=niets",
    "/betalingen?stichting=kade-zeven&maand=2026-03&pagina=2",
    "/regels",
    *(f"/regels/{rule_id}" for rule_id in SCORES),
    "/controleer",
    "/uitleg",
    "/nergens",
)

USER = desks.DeskUser(
    name="Roos van Tevoren", roles=("treasurer", "officer"), csrf_token="token", inbox=True, treasury=True
)
CHOICES = (
    desks.ChoiceGroup(
        label="Moestuin aan de Merelkade",
        choices=(
            desks.Choice(value="moestuin/planten", label="planten"),
            desks.Choice(value="moestuin/gereedschap", label="gereedschap"),
        ),
    ),
    desks.ChoiceGroup(label="Geveltuinen", choices=(desks.Choice(value="geveltuin/planten", label="planten"),)),
)
PREVIEW_LINES = (
    desks.PreviewLine(
        number=1,
        booked_on=dt.date(2026, 3, 3),
        amount_minor=-120_00,
        counterparty="Bouwmarkt Zon",
        remittance="Bon 8812 hout en schroeven",
        state="new",
    ),
    desks.PreviewLine(
        number=2, booked_on=dt.date(2026, 3, 3), amount_minor=-9_95, counterparty=None, remittance=None, state="known"
    ),
    desks.PreviewLine(
        number=3,
        booked_on=dt.date(2026, 3, 4),
        amount_minor=-120_00,
        counterparty="Bouwmarkt Zon",
        remittance="Bon 8813",
        state="twin",
    ),
)
STATEMENT = desks.PreviewStatement(
    account="NL02ABNA0123456789",
    number="2026/3",
    from_date=dt.date(2026, 3, 1),
    to_date=dt.date(2026, 3, 7),
    currency=EUR,
    opening_minor=73_405_60,
    in_minor=0,
    out_minor=249_95,
    closing_minor=73_155_65,
    new=2,
    known=1,
    twins=1,
    lines=PREVIEW_LINES,
)
PREVIEW = desks.UploadPreviewPage(
    user=USER,
    foundation=MERELVELD,
    csrf_token="token",
    draft="d1",
    filename="maart.xml",
    format="CAMT.053",
    statements=(STATEMENT,),
)
STOPPED = replace(
    PREVIEW,
    statements=(
        replace(
            STATEMENT,
            opening_minor=None,
            number=None,
            problems=("Het beginsaldo past niet bij het vorige afschrift: € 73.405,60 en € 73.000,00.",),
        ),
    ),
)
NOTHING_NEW = replace(
    PREVIEW, statements=(replace(STATEMENT, new=0, twins=0, lines=(PREVIEW_LINES[1],), closing_minor=None),)
)
LINK = linking.UploadLinkPage(
    user=USER,
    foundation=MERELVELD,
    csrf_token="token",
    draft="d1",
    count=2,
    suggested=1,
    rows=(
        linking.LinkRow(
            field="line-1",
            booked_on=dt.date(2026, 3, 3),
            amount_minor=-120_00,
            currency=EUR,
            counterparty="Bouwmarkt Zon",
            remittance="Bon 8812 hout en schroeven",
            chosen="moestuin/gereedschap",
            why="Het besluit van 28 januari noemt deze begunstigde.",
        ),
        linking.LinkRow(
            field="line-3",
            booked_on=dt.date(2026, 3, 4),
            amount_minor=-120_00,
            currency=EUR,
            counterparty=None,
            remittance=None,
        ),
    ),
    groups=CHOICES,
    errors=(desks.FieldError(field="line-3", message="Kies een initiatief dat nog loopt."),),
)
CHECK = linking.UploadCheckPage(
    user=USER,
    foundation=MERELVELD,
    csrf_token="token",
    draft="d1",
    currency=EUR,
    lines=(
        linking.CheckLine(
            initiative="Moestuin aan de Merelkade", category="gereedschap", payments=1, amount_minor=120_00
        ),
        linking.CheckLine(initiative=None, category=None, payments=1, amount_minor=120_00),
    ),
    new=2,
    before=_sums(MERELVELD),
    after=replace(
        _sums(MERELVELD),
        explained_minor=_sums(MERELVELD).explained_minor + 120_00,
        unexplained_minor=_sums(MERELVELD).unexplained_minor + 120_00,
    ),
)
RECEIPT = desks.UploadReceiptPage(
    user=USER,
    foundation=MERELVELD,
    number="2026-0042",
    new=2,
    known=1,
    looked_at=1,
    checkpoint_size=1206,
    root_short="k1sT7wQz",
)
SECOND_PREVIEW = replace(PREVIEW, confirms=1, statements=())
SECOND_CHECK = replace(CHECK, new=0, lines=(), confirms=1)
SECOND_RECEIPT = replace(RECEIPT, new=0, number="", confirmed=1)
STATEMENT_ROW = statements.StatementRow(
    account="NL02ABNA0123456789",
    from_date=dt.date(2026, 2, 1),
    to_date=dt.date(2026, 2, 28),
    closing_minor=81_204_50,
    currency="EUR",
    brought_by="the treasurer",
    brought_on=dt.date(2026, 3, 2),
    state="seen",
    seen_by="the second signatory",
    seen_on=dt.date(2026, 3, 3),
)
UNSEEN_ROW = replace(STATEMENT_ROW, seen_by=None, seen_on=None)
STATEMENTS = statements.StatementsPage(
    user=USER,
    foundation=MERELVELD,
    rows=(
        replace(UNSEEN_ROW, state="waiting"),
        replace(UNSEEN_ROW, state="yours", from_date=None),
        STATEMENT_ROW,
        replace(UNSEEN_ROW, state="differs"),
        replace(UNSEEN_ROW, state="nobody", from_date=None, to_date=None, closing_minor=None),
    ),
)
NO_STATEMENTS = replace(STATEMENTS, rows=())
OPEN_ROWS = tuple(replace(row, field=f"line-{seq}", seq=seq, whole_minor=None) for seq, row in enumerate(LINK.rows, 7))
EXPLAIN = explaining.ExplainPage(
    user=USER,
    foundation=MERELVELD,
    csrf_token="token",
    currency="EUR",
    payments=102,
    amount_minor=3_240_00,
    rows=OPEN_ROWS,
    refunds=(replace(OPEN_ROWS[0], field="line-70", seq=70, amount_minor=12_50, whole_minor=20_00, why=None),),
    recent=(replace(OPEN_ROWS[0], amount_minor=0, whole_minor=-12_50),),
    groups=LINK.groups,
    number=2,
    pages=3,
    may_link=True,
    done=explaining.ExplainedReceipt(lines=3, amount_minor=240_00),
    errors=(desks.FieldError(field="line-7", message="Kies een initiatief dat nog loopt."),),
)
SPLIT = explaining.SplitPage(
    user=USER,
    foundation=MERELVELD,
    csrf_token="token",
    seq=7,
    booked_on=OPEN_ROWS[0].booked_on,
    amount_minor=120_00,
    rest_minor=50_00,
    currency="EUR",
    paid=True,
    counterparty="Bouwmarkt Zon",
    remittance="Nota 12",
    linked=(linking.LinkedPart(initiative="Moestuin", category="planten", amount_minor=70_00),),
    parts=(
        linking.PartRow(number=1, target="moestuin/planten", amount="60"),
        linking.PartRow(number=2),
    ),
    groups=LINK.groups,
    may_link=True,
    errors=(desks.FieldError(field="amount-1", message="Dat is te veel."),),
)
ALWAYS = "betalingen naar NL91 ABNA 0417 1643 00"
DIVIDED_ROW = replace(
    LINK.rows[0],
    field="line-0-9",
    parts=(
        linking.LinkedPart(initiative="Moestuin", category="planten", amount_minor=70_00),
        linking.LinkedPart(initiative="Moestuin", category="hout", amount_minor=50_00),
    ),
)
LINK_ALWAYS = replace(LINK, rows=(DIVIDED_ROW, replace(LINK.rows[0], always=ALWAYS)), errors=())
REFUND_ROW = replace(LINK.rows[0], amount_minor=12_50, parts=(), remittance=None, counterparty=None)
UPLOAD_SPLIT = linking.UploadSplitPage(
    user=USER,
    foundation=MERELVELD,
    csrf_token="token",
    draft="d1",
    line="0-3",
    row=LINK.rows[0],
    divided=True,
    parts=SPLIT.parts,
    groups=LINK.groups,
    errors=SPLIT.errors,
)
CHECKED_LINES = replace(
    CHECK,
    rows=(
        replace(DIVIDED_ROW, why="De vorige betaling was hier ook voor."),
        replace(DIVIDED_ROW, parts=(), why=None),
        REFUND_ROW,
    ),
    count=120,
    answered=2,
    rules=(f"{ALWAYS}: Moestuin, planten",),
)
RULE = standing.RuleRow(
    id="r1",
    what=ALWAYS,
    payee="Kwekerij Groenmoes",
    initiative="Moestuin",
    category="planten",
    idle=False,
    made_by="Roos van Tevoren",
    made_on=dt.date(2026, 3, 5),
    matched=12,
)
STANDING = standing.RulesPage(
    user=USER,
    foundation=MERELVELD,
    csrf_token="token",
    standing=(RULE, replace(RULE, id="r2", payee=None, idle=True, matched=0)),
    ended=(replace(RULE, id="r3", ended_by="Roos van Tevoren", ended_on=dt.date(2026, 4, 1)),),
    may_end=True,
)
TEXT = texts.TextRow(
    seq=7,
    booked_on=dt.date(2026, 3, 2),
    amount_minor=-120_00,
    currency="EUR",
    counterparty="P. Vanverre",
    words=(
        texts.TextWord(number=0, word="taart", hidden=False),
        texts.TextWord(number=1, word="Vanverre", hidden=True),
    ),
    shown=None,
    chosen=True,
)
TEXTS = texts.TextsPage(
    user=USER,
    foundation=MERELVELD,
    csrf_token="token",
    rows=(TEXT, replace(TEXT, seq=8, counterparty=None, shown="taart \u25ae", chosen=False)),
    number=2,
    pages=3,
    may_release=True,
    statements=(17,),
    done=2,
    errors=(desks.FieldError(field="release-7", message="Er blijft niets over."),),
)
PAYEE = desks.PayeeRow(
    id="p1",
    name="Kwekerij Groenmoes",
    ibans=("NL91ABNA0417164300",),
    kvk="12345678",
    kind="een organisatie",
    starts=dt.date(2026, 3, 6),
    proposed_by="Roos van Tevoren",
    proposed_on=dt.date(2026, 3, 5),
    approved_by=None,
    approved_on=None,
    may_approve=True,
)
PAYEES = desks.PayeesPage(
    user=USER,
    foundation=MERELVELD,
    csrf_token="token",
    waiting=(PAYEE, replace(PAYEE, id="p2", name="Drukkerij Inktvis", kvk=None, kind=None, may_approve=False)),
    approved=(
        replace(PAYEE, id="p3", name="Bouwmarkt Zon", approved_by="Bas Bezemsteel", approved_on=dt.date(2025, 7, 1)),
    ),
    others=("Bas Bezemsteel",),
    refused="p3",
    errors=(desks.FieldError(field="reason", message="Schrijf waarom."),),
)
WRONG = desks.FieldError(field="iban", message="Dit rekeningnummer klopt niet. Kijk het nog eens na.")
PAYEE_FORM = desks.PayeeForm(
    user=USER,
    foundation=MERELVELD,
    csrf_token="token",
    kinds=(
        desks.Choice(value="organisation", label="organisatie"),
        desks.Choice(value="private", label="privépersoon"),
    ),
    name="Kwekerij Groenmoes",
    iban="NL00",
    errors=(WRONG,),
)
DECISION = desks.DecisionRow(
    id="b1",
    payee="Bouwmarkt Zon",
    ceiling_minor=800_00,
    month_ceiling_minor=None,
    currency=EUR,
    purpose="Hout voor de bakken",
    initiative="Moestuin aan de Merelkade",
    starts=dt.date(2026, 2, 1),
    ends=dt.date(2026, 3, 31),
    proposed_by="Roos van Tevoren",
    proposed_on=dt.date(2026, 1, 28),
    approved_by=None,
    approved_on=None,
    may_approve=True,
)
DECISIONS = desks.DecisionsPage(
    user=USER,
    foundation=MERELVELD,
    csrf_token="token",
    waiting=(DECISION, replace(DECISION, id="b2", payee=None, month_ceiling_minor=1_250_00, may_approve=False)),
    approved=(
        replace(DECISION, id="b3", initiative=None, approved_by="Bas Bezemsteel", approved_on=dt.date(2026, 1, 29)),
    ),
    others=("Bas Bezemsteel",),
)
DECISION_FORM = desks.DecisionForm(
    user=USER,
    foundation=MERELVELD,
    csrf_token="token",
    payees=(desks.Choice(value="p3", label="Bouwmarkt Zon"),),
    targets=CHOICES,
)
CASE_TITLE = cases.CaseTitle(
    what=FOUND_RULES["PAY-01"].title,
    who="P. Vanverre",
    amount_minor=4_800_00,
    currency=EUR,
    payments=1,
    days="2 maart",
)
INBOX = cases.InboxPage(
    user=USER,
    csrf_token="token",
    yours=(
        cases.InboxRow(
            id="z1",
            foundation=MERELVELD,
            severity="high",
            state="open",
            since="4 maart",
            title=CASE_TITLE,
        ),
    ),
    others=(
        cases.InboxRow(
            id="z2",
            foundation=KADE,
            severity="medium",
            state="explained",
            since="20 februari",
            title=cases.CaseTitle(what="Een afschrift dat niet aansluit"),
        ),
    ),
    waiting=21,
    tied=1,
)
CASE_PAYMENT = cases.CasePayment(
    foundation=MERELVELD,
    seq=411,
    booked_on=dt.date(2026, 3, 2),
    amount_minor=-4_800_00,
    currency=EUR,
    counterparty="P. Vanverre",
    iban="NL20INGB0001234567",
    remittance="voorschot",
)
INBOX = replace(
    INBOX,
    hints=(
        cases.HintRow(
            id="5e" * 32,
            foundation=MERELVELD,
            since="4 maart",
            title=CASE_TITLE,
            finding=cases.CaseFinding(
                rule="AMT-01",
                title="The same amount was paid twice",
                severity="medium",
                reasons=("Op 2 en 4 maart ging twee keer hetzelfde bedrag naar dezelfde rekening.",),
                payments=(CASE_PAYMENT, replace(CASE_PAYMENT, seq=413)),
                evidence=(),
            ),
        ),
    ),
)
CASE = cases.CasePage(
    user=USER,
    csrf_token="token",
    id="z1",
    foundation=MERELVELD,
    severity="high",
    state="under_review",
    since="4 maart",
    title=CASE_TITLE,
    turn="Nu moet een medewerker van het stadsdeel oordelen.",
    findings=(
        cases.CaseFinding(
            rule="PAY-01",
            title=FOUND_RULES["PAY-01"].title,
            severity="high",
            reasons=("Deze rekening stond op 2 maart niet in het register.", "Er was geen besluit."),
            payments=(CASE_PAYMENT,),
            evidence=(desks.EvidenceLine(label="Register op 2 maart", value="12 begunstigden, deze niet"),),
        ),
    ),
    payments=(CASE_PAYMENT, replace(CASE_PAYMENT, seq=412, amount_minor=20_00, counterparty=None, iban=None)),
    events=(
        cases.CaseEvent(at=SIGNED, state="open", actor="regel PAY-01", reason=None),
        cases.CaseEvent(at=SIGNED, state="under_review", actor="medewerker 7c1f", reason="We vragen om de bon."),
    ),
    actions=("accept", "escalate"),
    needs_second=True,
    errors=(desks.FieldError(field="action", message="Kies wat u doet."),),
)
DESK_HOME = desks.DeskHomePage(
    user=USER,
    foundations=(desks.DeskFoundation(link=MERELVELD, sums=_sums(MERELVELD), badge=FRESH),),
    waiting=(
        desks.Waiting(text="betalingen nog niet toegelicht", count=7, url="/betalingen"),
        desks.Waiting(text="begunstigde wacht op uw akkoord", count=1, url="/betalingen"),
    ),
    latest=ROWS[:2],
)
SIGN_IN = desks.SignInPage(csrf_token="token")
UPLOAD = desks.UploadPage(user=USER, foundation=MERELVELD, csrf_token="token")

PROGRESS = uploading.UploadProgressPage(
    user=USER,
    foundation=MERELVELD,
    csrf_token="token",
    draft="d1",
    filename="2026.xml",
    booking=False,
    words="18.400 van 100.000 regels zijn vergeleken met het boek.",
    done=18_400,
    whole=100_000,
)
LONG_STATEMENT = replace(STATEMENT, new=99_999, alike=(PREVIEW_LINES[0],))
LINES = uploading.UploadLinesPage(
    user=USER,
    foundation=MERELVELD,
    draft="d1",
    statement=0,
    account="NL02ABNA0123456789",
    currency=EUR,
    lines=PREVIEW_LINES,
    whole=603,
    page=2,
    pages=4,
)
PROPOSED_ACCOUNT = accounts.ProposedAccount(
    id="a1",
    iban="NL91ABNA0417164300",
    holder="Stichting Merelveld Samen",
    mandate="twee mensen samen",
    proposed_by="Sanne Zwaluw",
    proposed_on=dt.date(2026, 3, 8),
    may_approve=True,
)
ACCOUNTS = accounts.AccountsPage(
    user=USER,
    foundation=MERELVELD,
    csrf_token="token",
    waiting=(PROPOSED_ACCOUNT, replace(PROPOSED_ACCOUNT, id="a2", may_approve=False)),
    declared=(
        accounts.AccountRow(iban="NL02ABNA0123456789", mandate="één iemand alleen", declared_on=dt.date(2026, 1, 1)),
    ),
    others=("Bram Bezem",),
)
UNDECLARED = accounts.UndeclaredAccount(
    iban="NL91ABNA0417164300", holder="Stichting Merelveld Samen", mandate="together", refused=True
)
WHOSE = accounts.UploadAccountPage(
    user=USER,
    foundation=MERELVELD,
    csrf_token="token",
    draft="d1",
    filename="maart.xml",
    undeclared=(UNDECLARED, replace(UNDECLARED, iban="NL69INGB0123456789", waits=PROPOSED_ACCOUNT)),
    mandates=(desks.Choice(value="together", label="twee mensen samen"), desks.Choice(value="alone", label="één")),
    others=("Bram Bezem",),
)
WHICH = replace(
    WHOSE,
    undeclared=(),
    choices=(desks.Choice(value="NL02ABNA0123456789", label="NL02ABNA0123456789"),),
    errors=(desks.FieldError(field="account", message="Kies een rekening."),),
)
DELIVERIES = deliveries.DeliveriesPage(
    user=USER,
    csrf_token="token",
    rows=(
        deliveries.DeliveryRow(
            key="k1",
            foundation=MERELVELD,
            filename="camt-NL02…6789.xml",
            refused_at=dt.datetime(2026, 3, 8, 6, 30, tzinfo=dt.UTC),
            why="Een bladzijde van dit afschrift ontbreekt.",
        ),
        deliveries.DeliveryRow(
            key="k2",
            foundation=None,
            filename="onbekend.txt",
            refused_at=dt.datetime(2026, 3, 8, 6, 30, tzinfo=dt.UTC),
            why="Dit bestand kan niet gelezen worden.",
        ),
    ),
)
MENDED = (desks.FieldError(field="holder", message="Vul in op wiens naam de rekening staat."),)
DESK_PAGES: dict[str, tuple[str, object]] = {
    "progress": ("desks/upload_progress.html", PROGRESS),
    "progress-begins": ("desks/upload_progress.html", replace(PROGRESS, booking=True, done=0, whole=0)),
    "preview-long": ("desks/upload_preview.html", replace(PREVIEW, statements=(LONG_STATEMENT,))),
    "lines": ("desks/upload_lines.html", LINES),
    "accounts": ("desks/accounts.html", ACCOUNTS),
    "accounts-none": ("desks/accounts.html", replace(ACCOUNTS, waiting=(), declared=(), others=())),
    "account-whose": ("desks/upload_account.html", WHOSE),
    "account-waits": (
        "desks/upload_account.html",
        replace(WHOSE, undeclared=(replace(UNDECLARED, waits=PROPOSED_ACCOUNT),)),
    ),
    "account-mend": (
        "desks/upload_account.html",
        replace(WHOSE, undeclared=(replace(UNDECLARED, errors=MENDED),), errors=MENDED),
    ),
    "account-which": ("desks/upload_account.html", WHICH),
    "account-none": ("desks/upload_account.html", replace(WHICH, choices=(), errors=())),
    "check-broken-off": (
        "desks/upload_check.html",
        replace(CHECK, errors=(desks.FieldError(field="book", message="Probeer het opnieuw."),)),
    ),
    "deliveries": ("desks/deliveries.html", DELIVERIES),
    "deliveries-none": ("desks/deliveries.html", replace(DELIVERIES, rows=())),
    "sign-in": ("desks/sign_in.html", SIGN_IN),
    "sign-in-wrong": (
        "desks/sign_in.html",
        replace(SIGN_IN, errors=(desks.FieldError(field="email", message="Dit klopt niet."),)),
    ),
    "desk": ("desks/home.html", DESK_HOME),
    "desk-calm": ("desks/home.html", replace(DESK_HOME, waiting=(), foundations=())),
    "upload": ("desks/upload.html", UPLOAD),
    "preview": ("desks/upload_preview.html", PREVIEW),
    "preview-stop": ("desks/upload_preview.html", STOPPED),
    "preview-reason": (
        "desks/upload_preview.html",
        replace(STOPPED, may_accept=True, errors=(desks.FieldError(field="reason", message="Schrijf de reden op."),)),
    ),
    "preview-known": ("desks/upload_preview.html", NOTHING_NEW),
    "link": ("desks/upload_link.html", LINK),
    "check": ("desks/upload_check.html", CHECK),
    "check-reason": (
        "desks/upload_check.html",
        replace(CHECK, problems=("Er ontbreekt een bladzijde.",), reason="De bank geeft geen ander bestand."),
    ),
    "check-lines": ("desks/upload_check.html", CHECKED_LINES),
    "upload-split": ("desks/upload_split.html", UPLOAD_SPLIT),
    "upload-split-in": ("desks/upload_split.html", replace(UPLOAD_SPLIT, divided=False, row=REFUND_ROW, errors=())),
    "link-long": ("desks/upload_link.html", replace(LINK, count=250, before=100, page=2, pages=3, errors=())),
    "link-split": ("desks/upload_link.html", LINK_ALWAYS),
    "preview-answered": ("desks/upload_preview.html", replace(PREVIEW, answered=True)),
    "texts": ("desks/texts.html", TEXTS),
    "texts-look": ("desks/texts.html", replace(TEXTS, may_release=False, errors=(), done=0, statements=(), pages=1)),
    "texts-none": ("desks/texts.html", replace(TEXTS, rows=(), errors=())),
    "texts-not-found": ("desks/texts.html", replace(TEXTS, rows=(), search="zon", errors=())),
    "receipt-texts": ("desks/upload_receipt.html", replace(RECEIPT, statements=[17, 40])),
    "standing": ("desks/standing.html", STANDING),
    "standing-none": ("desks/standing.html", replace(STANDING, standing=(), ended=(), may_end=False)),
    "split-always": ("desks/split.html", replace(SPLIT, rest_minor=0, always=ALWAYS, errors=())),
    "split-ruled": ("desks/split.html", replace(SPLIT, rest_minor=0, ruled=True, errors=())),
    "receipt": ("desks/upload_receipt.html", RECEIPT),
    "preview-second": ("desks/upload_preview.html", SECOND_PREVIEW),
    "check-second": ("desks/upload_check.html", SECOND_CHECK),
    "receipt-second": ("desks/upload_receipt.html", SECOND_RECEIPT),
    "statements": ("desks/statements.html", STATEMENTS),
    "statements-none": ("desks/statements.html", NO_STATEMENTS),
    "receipt-open": ("desks/upload_receipt.html", replace(RECEIPT, unexplained=3)),
    "explain": ("desks/explain.html", EXPLAIN),
    "explain-look": ("desks/explain.html", replace(EXPLAIN, may_link=False, done=None, errors=())),
    "explain-none": (
        "desks/explain.html",
        replace(EXPLAIN, payments=0, rows=(), refunds=(), recent=(), number=1, pages=1, errors=()),
    ),
    "split": ("desks/split.html", SPLIT),
    "split-none": ("desks/split.html", replace(SPLIT, linked=(), paid=False, may_link=False, errors=())),
    "split-done": ("desks/split.html", replace(SPLIT, rest_minor=0, done=EXPLAIN.done, errors=())),
    "payees": ("desks/payees.html", PAYEES),
    "payees-none": ("desks/payees.html", replace(PAYEES, waiting=(), approved=(), others=(), errors=())),
    "payees-not-found": ("desks/payees.html", replace(PAYEES, waiting=(), approved=(), search="zon", errors=())),
    "payee-new": ("desks/payee_new.html", PAYEE_FORM),
    "decisions": ("desks/decisions.html", DECISIONS),
    "decisions-none": ("desks/decisions.html", replace(DECISIONS, waiting=(), approved=())),
    "decision-new": ("desks/decision_new.html", DECISION_FORM),
    "inbox": ("desks/inbox.html", INBOX),
    "inbox-empty": ("desks/inbox.html", replace(INBOX, yours=(), others=(), tied=0)),
    "inbox-waiting": ("desks/inbox.html", replace(INBOX, yours=(), tied=0)),
    "case": ("desks/case.html", CASE),
    "case-idle": ("desks/case.html", replace(CASE, actions=(), events=(), errors=())),
    "case-one-step": (
        "desks/case.html",
        replace(CASE, actions=("take_up",), title=cases.CaseTitle(what="Een afschrift"), payments=(), errors=()),
    ),
}
DESK_RULES = {
    "texts": "/werk/<slug>/teksten",
    "text_hide": "/werk/<slug>/teksten/<int:seq>/verbergen",
    "accounts": "/werk/<slug>/rekeningen",
    "account_approve": "/werk/<slug>/rekeningen/<proposal>/akkoord",
    "account_refuse": "/werk/<slug>/rekeningen/<proposal>/weigeren",
    "upload_account": "/werk/afschrift/<draft>/rekening",
    "upload_cancel": "/werk/afschrift/<draft>/annuleren",
    "upload_lines": "/werk/afschrift/<draft>/regels/<int:statement>/<int:page>",
    "deliveries": "/werk/leveringen",
    "delivery_seen": "/werk/leveringen/<key>/gezien",
    "upload_split": "/werk/afschrift/<draft>/koppelen/<line>",
    "split_always": "/werk/<slug>/toelichten/<int:seq>/altijd",
    "standing": "/werk/<slug>/vaste-regels",
    "standing_end": "/werk/<slug>/vaste-regels/<rule>/einde",
    "sign_in": "/aanmelden",
    "sign_out": "/afmelden",
    "home": "/werk",
    "upload": "/werk/<slug>/afschrift",
    "upload_preview": "/werk/afschrift/<draft>/bekijken",
    "upload_link": "/werk/afschrift/<draft>/koppelen",
    "upload_check": "/werk/afschrift/<draft>/nakijken",
    "upload_receipt": "/werk/afschrift/<draft>/klaar",
    "statements": "/werk/<slug>/afschriften",
    "explain": "/werk/<slug>/toelichten",
    "split": "/werk/<slug>/toelichten/<int:seq>",
    "split_undo": "/werk/<slug>/toelichten/<int:seq>/ongedaan",
    "payees": "/werk/<slug>/begunstigden",
    "payee_new": "/werk/<slug>/begunstigden/nieuw",
    "payee_approve": "/werk/<slug>/begunstigden/<payee>/akkoord",
    "payee_revoke": "/werk/<slug>/begunstigden/<payee>/intrekken",
    "decisions": "/werk/<slug>/besluiten",
    "decision_new": "/werk/<slug>/besluiten/nieuw",
    "decision_approve": "/werk/<slug>/besluiten/<decision>/akkoord",
    "decision_withdraw": "/werk/<slug>/besluiten/<decision>/intrekken",
    "inbox": "/werk/postvak",
    "hint": "/werk/aanwijzing/<hint>",
    "case": "/werk/zaak/<case>",
}


def desk_blueprint() -> Blueprint:
    """The desks' endpoints by name, and every sample page under /sample/<name>."""
    blueprint = Blueprint("desks", "sample")
    for endpoint, rule in DESK_RULES.items():
        blueprint.add_url_rule(rule, endpoint, lambda **_: "", methods=["GET", "POST"])

    @blueprint.get("/sample/<name>")
    def show(name: str) -> str:
        template, page = DESK_PAGES[name]
        return render_template(template, page=page)

    return blueprint
