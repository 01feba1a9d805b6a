"""Every refusal of the audit, in one branch of Buurtkas's tree of errors.

BuurtkasError
+-- AuditError
    +-- SchemaMismatch      a frame's columns or dtypes are not what the rules were promised
    +-- ParameterRefused    a rule has no such parameter, or cannot work with that value
    +-- StepRefused         a step in a flag's life that may not be taken
        +-- WrongStatus           the flag is not where that step begins
        +-- NotYourStep           that step belongs to somebody with another role
        +-- TiedToFoundation      nobody rules on what they have a tie with
        +-- SecondPersonNeeded    the step asks for somebody else than the one before
        +-- FoundationNotHeard    the foundation answers before its flag is escalated
        +-- NewEvidenceNeeded     a closed flag opens on new evidence only
"""

from __future__ import annotations

from ledger.errors import BuurtkasError


class AuditError(BuurtkasError):
    """The root of what the audit refuses."""

    code = "audit_error"


class SchemaMismatch(AuditError):
    """A frame's columns or dtypes are not what the rules were promised."""

    code = "schema_mismatch"

    def __init__(self, frame: str, what: str) -> None:
        super().__init__(f"The frame of {frame} does not fit: {what}. Make it with its constructor in audit.frames.")


class ParameterRefused(AuditError):
    """A rule has no such parameter, or cannot work with that value."""

    code = "parameter_refused"

    def __init__(self, rule: str, what: str) -> None:
        super().__init__(f"The parameters of {rule} do not fit: {what}.")


class StepRefused(AuditError):
    """A step in a flag's life that may not be taken."""

    code = "step_refused"


class WrongStatus(StepRefused):
    """The flag is not where that step begins."""

    code = "wrong_status"

    def __init__(self, step: str, status: str) -> None:
        super().__init__(
            f"A flag that is {status.replace('_', ' ')} cannot be {step.removeprefix('flag ')}. "
            "Load the page again and choose one of the steps that it offers."
        )


class NotYourStep(StepRefused):
    """That step belongs to somebody with another role."""

    code = "not_your_step"

    def __init__(self, whose: str) -> None:
        super().__init__(f"Only {whose} can take this step. Ask them to do it.")


class TiedToFoundation(StepRefused):
    """Nobody rules on what they have a tie with."""

    code = "tied_to_foundation"

    def __init__(self) -> None:
        super().__init__(
            "You have a tie with this foundation, so you cannot decide about its flags. Hand it to a colleague."
        )


class SecondPersonNeeded(StepRefused):
    """The step asks for somebody else than the one before."""

    code = "second_person_needed"

    def __init__(self) -> None:
        super().__init__("You took the step before this one. Somebody else has to take this step; ask a colleague.")


class FoundationNotHeard(StepRefused):
    """The foundation answers before its flag is escalated."""

    code = "foundation_not_heard"

    def __init__(self) -> None:
        super().__init__(
            "The foundation has not answered yet and still has time to. Wait for its answer before you escalate."
        )


class NewEvidenceNeeded(StepRefused):
    """A closed flag opens on new evidence only."""

    code = "new_evidence_needed"

    def __init__(self) -> None:
        super().__init__("A flag opens again only on new evidence. Add what is new, and try again.")
