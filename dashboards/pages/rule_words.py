"""The rules in plain words, for neighbours: what, why, an example, and when it means nothing.

The audit package holds what a rule computes; these are its words for people. A reader of a rule that
has none here uses the rule's own title and reason.
"""

from __future__ import annotations

from dataclasses import dataclass

from dashboards.pages.words import word


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleWords:
    """Message ids that explain one rule."""

    title: str
    what: str
    why: str
    example: str
    innocent: str


RULE_WORDS = {
    "PAY-01": RuleWords(
        title=word("Paid to an account that nobody had approved"),
        what=word(
            "Every payee is approved by two people before the first payment. "
            "This rule finds payments to an account that was not approved on that day."
        ),
        why=word("Whoever is approved beforehand was seen by two people. That makes it hard to invent a payee."),
        example=word(
            "On 3 March a foundation pays € 300 to a shop. "
            "The shop is approved only on 5 March. The payment of 3 March is looked at."
        ),
        innocent=word("Often it is a first purchase at a new shop, or a shop that is paid through another company."),
    ),
    "PAY-02": RuleWords(
        title=word("Paid to what looks like a private account"),
        what=word(
            "Neighbourhood money goes to shops and organisations. "
            "This rule finds payments to an account that looks private, or of which it is not clear whose it is."
        ),
        why=word("Money on a private account can no longer be followed."),
        example=word("A foundation pays € 480 to a person, and there is no decision to pay that person back."),
        innocent=word("Often a volunteer paid for something and gets it back, or the payee works under an own name."),
    ),
    "PAY-07": RuleWords(
        title=word("Paid without a decision beforehand"),
        what=word(
            "Above a limit, two people decide before a payment: to whom, for what, and how much at most. "
            "This rule finds payments that no such decision covers."
        ),
        why=word("Deciding together beforehand is what the neighbourhood agreed on."),
        example=word("There is a decision of at most € 800 for tools. € 950 is paid. The decision does not cover it."),
        innocent=word("Often the decision was made, but written down too late."),
    ),
    "BNK-01": RuleWords(
        title=word("The bank's balances do not join up"),
        what=word(
            "Each statement begins with the amount that the last one ended with. "
            "This rule finds a gap: a statement is missing, or a balance differs."
        ),
        why=word("When balances join up, no payment can have been left out."),
        example=word("One statement ends with € 1,200. The next begins with € 900. € 300 is missing from view."),
        innocent=word("Often a file was forgotten. As soon as it is there, the gap is closed."),
    ),
}
