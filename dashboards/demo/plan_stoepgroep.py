"""What Bewonersgroep De Stoep spends: neighbours who opened an account of their own for their plan.

They buy with their own card and money; what somebody advanced is repaid with its receipts under a decision.
"""

from __future__ import annotations

from dashboards.demo.district import date_of
from dashboards.demo.plan import Habit
from dashboards.demo.plan import Plan
from dashboards.demo.plan import Purpose
from dashboards.demo.plan import Regular
from dashboards.demo.plan import Single
from dashboards.demo.plan import bought

_BENCHES = "stoepbankjes"
_COFFEE = Purpose("schenkkan", _BENCHES, "koffie")
_WOOD = Purpose("vlinderdas", _BENCHES, "hout")

_HABITS = (
    Habit(_COFFEE, "card", 10, 4_20, 13_50),
    Habit(_WOOD, "card", 14, 8_75, 46_00),
    Habit(Purpose("hamertje", _BENCHES, "gereedschap"), "card", 10, 5_95, 38_00),
    Habit(Purpose("kwast", _BENCHES, "verf"), "card", 8, 6_40, 31_00),
)

_REGULARS = (Regular(Purpose("", _BENCHES, "koffie"), "charge", 1, 4_95, "Kosten betaalpakket {maand}"),)

_SINGLES = (
    *bought(
        Purpose("noest", _BENCHES, "hout"),
        (12, 9, 742_50, "Planken eerste bankjes"),
        (3, 17, 918_30, "Planken bankjes vier tot acht"),
        (6, 15, 864_75, "Planken laatste bankjes"),
    ),
    *bought(
        Purpose("leonoor", _BENCHES, "gereedschap"),
        (12, 15, 86_40, "Voorschot bonnen zaag en boor"),
        (4, 13, 64_25, "Voorschot bonnen schroeven"),
        (9, 7, 112_80, "Voorschot bonnen schuurmachine"),
    ),
    *bought(Purpose("baptist", _BENCHES, "verf"), (7, 6, 73_15, "Voorschot bonnen beits")),
    Single(Purpose("hamertje", _BENCHES, "gereedschap"), date_of(4, 21), 34_90, "Retour boorset", refund=True),
    Single(Purpose("klink", _BENCHES, "hout"), date_of(5, 7), 58_60, "Scharnieren en haken", covered=False),
)

PLAN = Plan("stoepgroep", _HABITS, _REGULARS, _SINGLES)
