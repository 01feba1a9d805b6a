"""What Steunpunt Kruidenhoek pays for two clients that have no foundation: young people, and a street.

Each client's money stands on an account of its own, at another bank.
"""

from __future__ import annotations

from dashboards.demo.district import date_of
from dashboards.demo.plan import Habit
from dashboards.demo.plan import Plan
from dashboards.demo.plan import Purpose
from dashboards.demo.plan import Regular
from dashboards.demo.plan import Single
from dashboards.demo.plan import bought

_LAB, _TALK = "jongerenlab-vuurvliegje", "taalcafe-pluk-een-woord"
_FRONTS, _WALL = "honderd-geveltuintjes", "muurschildering"

_HABITS = (
    Habit(Purpose("pannenkoek", _LAB, "eten"), "card", 34, 9_80, 64_00),
    Habit(Purpose("korst", _LAB, "eten"), "card", 28, 5_25, 28_00),
    Habit(Purpose("draadje", _LAB, "apparatuur"), "ideal", 22, 8_45, 92_00, ("Sensoren en kabels",)),
    Habit(Purpose("theepot", _TALK, "koffie"), "card", 42, 5_60, 24_00),
    Habit(Purpose("kruimel", _TALK, "koffie"), "card", 26, 4_95, 22_00),
    Habit(Purpose("papier", _TALK, "lesmateriaal"), "card", 20, 3_60, 34_00),
    Habit(Purpose("kwast", _WALL, "verf"), "ideal", 14, 9_75, 58_00, ("Kwasten en tape", "Verf bijgekocht"), (5, 6, 7)),
    Habit(
        Purpose("spijker", _FRONTS, "gereedschap"),
        "ideal",
        12,
        6_95,
        48_00,
        ("Schepjes en handschoenen",),
        (3, 4, 9, 10),
    ),
)

_REGULARS = (
    Regular(Purpose("optocht", _LAB, "begeleiding"), "transfer", 22, 1_650_00, "Begeleiding {maand}"),
    Regular(Purpose("werf", _LAB, "huur"), "transfer", 2, 575_00, "Huur loods {maand}"),
    Regular(Purpose("lindeboom", _TALK, "huur"), "transfer", 3, 260_00, "Huur zaal {maand}"),
    Regular(Purpose("duimelot", _TALK, "oppas"), "transfer", 16, 340_00, "Oppas taalcafé {maand}"),
    Regular(Purpose("mina", _TALK, "oppas"), "transfer", 27, 120_00, "Vrijwilliger oppas {maand}"),
    Regular(Purpose("spinrag", _TALK, "overig"), "debit", 21, 14_52, "Website en e-mail {maand}"),
    Regular(Purpose("paraplu", _TALK, "overig"), "debit", 5, 44_10, "Premie aansprakelijkheid {maand}"),
    Regular(Purpose("", _TALK, "overig"), "charge", 1, 10_85, "Kosten Zakelijk Betalen {maand}"),
)

_SINGLES = (
    *bought(
        Purpose("flits", _LAB, "apparatuur"),
        (11, 20, 4_860_00, "Camera's en montagecomputer"),
        (2, 19, 3_745_90, "Opnametafel en microfoons"),
        (9, 9, 2_980_00, "3D-printer"),
    ),
    *bought(
        Purpose("lettersoep", _TALK, "lesmateriaal"),
        (1, 13, 640_25, "Lesboeken niveau 1"),
        (9, 10, 521_80, "Lesboeken niveau 2"),
    ),
    *bought(
        Purpose("kwekerij", _FRONTS, "planten"),
        (3, 17, 845_60, "Klimplanten eerste straat"),
        (10, 15, 1_120_30, "Klimplanten tweede straat"),
    ),
    *bought(
        Purpose("tegels", _FRONTS, "tegels"),
        (3, 24, 2_840_00, "Stoeptegels eruit, randen erin"),
        (9, 29, 3_115_40, "Randen tweede straat"),
    ),
    *bought(Purpose("pers", _FRONTS, "drukwerk"), (3, 5, 386_50, "Folder voor elke deur")),
    *bought(
        Purpose("kleurkracht", _WALL, "kunstenaar"),
        (5, 26, 1_950_00, "Ontwerp met jongeren"),
        (6, 23, 1_950_00, "Schilderen eerste deel"),
        (8, 11, 2_400_00, "Schilderen tweede deel"),
    ),
    *bought(
        Purpose("kwast", _WALL, "verf"),
        (6, 2, 2_180_40, "Muurverf grondlaag"),
        (7, 7, 1_462_25, "Muurverf kleuren"),
    ),
    *bought(
        Purpose("steiger", _WALL, "steiger"),
        (6, 8, 1_430_00, "Huur steiger juni"),
        (7, 28, 1_365_00, "Huur steiger juli"),
    ),
    Single(Purpose("theepot", _TALK, "koffie"), date_of(9, 19), 12_60, "", "card"),
    Single(Purpose("theepot", _TALK, "koffie"), date_of(9, 19), 12_60, "", "card"),
    Single(Purpose("kwast", _WALL, "verf"), date_of(8, 5), 62_75, "Retour verf", refund=True),
    Single(Purpose("bus", _LAB, "begeleiding"), date_of(6, 4), 185_00, "Bus techniekdag"),
    Single(Purpose("bus", _LAB, "begeleiding"), date_of(8, 20), 287_50, "Bus zomerkamp", covered=False),
    Single(Purpose("kopie", _TALK, "lesmateriaal"), date_of(5, 20), 38_25, "Kopieën oefenbladen", covered=False),
    Single(Purpose("plak", _TALK, "lesmateriaal"), date_of(11, 18), 52_15, "Lijm en karton", covered=False),
    Single(Purpose("glas", _LAB, "huur"), date_of(10, 8), 96_00, "Ruit hersteld", covered=False),
)

PLAN = Plan("steunpunt", _HABITS, _REGULARS, _SINGLES)
