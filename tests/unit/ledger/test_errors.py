"""The tree of errors: stable codes, and messages that say what to do next."""

from __future__ import annotations

import inspect

from ledger import errors


def test_every_error_has_a_code_of_its_own_and_stands_in_the_tree() -> None:
    """Codes are unique, and the module's drawing names every class."""
    classes = [kind for _, kind in inspect.getmembers(errors, inspect.isclass) if kind.__module__ == errors.__name__]
    codes = {vars(kind)["code"] for kind in classes}
    assert len(codes) == len(classes) > 10
    for kind in classes:
        assert issubclass(kind, errors.BuurtkasError)
        assert kind.__name__ in (errors.__doc__ or "")
