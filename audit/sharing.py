"""What several rules work out of the same context is worked out once.

Frames never change, so what was made of them holds as long as the context lives, and goes with it.
"""

from __future__ import annotations

import functools
import inspect
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
    _, *asked = inspect.signature(make).parameters.values()
    defaults = [(parameter.name, parameter.default) for parameter in asked]

    @functools.wraps(make)
    def made(context: Context, /, *args: MoreT.args, **kwargs: MoreT.kwargs) -> MadeT:
        # What is left out is the same question as the default said aloud.
        key = (make, *args, *(kwargs.get(name, default) for name, default in defaults[len(args) :]))
        if key not in context.shared:
            context.shared[key] = make(context, *args, **kwargs)
        return cast("MadeT", context.shared[key])

    return made
