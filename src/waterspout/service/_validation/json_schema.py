"""JSONSchema: a validator made of a JSON Schema."""

from __future__ import absolute_import, division, print_function

from waterspout._compat import TYPE_CHECKING
from waterspout.service._validation.body_error import BodyError
from waterspout.service._validation.details import detail_of
from waterspout.service._validation.json_pointer import json_pointer
from waterspout.service._validation.jsonschema_package import (
    jsonschema_package,
    newest_draft,
    validator_maker,
)
from waterspout.service._validation.keywords.faults import PAUSE, Fault
from waterspout.service._validation.keywords.of_draft import keywords_of
from waterspout.service._validation.references import References

if TYPE_CHECKING:
    from typing import Any, Iterator, Mapping, Optional  # noqa: F401


class JSONSchema(object):
    """Checks decoded bodies against a JSON Schema, for ``JSONHandler.json_validator``.

    It needs the package jsonschema: ``pip install "waterspout[schema]"``. Make it once, when your
    module is imported: that compiles the schema. It may be used by any number of requests at once.

    References in the schema (``$ref``) lead to places in it. No URL is ever read.

    Args:
        schema (dict or bool): of draft 4, 6, 7, 2019-09 or 2020-12, as ``$schema`` says; without
            that, of the newest draft that is installed: 2020-12, or 7 on Python 2.7.
        formats (bool): also check ``format``, as far as the package knows it.
    Raises:
        ImportError: jsonschema is not installed, or too old.
        ValueError: it is not a valid schema; or a reference leads out of it, or nowhere.
    """

    def __init__(self, schema, formats=False):
        # type: (Any, bool) -> None
        package = jsonschema_package()
        if not isinstance(schema, (dict, bool)):
            raise ValueError("this is not a valid JSON Schema, but a %s" % type(schema).__name__)
        draft = package.validators.validator_for(schema, default=newest_draft(package))
        if "disallow" in draft.VALIDATORS:
            raise ValueError("schemas of draft 3 are not supported")
        try:
            draft.check_schema(schema)
        except package.SchemaError as error:
            raise ValueError("this is not a valid JSON Schema: at %r: %s" % (
                json_pointer(error.absolute_path), error.message))
        references = References(schema, draft.ID_OF)
        checker = package.FormatChecker() if formats else None
        self._schema = schema
        self._make_validator = validator_maker(
            package, package.validators.extend(draft, keywords_of(draft)), schema, references,
            format_checker=checker)

    def __repr__(self):
        # type: () -> str
        return "<JSONSchema %s>" % (
            self._schema.get("title") or self._schema.get("type") or "of any type"
            if isinstance(self._schema, dict) else self._schema)

    def __call__(self, value):
        # type: (Any) -> Iterator[Optional[BodyError]]
        """Yield a `BodyError` for each error in a decoded body, and None where others may have
        their turn."""
        for found in self._make_validator().iter_errors(value):
            if found is PAUSE:
                yield None
            else:
                detail = found.detail if isinstance(found, Fault) else detail_of(found)
                yield BodyError(json_pointer(found.path), detail)
