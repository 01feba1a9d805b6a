"""What Stichting Rond de Melkput spends, apart from what disappears (`story`)."""

from __future__ import annotations

from dashboards.demo.district import MONTHS
from dashboards.demo.district import date_of
from dashboards.demo.plan import Habit
from dashboards.demo.plan import Plan
from dashboards.demo.plan import Purpose
from dashboards.demo.plan import Regular
from dashboards.demo.plan import Single
from dashboards.demo.plan import bought

_ROOM, _BIKES, _REPAIR = "huiskamer-de-melkput", "fietsles", "reparatiecafe-het-lampje"
_KITCHEN = "pleinkeuken"
_KITCHEN_MONTHS = (6, 7, 8, 9, 10)
_VOLUNTEERS = (("pieternel", 55_00), ("driss", 62_50), ("ottoline", 40_00))

_HABITS = (
    Habit(Purpose("kruimel", _ROOM, "koffie"), "card", 44, 5_40, 31_00),
    Habit(Purpose("theepot", _ROOM, "koffie"), "card", 18, 6_80, 22_00),
    Habit(Purpose("tweede", _ROOM, "meubels"), "card", 22, 7_50, 86_00),
    Habit(Purpose("tandwiel", _BIKES, "onderhoud"), "card", 38, 8_95, 74_00),
    Habit(Purpose("draadje", _REPAIR, "onderdelen"), "card", 38, 3_75, 58_00),
    Habit(Purpose("draadje", _REPAIR, "onderdelen"), "ideal", 12, 14_00, 96_00, ("Bestelling onderdelen",)),
    Habit(Purpose("kruimel", _REPAIR, "koffie"), "card", 22, 6_10, 26_00),
    Habit(Purpose("papier", _REPAIR, "drukwerk"), "card", 8, 3_20, 24_00),
    Habit(Purpose("knol", _KITCHEN, "boodschappen"), "card", 22, 7_90, 54_00, months=_KITCHEN_MONTHS),
    Habit(Purpose("grutter", _KITCHEN, "boodschappen"), "card", 18, 9_15, 61_00, months=_KITCHEN_MONTHS),
)

_REGULARS = (
    Regular(Purpose("sleutelgat", _ROOM, "huur"), "transfer", 1, 1_450_00, "Huur {maand}"),
    Regular(Purpose("boon", _ROOM, "koffie"), "transfer", 14, 186_45, "Koffiebonen {maand}", MONTHS, 21_50),
    Regular(Purpose("zonkracht", _ROOM, "energie"), "debit", 7, 412_00, "Termijn stroom en warmte {maand}"),
    Regular(Purpose("paraplu", _ROOM, "overig"), "debit", 5, 52_40, "Premie inboedel {maand}"),
    Regular(Purpose("spinrag", _ROOM, "overig"), "debit", 21, 14_52, "Website en e-mail {maand}"),
    Regular(Purpose("", _ROOM, "overig"), "charge", 1, 12_45, "Kosten zakelijk pakket {maand}"),
    Regular(Purpose("zijwieltje", _BIKES, "lessen"), "transfer", 18, 780_00, "Lesgroep {maand}"),
    Regular(Purpose("pers", _REPAIR, "drukwerk"), "transfer", 9, 148_50, "Buurtkrant {maand}", MONTHS, 16_00),
    Regular(Purpose("pollepels", _KITCHEN, "kookles"), "transfer", 20, 620_00, "Kookles {maand}", _KITCHEN_MONTHS),
    Regular(
        Purpose("pieternel", _ROOM, "vrijwilligers"),
        "batch",
        27,
        157_50,
        "Vrijwilligers huiskamer {maand}",
        parts=_VOLUNTEERS,
    ),
)

_SINGLES = (
    *bought(
        Purpose("poten", _ROOM, "meubels"),
        (11, 19, 2_160_00, "Stoelen en kasten"),
        (2, 12, 3_240_00, "Lange tafel en banken"),
        (7, 9, 2_875_50, "Keukenblok"),
    ),
    *bought(
        Purpose("deksel", _KITCHEN, "bakfiets"),
        (6, 18, 6_450_00, "Bakfiets met fornuis, aanbetaling"),
        (7, 16, 4_980_00, "Bakfiets met fornuis, restant"),
    ),
    *bought(Purpose("plooi", _ROOM, "meubels"), (7, 23, 1_120_00, "Gordijnen")),
    *bought(
        Purpose("trapper", _BIKES, "fietsen"),
        (3, 26, 2_650_00, "Twaalf opgeknapte fietsen"),
        (6, 30, 2_480_00, "Elf opgeknapte fietsen"),
        (9, 15, 1_940_00, "Negen opgeknapte fietsen"),
    ),
    *bought(
        Purpose("moer", _REPAIR, "gereedschap"),
        (12, 4, 1_486_30, "Werkbanken"),
        (6, 10, 964_80, "Meetapparatuur"),
        (9, 23, 612_75, "Naaimachine"),
    ),
    Single(Purpose("kruimel", _ROOM, "koffie"), date_of(7, 4), 18_40, "", "card"),
    Single(Purpose("kruimel", _ROOM, "koffie"), date_of(7, 4), 18_40, "", "card"),
    Single(Purpose("moer", _REPAIR, "gereedschap"), date_of(6, 17), 89_00, "Retour", refund=True),
    Single(Purpose("houtduif", _ROOM, "meubels"), date_of(5, 12), 94_50, "Plank keuken"),
    Single(Purpose("houtduif", _ROOM, "meubels"), date_of(6, 24), 318_00, "Deur op maat", covered=False),
    Single(Purpose("vlag", _ROOM, "overig"), date_of(1, 14), 62_30, "Vlag open dag", covered=False),
    Single(Purpose("ballon", _ROOM, "koffie"), date_of(10, 15), 47_20, "Slingers", covered=False),
)

PLAN = Plan("melkput", _HABITS, _REGULARS, _SINGLES)
