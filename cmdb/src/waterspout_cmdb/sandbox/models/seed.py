"""The models that every organisation starts with, from ``seed.json`` or the user's file."""

from __future__ import absolute_import, division, print_function

import io
import json
import os
import pkgutil

from waterspout_cmdb.sandbox.models.definition_checks import model_definition, relation_definition
from waterspout_cmdb.sandbox.models.relation import relation_fields
from waterspout_cmdb.sandbox.wire_format.api_errors import AlreadyExists, NotFound, SandboxError
from waterspout_cmdb.sandbox.wire_format.body_fields import read_maps


class BadSeed(Exception):
    """A file of models cannot be used; ``str()`` is one line that names the file."""


def shipped_definitions():
    # type: () -> List[dict]
    """Return the models of ``seed.json``."""
    return json.loads(pkgutil.get_data(__name__, "seed.json").decode("utf-8"))


def read_definitions(path):
    # type: (str) -> List[dict]
    """Return the models of a file: a JSON list in the vendor's form. Raises: BadSeed."""
    try:
        with io.open(path, encoding="utf-8") as source:
            definitions = json.load(source, parse_constant=_no_constant)
    except EnvironmentError as error:
        raise BadSeed("cannot read the models in %s: %s" % (path, os.strerror(error.errno)))
    except ValueError as error:
        raise BadSeed("the models in %s are not JSON: %s" % (path, error))
    except RuntimeError:  # Python 3 calls it RecursionError, which is one.
        raise BadSeed("the models in %s are nested too deep" % path)
    if not isinstance(definitions, list) or not all(isinstance(m, dict) for m in definitions):
        raise BadSeed("%s must hold a JSON list of models" % path)
    try:
        _check(definitions)
    except SandboxError as error:
        raise BadSeed("the models in %s: %s" % (path, error))
    except RuntimeError:
        raise BadSeed("the models in %s are nested too deep" % path)
    return definitions


def add_missing_models(definitions, transaction):
    # type: (List[dict], Transaction) -> None
    """Add the models that an organisation does not have yet, with their relations.

    Raises: SandboxError: a definition is not valid.
    """
    added = [one["objectId"] for one in definitions if transaction.add_model(one)]
    # After all models, because the other end may come later. Both ends may define a relation.
    for definition in definitions:
        if definition["objectId"] in added:
            for relation in read_maps(definition, "relation_list"):
                transaction.add_relation(relation)


def _no_constant(name):
    raise ValueError("%s is not JSON" % name)


def _check(definitions):
    known = [model_definition(one)["objectId"] for one in definitions]
    for object_id in known:
        if known.count(object_id) > 1:
            raise AlreadyExists(u"there are several models %s" % object_id)
    for definition in definitions:
        for relation in read_maps(definition, "relation_list"):
            for object_id, _ in relation_fields(relation_definition(relation)):
                if object_id not in known:
                    raise NotFound(u"a relation names the unknown model %s" % object_id)
