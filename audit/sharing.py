"""What several rules work out of the same context is worked out once.

Frames never change, so what was made of them holds as long as the context lives, and goes with it.
"""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING
from typing import Concatenate
from typing import ParamSpec
from typing import TypeVar
from typing import cast

if TYPE_CHECKING:
    from collections.abc import Callable

    from audit.frames import Context

MoreT = ParamSpec("MoreT")
MadeT = TypeVar("MadeT")


def once(make: Callable[Concatenate[Context, MoreT], MadeT]) -> Callable[Concatenate[Context, MoreT], MadeT]:
    """Let a pure function of a context, and of values that can be hashed, answer the same question once."""

    @functools.wraps(make)
    def made(context: Context, /, *args: MoreT.args, **kwargs: MoreT.kwargs) -> MadeT:
        key = (make, args, tuple(sorted(kwargs.items())))
        if key not in context.shared:
            context.shared[key] = make(context, *args, **kwargs)
        return cast("MadeT", context.shared[key])

    return made
