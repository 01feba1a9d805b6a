"""The fictional district: its round, who holds the money, its grants and initiatives.

The year runs from November to October, so that a month's number says which month is meant.
Budgets fit into grants and grants into the round. Amounts are hundredths of a euro
(`*_minor`) except in the tables, which read as euros.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Literal
from typing import TypeAlias

from dashboards.demo.chance import fictional_iban

NAME = "Stadsdeel Merelwoude"
ORIGIN = "buurtkas.example/merelwoude"
NEIGHBOURHOOD = "Kruidenhoek"
ROUND, ROUND_MINOR = "ronde-2026", 625_000_00
THEMES = ("groen", "samen", "jeugd")
OPENED_AT = dt.datetime(2025, 10, 30, 8, 0, tzinfo=dt.UTC)
MONTHS = (11, 12, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10)
YEAR = 2026
"""The year in which the demonstration's year ends."""
LIMIT_MINOR = 250_00
GRANT_STARTS, GRANT_ENDS = dt.date(2025, 10, 15), dt.date(2026, 12, 31)
DISTRICT_IBAN = fictional_iban(NAME)

Format: TypeAlias = Literal["camt.053.001.02", "camt.053.001.08", "ing", "mt940", "rabobank"]
Kind: TypeAlias = Literal["foundation", "intermediary", "residents", "district"]


def date_of(month: int, number: int) -> dt.date:
    """Return a day of the demonstration's year."""
    return dt.date(YEAR - 1 if month >= MONTHS[0] else YEAR, month, number)


def after(month: int) -> int:
    """Return the number of the next month."""
    return month % 12 + 1


@dataclass(frozen=True, slots=True)
class Account:
    """One bank account; accounts of one foundation with one format share the bank's file."""

    key: str
    iban: str
    format: Format
    opening_minor: int = 0


