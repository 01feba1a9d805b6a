"""What tells one case from another, and whose turn it is, in the reader's language.

A title says what differs: who was paid, how much, in how many payments, on which days. Names come from
the bank and are private, so that a title stands on a desk's page and never in an address.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from babel import dates
from babel import lists

from audit.rule import gravest
from audit.rule import severity_rank
from dashboards.desks.wording import evidence_lines
from dashboards.desks.wording import flag_sentence
from dashboards.desks.wording import rule_title
from dashboards.pages.cases import CaseFinding
from dashboards.pages.cases import CaseTitle
from dashboards.pages.words import word
from dashboards.templating import current_language
from dashboards.templating import translated

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable
    from collections.abc import Sequence

    from audit.life import Status
    from dashboards.pages.cases import CasePayment
    from dashboards.work.casebook import Case
    from dashboards.work.casebook import CaseFlag

NAMELESS = word("a payee without a name")
MOST_DAYS = 3
TABLED = frozenset({"amount_minor", "booked_on"})
"""Evidence that stands with the payments already."""
LOOK = word("Now a district officer looks at it.")
ANSWER = word("Now the foundation gives an answer.")
ANSWER_OR_LOOK = word("Now the foundation gives an answer, or a district officer looks at it.")
RULE = word("Now a district officer says whether it is in order.")
TURNS: dict[Status, str] = {
    "open": LOOK,
    "under_review": RULE,
    "explained": RULE,
    "escalated": word("Now a second officer says whether it is in order."),
    "accepted": word("Now a district officer closes it."),
    "confirmed": word("Now a district officer closes it."),
    "closing": word("Now a second officer agrees to close it."),
    "closed": word("Nobody has to do anything any more."),
    "not_reproduced": word("Nobody has to do anything. A district officer may still look at it."),
}


def case_title(case: Case, today: dt.date) -> CaseTitle:
    """Return what tells a case from the others; its payments carry names."""
    grave_first = sorted(case.flags, key=lambda flag: -severity_rank(flag.severity))
    what = " · ".join(dict.fromkeys(translated(rule_title(flag.rule)) for flag in grave_first))
    if not case.payments:
        return CaseTitle(what=what)
    return CaseTitle(
        what=what,
        who=_who(payment.name for payment in case.payments),
        amount_minor=case.amount_minor,
        currency=case.payments[0].currency,
        payments=len(case.payments),
        days=days_text([payment.booked_on for payment in case.payments], today),
    )


def days_text(days: Sequence[dt.date], today: dt.date) -> str:
    """Write a few days one by one and many as a period; the year only where it is not this one."""
    language, ordered = current_language(), sorted(set(days))
    if len(ordered) <= MOST_DAYS:
        return lists.format_list([_day(day, today) for day in ordered], locale=language.locale)
    first, last = _day(ordered[0], today), _day(ordered[-1], today)
    return language.gettext("%(first)s to %(last)s") % {"first": first, "last": last}


def turn_sentence(case: Case, now: dt.datetime) -> str:
    """Return who has to do what now."""
    light = severity_rank(case.severity) < severity_rank("high")
    overdue = any(state.answer_overdue for state in case.states(now).values())
    if case.status == "open" and light and any(flag.kind == "policy" for flag in case.flags):
        return translated(ANSWER_OR_LOOK)
    if case.status == "under_review" and light and not overdue:
        return translated(ANSWER)
    return translated(TURNS[case.status])


def findings(case: Case, payments: Sequence[CasePayment]) -> tuple[CaseFinding, ...]:
    """Return what each rule found, said once for all the payments it is about; the gravest first."""
    rules = dict.fromkeys(flag.rule for flag in case.flags)
    found = [_finding(rule, [flag for flag in case.flags if flag.rule == rule], payments) for rule in rules]
    return tuple(sorted(found, key=lambda finding: -severity_rank(finding.severity)))


def _finding(rule: str, flags: Sequence[CaseFlag], payments: Sequence[CasePayment]) -> CaseFinding:
    """Return what one rule found."""
    about = {seq for flag in flags for seq in flag.about}
    mine = tuple(payment for payment in payments if payment.seq in about)
    rest = [_untabled(flag) if mine else flag for flag in flags]
    return CaseFinding(
        rule=rule,
        title=rule_title(rule),
        severity=gravest(*(flag.severity for flag in flags)),
        reasons=tuple(dict.fromkeys(flag_sentence(flag) for flag in flags)),
        payments=mine,
        evidence=tuple(dict.fromkeys(line for flag in rest for line in evidence_lines(flag))),
    )


def _untabled(flag: CaseFlag) -> CaseFlag:
    """Return a flag without the evidence that a table of its payments shows."""
    return replace(flag, evidence={name: value for name, value in flag.evidence.items() if name not in TABLED})


def _who(names: Iterable[str | None]) -> str:
    """Return who was paid; of several, the first and how many more."""
    known = {" ".join(name.casefold().split()): name for name in names if name and name.strip()}
    if not known:
        return translated(NAMELESS)
    language, others = current_language(), len(known) - 1
    first = next(iter(known.values()))
    if not others:
        return first
    text = language.ngettext("%(name)s and %(num)s other", "%(name)s and %(num)s others", others)
    return text % {"name": first, "num": language.number(others)}


def _day(day: dt.date, today: dt.date) -> str:
    """Write a day."""
    language = current_language()
    if day.year != today.year:
        return language.date(day)
    return dates.format_skeleton("MMMMd", day, locale=language.locale)
