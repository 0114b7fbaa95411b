"""The package jsonschema, imported when it is first needed, and kept from the network."""

from __future__ import absolute_import, division, print_function

from waterspout._compat import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import Any, Callable  # noqa: F401

    from waterspout.service._validation.references import References  # noqa: F401

_INSTALL = 'JSONSchema needs jsonschema%s: pip install "waterspout[schema]" (%s)'


def jsonschema_package():
    # type: () -> Any
    """Return the package.

    Raises: ImportError: it is not installed, or too old; the text says how to install it.
    """
    try:
        import jsonschema
        import jsonschema.validators
    except ImportError as error:
        raise ImportError(_INSTALL % ("", error))
    if not _has_resolver(jsonschema):
        try:
            from referencing import Registry

            jsonschema.Draft7Validator({}, registry=Registry())
        except (ImportError, TypeError) as error:
            raise ImportError(_INSTALL % (" 4.18 or newer", error))
    return jsonschema


def newest_draft(package):
    # type: (Any) -> Any
    """The validator class for schemas that do not say of which draft they are."""
    return getattr(package, "Draft202012Validator", None) or package.Draft7Validator


def validator_maker(package, validator_class, schema, references, **keywords):
    # type: (Any, Any, Any, References, **Any) -> Callable[[], Any]
    """Return a function that returns a validator of ``schema`` which never reads a URL."""
    if not _has_resolver(package):
        from referencing import Registry

        keywords["registry"] = Registry()
    elif references.are_there:
        resolver_class = _local_resolver(package)
        base = validator_class.ID_OF(schema)

        def make():
            # One for each run: a resolver knows at which place of the schema the run is.
            resolver = resolver_class(base, schema, store=references.named)
            return validator_class(schema, resolver=resolver, **keywords)

        return make
    validator = validator_class(schema, **keywords)
    return lambda: validator


def _has_resolver(package):
    # type: (Any) -> bool
    """Whether it is 3.2, the last one for Python 2.7."""
    return not hasattr(package, "Draft202012Validator")


def _local_resolver(package):
    # type: (Any) -> Any
    class LocalResolver(package.RefResolver):  # type: ignore[misc]
        """Knows the schemas that it is given, and those of the drafts."""

        def resolve_remote(self, uri):
            raise package.RefResolutionError("%s is not read: it is not in the schema" % uri)

    return LocalResolver
