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


class FoundationUnknown(BuurtkasError):
    """There is no foundation of that slug."""

    code = "foundation_unknown"

    def __init__(self, slug: str) -> None:
        super().__init__(f"There is no foundation {slug!r}. Give the slug that stands in its page's address.")


class PersonUnknown(BuurtkasError):
    """Nobody has that e-mail address."""

    code = "person_unknown"

    def __init__(self) -> None:
        super().__init__("Nobody here has that e-mail address. Check the spelling.")
