"""What Steunpunt Kruidenhoek pays for four groups that have no foundation of their own."""

from __future__ import annotations

import datetime as dt

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
    Habit(Purpose("kwast", _WALL, "verf"), "card", 14, 9_75, 58_00, months=(5, 6, 7)),
    Habit(Purpose("spijker", _FRONTS, "gereedschap"), "card", 12, 6_95, 48_00, months=(9, 10)),
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
        (5, 20, 4_860_00, "Camera's en montagecomputer"),
        (6, 17, 3_745_90, "Opnametafel en microfoons"),
        (9, 9, 2_980_00, "3D-printer"),
    ),
    *bought(
        Purpose("lettersoep", _TALK, "lesmateriaal"),
        (5, 13, 640_25, "Lesboeken niveau 1"),
        (9, 10, 521_80, "Lesboeken niveau 2"),
    ),
    *bought(
        Purpose("kwekerij", _FRONTS, "planten"),
        (9, 17, 845_60, "Klimplanten eerste straat"),
        (10, 15, 1_120_30, "Klimplanten tweede straat"),
    ),
    *bought(Purpose("pers", _FRONTS, "drukwerk"), (9, 8, 386_50, "Folder voor elke deur")),
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
    Single(Purpose("theepot", _TALK, "koffie"), dt.date(2026, 9, 19), 12_60, "", "card"),
    Single(Purpose("theepot", _TALK, "koffie"), dt.date(2026, 9, 19), 12_60, "", "card"),
    Single(Purpose("kwast", _WALL, "verf"), dt.date(2026, 8, 5), 62_75, "Retour verf", refund=True),
    Single(Purpose("bus", _LAB, "begeleiding"), dt.date(2026, 6, 4), 185_00, "Bus techniekdag"),
    Single(Purpose("bus", _LAB, "begeleiding"), dt.date(2026, 8, 20), 287_50, "Bus zomerkamp", covered=False),
    Single(Purpose("kopie", _TALK, "lesmateriaal"), dt.date(2026, 5, 20), 38_25, "Kopieën oefenbladen", covered=False),
    Single(Purpose("glas", _LAB, "huur"), dt.date(2026, 10, 8), 96_00, "Ruit hersteld", covered=False),
)

PLAN = Plan("steunpunt", _HABITS, _REGULARS, _SINGLES)
