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


class SplitRefused(BuurtkasError):
    """A payment cannot be linked as asked.

    Args:
        seq: The payment's place in the foundation's book, or its number in the file.
        what: Why not.
    """

    code = "split_refused"

    def __init__(self, seq: int, what: str) -> None:
        self.seq = seq
        super().__init__(f"Payment {seq} cannot be linked so: {what}. Nothing was linked; choose again.")
