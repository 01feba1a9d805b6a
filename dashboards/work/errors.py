"""What use cases refuse, in the tree that begins in `ledger.errors`."""

from __future__ import annotations

from ledger.errors import BuurtkasError


class SetupRefused(BuurtkasError):
    """Something in a setup file is wrong.

    Args:
        line: Counted from 1.
        what: What is wrong there and what is expected.
    """

    code = "setup_refused"

    def __init__(self, line: int, what: str) -> None:
        self.line = line
        super().__init__(f"Line {line}: {what}. Nothing was made; correct the file and run `buurtkas init` again.")
