"""Validation: one run of a validator over one decoded body, in short steps."""

from __future__ import absolute_import, division, print_function

import sys

from tornado.util import raise_exc_info

from waterspout._compat import TYPE_CHECKING, monotonic, string_types
from waterspout.service._validation.body_error import body_error
from waterspout.service.exceptions import InvalidBody

if TYPE_CHECKING:
    from typing import Any, Callable, Generator, List  # noqa: F401

    from waterspout.service._validation.body_error import BodyError  # noqa: F401

#: Errors that a client is told of; the validator is asked for no more.
MAX_ERRORS = 20

#: Seconds of a step.
STEP_SECONDS = 0.003


class Validation(object):
    """
    Args:
        validator (callable): ``validator(value)`` returns None, or an iterable of what is wrong, or
            raises a `Refusal`. A None among the errors means that others may have their turn.
        value: the decoded body.
    """

    def __init__(self, validator, value):
        # type: (Callable[[Any], Any], Any) -> None
        self._validator = validator
        self._value = value
        self._errors = []  # type: List[BodyError]
        self._raised = None  # type: Any  # The ``exc_info`` of a refusal, or of a bug.

    def result(self):
        # type: () -> None
        """Return if the body is valid; call it when `steps` has ended.

        Raises: InvalidBody; or what the validator has raised.
        """
        if self._raised is not None:
            raise_exc_info(self._raised)
        if self._errors:
            raise InvalidBody(self._errors)

    def run(self):
        # type: () -> None
        """Validate at once. Raises: as `result`."""
        for _ in self.steps():
            pass
        self.result()

    def steps(self):
        # type: () -> Generator[None, None, None]
        """Validate, one step for each ``next()``. What is wrong is kept, and raised by `result`."""
        try:
            found = self._validator(self._value)
            self._value = None
            if found is None:
                return
            if isinstance(found, string_types) or not hasattr(found, "__iter__"):
                found = [found]
            until = monotonic() + STEP_SECONDS
            for error in found:
                if error is None:
                    if monotonic() >= until:
                        yield
                        until = monotonic() + STEP_SECONDS
                    continue
                self._errors.append(body_error(error))
                if len(self._errors) == MAX_ERRORS:
                    return
        except Exception:  # A refusal, or a bug of the validator.
            self._raised = sys.exc_info()