@dataclass(frozen=True, slots=True)
class Foundation:
    """Whoever keeps or spends the money.

    Attributes:
        mandate: Whether one person can pay, or only two together.
        accounts: The first pays, unless a grant has an account of its own. The district has none:
            it pays from its own financial system.
        tranches: What the district pays: (day, hundredths, grant).
    """

    slug: str
    name: str
    kind: Kind
    mandate: Literal["alone", "together"]
    accounts: tuple[Account, ...] = ()
    tranches: tuple[tuple[dt.date, int, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Grant:
    """An amount out of the round for a foundation, kept on the account named by its key."""

    foundation: str
    reference: str
    amount_minor: int
    account: str = "current"


@dataclass(frozen=True, slots=True)
class Initiative:
    """What neighbours do with it. `budget` is (category, whole euros)."""

    foundation: str
    grant: str
    theme: str
    slug: str
    name: str
    promise: str
    budget: tuple[tuple[str, int], ...]


FOUNDATIONS = (
    Foundation(
        "ekster",
        "Stichting Buurtwerk De Ekster",
        "foundation",
        "together",
        (
            Account("current", fictional_iban("ekster/current", "MERL"), "camt.053.001.02", 3_214_55),
            Account("savings", fictional_iban("ekster/savings", "MERL"), "camt.053.001.02"),
        ),
        (
            (date_of(11, 6), 60_000_00, "MW-2026-01"),
            (date_of(3, 3), 40_000_00, "MW-2026-01"),
            (date_of(3, 3), 20_000_00, "MW-2026-02"),
            (date_of(7, 2), 40_000_00, "MW-2026-02"),
        ),
    ),
    Foundation(
        "melkput",
        "Stichting Rond de Melkput",
        "foundation",
        "alone",
        (Account("current", fictional_iban("melkput/current", "WILG"), "camt.053.001.08", 2_876_20),),
        (
            (date_of(11, 5), 80_000_00, "MW-2026-03"),
            (date_of(2, 4), 70_000_00, "MW-2026-03"),
            (date_of(6, 3), 100_000_00, "MW-2026-06"),
        ),
    ),
    Foundation(
        "steunpunt",
        "Steunpunt Kruidenhoek",
        "intermediary",
        "together",
        (
            Account("current", fictional_iban("steunpunt/current", "INGB"), "ing", 2_640_00),
            Account("second", fictional_iban("steunpunt/second", "ABNA"), "mt940", 415_75),
        ),
        (
            (date_of(11, 7), 60_000_00, "MW-2026-04"),
            (date_of(11, 7), 30_000_00, "MW-2026-05"),
            (date_of(4, 8), 25_000_00, "MW-2026-04"),
            (date_of(4, 8), 20_000_00, "MW-2026-05"),
        ),
    ),
    Foundation(
        "stoepgroep",
        "Bewonersgroep De Stoep",
        "residents",
        "together",
        (Account("current", fictional_iban("stoepgroep/current", "RABO"), "rabobank", 350_10),),
        ((date_of(11, 10), 9_000_00, "MW-2026-07"), (date_of(5, 12), 5_000_00, "MW-2026-07")),
    ),
    Foundation("merelwoude", NAME, "district", "together"),
)

GRANTS = (
    Grant("ekster", "MW-2026-01", 100_000_00),
    Grant("ekster", "MW-2026-02", 60_000_00),
    Grant("melkput", "MW-2026-03", 150_000_00),
    Grant("melkput", "MW-2026-06", 100_000_00),
    Grant("steunpunt", "MW-2026-04", 85_000_00),
    Grant("steunpunt", "MW-2026-05", 50_000_00, "second"),
    Grant("stoepgroep", "MW-2026-07", 14_000_00),
    Grant("merelwoude", "MW-2026-08", 38_000_00),
)

INITIATIVES = (
    Initiative(
        "ekster",
        "MW-2026-01",
        "groen",
        "buurttuin-de-ekster",
        "Buurttuin De Ekster",
        "Van het lege veld achter de school maken we een tuin waar iedereen mag plukken, zitten en werken.",
        (("planten", 10_000), ("gereedschap", 8_000), ("tegels", 16_750), ("water", 5_000), ("koffie", 1_500)),
    ),
    Initiative(
        "ekster",
        "MW-2026-01",
        "samen",
        "soep-op-woensdag",
        "Soep op woensdag",
        "Elke woensdag staat er soep klaar voor wie wil aanschuiven. Buren koken, buren eten.",
        (("boodschappen", 15_000), ("keuken", 6_000), ("vrijwilligers", 4_000), ("huur", 4_500), ("overig", 1_000)),
    ),
    Initiative(
        "ekster",
        "MW-2026-01",
        "samen",
        "zomerfeest",
        "Zomerfeest op het Kruidenplein",
        "Een dag lang muziek, spelletjes en eten van alle buren, op zaterdag 11 juli.",
        (("muziek", 5_500), ("tent", 7_250), ("eten", 4_000), ("drukwerk", 1_500), ("veiligheid", 1_000)),
    ),
    Initiative(
        "ekster",
        "MW-2026-02",
        "jeugd",
        "speelplek-de-krekel",
        "Speelplek De Krekel",
        "Kinderen tekenen zelf hun speelplek. In het voorjaar van 2027 wordt hij gebouwd.",
        (("ontwerp", 6_000), ("toestellen", 36_000), ("ondergrond", 10_000), ("inspraak", 1_500)),
    ),
    Initiative(
        "melkput",
        "MW-2026-03",
        "samen",
        "huiskamer-de-melkput",
        "Huiskamer De Melkput",
        "Zes dagen per week een open deur, koffie en iemand die luistert.",
        (
            ("huur", 20_000),
            ("koffie", 5_000),
            ("meubels", 14_000),
            ("energie", 6_000),
            ("vrijwilligers", 5_000),
            ("overig", 1_500),
        ),
    ),
    Initiative(
        "melkput",
        "MW-2026-03",
        "samen",
        "fietsles",
        "Fietsles voor iedereen",
        "Vijftig buren leren fietsen en krijgen daarna een opgeknapte fiets.",
        (("fietsen", 10_000), ("lessen", 11_000), ("onderhoud", 4_000)),
    ),
    Initiative(
        "melkput",
        "MW-2026-03",
        "groen",
        "reparatiecafe-het-lampje",
        "Reparatiecafé Het Lieve Lampje",
        "Elke zaterdag repareren we samen wat kapot is, zodat het niet bij het afval komt.",
        (("gereedschap", 6_000), ("onderdelen", 5_500), ("koffie", 1_500), ("drukwerk", 2_600)),
    ),
    Initiative(
        "melkput",
        "MW-2026-06",
        "samen",
        "pleinkeuken",
        "Pleinkeuken De Deksel",
        "Een keuken op wielen die elke maand op een ander plein staat, met kookles voor wie wil.",
        (("bakfiets", 14_000), ("boodschappen", 9_000), ("kookles", 8_000), ("drukwerk", 2_000)),
    ),
    Initiative(
        "steunpunt",
        "MW-2026-04",
        "jeugd",
        "jongerenlab-vuurvliegje",
        "Jongerenlab Het Vuurvliegje",
        "Een plek waar jongeren van 12 tot 18 films, muziek en robots maken.",
        (("apparatuur", 20_000), ("begeleiding", 23_500), ("huur", 8_250), ("eten", 4_000)),
    ),
    Initiative(
        "steunpunt",
        "MW-2026-04",
        "samen",
        "taalcafe-pluk-een-woord",
        "Taalcafé Pluk een Woord",
        "Twee keer per week Nederlands oefenen aan tafel, met oppas voor de kinderen.",
        (("lesmateriaal", 6_000), ("oppas", 6_500), ("koffie", 3_500), ("huur", 4_500), ("overig", 1_000)),
    ),
    Initiative(
        "steunpunt",
        "MW-2026-05",
        "groen",
        "honderd-geveltuintjes",
        "Honderd geveltuintjes",
        "Honderd tegels eruit, honderd tuintjes erin, van deur tot deur.",
        (("planten", 12_000), ("tegels", 9_000), ("drukwerk", 2_000), ("gereedschap", 3_000)),
    ),
    Initiative(
        "steunpunt",
        "MW-2026-05",
        "jeugd",
        "muurschildering",
        "Muurschildering onder het viaduct",
        "Jongeren en een kunstenaar maken de donkere onderdoorgang licht en vrolijk.",
        (("kunstenaar", 7_250), ("verf", 5_000), ("steiger", 3_250)),
    ),
    Initiative(
        "stoepgroep",
        "MW-2026-07",
        "groen",
        "stoepbankjes",
        "Twaalf stoepbankjes",
        "Bewoners timmeren zelf twaalf bankjes en zetten ze voor hun deur.",
        (("hout", 5_000), ("gereedschap", 2_500), ("verf", 1_500), ("koffie", 750)),
    ),
    Initiative(
        "merelwoude",
        "MW-2026-08",
        "jeugd",
        "veilig-oversteken",
        "Veilig oversteken bij de school",
        "Het stadsdeel maakt op verzoek van de kinderen twee oversteekplaatsen bij de school.",
        (("straatwerk", 18_000), ("borden", 4_000), ("verf", 2_000)),
    ),
    Initiative(
        "merelwoude",
        "MW-2026-08",
        "groen",
        "plukbomen",
        "Plukbomen langs de gracht",
        "Twintig fruitbomen op openbare grond. Iedereen mag plukken.",
        (("bomen", 7_000), ("aanplant", 5_000), ("bordjes", 1_000)),
    ),
)


def account_of(initiative: str) -> str:
    """Return the key of the account from which an initiative is paid."""
    reference = next(item.grant for item in INITIATIVES if item.slug == initiative)
    return next(item.account for item in GRANTS if item.reference == reference)
