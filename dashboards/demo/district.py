"""The fictional district: its round, foundations, grants and initiatives.

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
ROUND, ROUND_MINOR = "ronde-2026", 450_000_00
THEMES = ("groen", "samen", "jeugd")
OPENED_AT = dt.datetime(2026, 4, 20, 8, 0, tzinfo=dt.UTC)
MONTHS = (5, 6, 7, 8, 9, 10)
YEAR = 2026
LIMIT_MINOR = 250_00
GRANT_STARTS, GRANT_ENDS = dt.date(2026, 4, 1), dt.date(2027, 3, 31)
DISTRICT_IBAN = fictional_iban(NAME)

Format: TypeAlias = Literal["camt.053.001.02", "camt.053.001.08", "ing"]


@dataclass(frozen=True, slots=True)
class Foundation:
    """Whoever holds an account.

    Attributes:
        mandate: Whether one person can pay, or only two together.
        tranches: What the district pays: (day, hundredths, grant).
    """

    slug: str
    name: str
    kind: Literal["foundation", "intermediary"]
    mandate: Literal["alone", "together"]
    format: Format
    current: str
    savings: str | None
    opening_minor: int
    tranches: tuple[tuple[dt.date, int, str], ...]


@dataclass(frozen=True, slots=True)
class Grant:
    """An amount out of the round for a foundation."""

    foundation: str
    reference: str
    amount_minor: int


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


def _day(month: int, day: int) -> dt.date:
    return dt.date(YEAR, month, day)


FOUNDATIONS = (
    Foundation(
        "ekster",
        "Stichting Buurtwerk De Ekster",
        "foundation",
        "together",
        "camt.053.001.02",
        fictional_iban("ekster/current", "MERL"),
        fictional_iban("ekster/savings", "MERL"),
        3_214_55,
        (
            (_day(5, 6), 60_000_00, "MW-2026-01"),
            (_day(7, 2), 30_000_00, "MW-2026-01"),
            (_day(7, 2), 20_000_00, "MW-2026-02"),
            (_day(10, 1), 40_000_00, "MW-2026-02"),
        ),
    ),
    Foundation(
        "melkput",
        "Stichting Rond de Melkput",
        "foundation",
        "alone",
        "camt.053.001.08",
        fictional_iban("melkput/current", "WILG"),
        None,
        2_876_20,
        ((_day(5, 5), 60_000_00, "MW-2026-03"), (_day(7, 3), 60_000_00, "MW-2026-03")),
    ),
    Foundation(
        "steunpunt",
        "Steunpunt Kruidenhoek",
        "intermediary",
        "together",
        "ing",
        fictional_iban("steunpunt/current", "INGB"),
        None,
        2_640_00,
        ((_day(5, 7), 70_000_00, "MW-2026-04"), (_day(8, 4), 60_000_00, "MW-2026-05")),
    ),
)

GRANTS = (
    Grant("ekster", "MW-2026-01", 90_000_00),
    Grant("ekster", "MW-2026-02", 60_000_00),
    Grant("melkput", "MW-2026-03", 120_000_00),
    Grant("steunpunt", "MW-2026-04", 70_000_00),
    Grant("steunpunt", "MW-2026-05", 60_000_00),
)

INITIATIVES = (
    Initiative(
        "ekster",
        "MW-2026-01",
        "groen",
        "buurttuin-de-ekster",
        "Buurttuin De Ekster",
        "Van het lege veld achter de school maken we een tuin waar iedereen mag plukken, zitten en werken.",
        (("planten", 8_600), ("gereedschap", 5_750), ("tegels", 15_000), ("water", 4_500), ("koffie", 750)),
    ),
    Initiative(
        "ekster",
        "MW-2026-01",
        "samen",
        "soep-op-woensdag",
        "Soep op woensdag",
        "Elke woensdag staat er soep klaar voor wie wil aanschuiven. Buren koken, buren eten.",
        (("boodschappen", 11_000), ("keuken", 6_000), ("vrijwilligers", 4_000), ("huur", 3_000), ("overig", 1_000)),
    ),
    Initiative(
        "ekster",
        "MW-2026-01",
        "samen",
        "zomerfeest",
        "Zomerfeest op het Kruidenplein",
        "Een dag lang muziek, spelletjes en eten van alle buren, op zaterdag 11 juli.",
        (("muziek", 5_000), ("tent", 6_500), ("eten", 4_000), ("drukwerk", 1_500), ("veiligheid", 1_000)),
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
            ("huur", 18_000),
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
        (("fietsen", 10_000), ("lessen", 8_000), ("onderhoud", 4_000)),
    ),
    Initiative(
        "melkput",
        "MW-2026-03",
        "groen",
        "reparatiecafe-het-lampje",
        "Reparatiecafé Het Lieve Lampje",
        "Elke zaterdag repareren we samen wat kapot is, zodat het niet bij het afval komt.",
        (("gereedschap", 6_000), ("onderdelen", 5_500), ("koffie", 2_500), ("drukwerk", 2_000)),
    ),
    Initiative(
        "steunpunt",
        "MW-2026-04",
        "jeugd",
        "jongerenlab-vuurvliegje",
        "Jongerenlab Het Vuurvliegje",
        "Een plek waar jongeren van 12 tot 18 films, muziek en robots maken.",
        (("apparatuur", 20_000), ("begeleiding", 14_000), ("huur", 7_000), ("eten", 4_000)),
    ),
    Initiative(
        "steunpunt",
        "MW-2026-04",
        "samen",
        "taalcafe-pluk-een-woord",
        "Taalcafé Pluk een Woord",
        "Twee keer per week Nederlands oefenen aan tafel, met oppas voor de kinderen.",
        (("lesmateriaal", 6_000), ("oppas", 6_000), ("koffie", 3_500), ("huur", 4_500), ("overig", 1_000)),
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
        (("kunstenaar", 6_500), ("verf", 4_500), ("steiger", 3_000)),
    ),
)
