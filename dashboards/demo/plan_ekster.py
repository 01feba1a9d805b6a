"""What Stichting Buurtwerk De Ekster spends: a garden nearly done, soup, a feast, a playground."""

from __future__ import annotations

from dashboards.demo.district import MONTHS
from dashboards.demo.district import date_of
from dashboards.demo.plan import Habit
from dashboards.demo.plan import Plan
from dashboards.demo.plan import Purpose
from dashboards.demo.plan import Regular
from dashboards.demo.plan import Single
from dashboards.demo.plan import bought

_GARDEN, _SOUP = "buurttuin-de-ekster", "soep-op-woensdag"
_FEAST, _PLAY = "zomerfeest", "speelplek-de-krekel"
_COFFEE = Purpose("kopje", _GARDEN, "koffie")
_VOLUNTEERS = (("bertien", 45_00), ("yara", 60_00), ("henkjan", 37_50), ("samira", 52_50))

_HABITS = (
    Habit(Purpose("zaden", _GARDEN, "planten"), "card", 22, 4_50, 38_00),
    Habit(Purpose("spijker", _GARDEN, "gereedschap"), "card", 24, 3_95, 62_00),
    Habit(Purpose("hout", _GARDEN, "gereedschap"), "ideal", 4, 28_00, 112_00, ("Planken plantenbakken",)),
    Habit(_COFFEE, "card", 34, 6_20, 24_50),
    Habit(Purpose("korst", _SOUP, "boodschappen"), "card", 40, 8_60, 42_00),
    Habit(Purpose("krop", _SOUP, "boodschappen"), "card", 42, 11_20, 68_00),
    Habit(Purpose("moes", _SOUP, "boodschappen"), "card", 34, 7_35, 56_00),
    Habit(Purpose("krop", _FEAST, "eten"), "card", 6, 12_00, 64_00, months=(6, 7)),
    Habit(Purpose("papier", _PLAY, "inspraak"), "card", 5, 4_95, 32_00, months=(9, 10)),
)

_REGULARS = (
    Regular(Purpose("lindeboom", _SOUP, "huur"), "transfer", 3, 325_00, "Huur zaal {maand}"),
    Regular(Purpose("voorraad", _SOUP, "boodschappen"), "transfer", 12, 486_30, "Voorraad {maand}", MONTHS, 74_00),
    Regular(Purpose("paraplu", _SOUP, "overig"), "debit", 5, 38_75, "Premie aansprakelijkheid {maand}"),
    Regular(Purpose("spinrag", _PLAY, "inspraak"), "debit", 21, 14_52, "Website en e-mail {maand}"),
    Regular(Purpose("", _SOUP, "overig"), "charge", 1, 11_95, "Kosten betaalrekening {maand}"),
    Regular(
        Purpose("bertien", _SOUP, "vrijwilligers"),
        "batch",
        26,
        195_00,
        "Vrijwilligers soep {maand}",
        parts=_VOLUNTEERS,
    ),
)

_SINGLES = (
    *bought(
        Purpose("kwekerij", _GARDEN, "planten"),
        (11, 13, 1_240_50, "Factuur 25-0912 vaste planten"),
        (3, 19, 968_75, "Factuur 26-0147 bessenstruiken"),
        (6, 5, 1_385_20, "Factuur 26-0503 fruitbomen"),
        (6, 19, 642_30, "Factuur 26-0538 kruiden"),
        (9, 11, 1_876_40, "Factuur 26-0711 haag"),
        (10, 2, 1_530_65, "Factuur 26-0760 bollen en bomen"),
    ),
    *bought(
        Purpose("riek", _GARDEN, "gereedschap"),
        (11, 18, 1_184_90, "Kruiwagens en spades"),
        (6, 3, 872_45, "Compostbakken"),
        (7, 16, 1_036_00, "Gereedschapskist met slot"),
        (9, 3, 986_15, "Snoeischaren en ladder"),
    ),
    *bought(
        Purpose("tegels", _GARDEN, "tegels"),
        (4, 14, 4_235_00, "Factuur 1188 paden eerste deel"),
        (6, 16, 3_872_60, "Factuur 1216 paden tweede deel"),
        (8, 18, 3_418_25, "Factuur 1290 terras"),
        (10, 6, 2_964_50, "Factuur 1342 hellingbaan"),
    ),
    *bought(
        Purpose("regenton", _GARDEN, "water"),
        (6, 9, 2_148_50, "Ondergrondse waterton"),
        (8, 4, 1_391_20, "Leiding en kranen"),
    ),
    *bought(Purpose("pomp", _GARDEN, "water"), (9, 22, 742_00, "Handpomp met plaatsing")),
    *bought(Purpose("hout", _GARDEN, "gereedschap"), (6, 24, 236_40, "Planken verhoogd bed")),
    *bought(
        Purpose("pollepel", _SOUP, "keuken"),
        (12, 11, 2_480_00, "Fornuis zes pits"),
        (6, 25, 1_865_50, "Koelkast"),
        (8, 27, 1_694_90, "Vaatwasser"),
        (10, 13, 878_40, "Soeppannen en warmhoudkist"),
    ),
    *bought(
        Purpose("toeter", _FEAST, "muziek"),
        (6, 18, 1_250_00, "Aanbetaling podium en geluid"),
        (7, 13, 1_875_00, "Restant podium en geluid"),
    ),
    *bought(Purpose("fanfare", _FEAST, "muziek"), (7, 10, 1_450_00, "Optreden 11 juli")),
    *bought(
        Purpose("tent", _FEAST, "tent"),
        (6, 22, 1_960_00, "Aanbetaling tenten"),
        (7, 14, 4_312_40, "Tenten, banken en toiletten"),
    ),
    *bought(Purpose("lepel", _FEAST, "eten"), (7, 13, 2_846_75, "Buffet 11 juli")),
    *bought(
        Purpose("pers", _FEAST, "drukwerk"),
        (6, 12, 684_20, "Posters en uitnodigingen"),
        (6, 29, 412_35, "Programmaboekjes"),
    ),
    *bought(Purpose("ehbo", _FEAST, "veiligheid"), (7, 14, 540_00, "EHBO-post 11 juli")),
    *bought(
        Purpose("hinkelbaan", _PLAY, "ontwerp"),
        (9, 24, 1_815_00, "Tekenmiddagen met kinderen"),
        (10, 20, 1_210_00, "Eerste schets speelplek"),
    ),
    Single(_COFFEE, date_of(6, 13), 14_85, "", "card"),
    Single(_COFFEE, date_of(6, 13), 14_85, "", "card"),
    Single(
        Purpose("spijker", _GARDEN, "gereedschap"),
        date_of(9, 8),
        148_60,
        "Kranen en gereedschap",
        split=(("water", 64_20),),
    ),
    Single(Purpose("riek", _GARDEN, "gereedschap"), date_of(6, 15), 48_50, "Retour spade", refund=True),
    Single(Purpose("touw", _GARDEN, "gereedschap"), date_of(6, 11), 64_90, "Touw klimplanten", covered=False),
    Single(Purpose("lint", _SOUP, "keuken"), date_of(12, 4), 57_80, "Schorten", covered=False),
    Single(Purpose("zeil", _SOUP, "keuken"), date_of(7, 9), 121_00, "Afdakje uitgifte", covered=False),
)

PLAN = Plan("ekster", _HABITS, _REGULARS, _SINGLES)
