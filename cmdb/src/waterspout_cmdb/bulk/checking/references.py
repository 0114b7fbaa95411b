"""PeerResolver: finds the instances that rows name, many in one call."""

from __future__ import absolute_import, division, print_function

import collections

from tornado import gen

from waterspout_cmdb.bulk.errors import BulkError
from waterspout_cmdb.bulk.mapping import Model, Rules
from waterspout_cmdb.bulk.mapping.conversions import converter
from waterspout_cmdb.bulk.mapping.conversions.unreadable import Unreadable
from waterspout_cmdb.bulk.mapping.model import INSTANCE_ID, PLAIN_TYPES
from waterspout_cmdb.bulk.rows import Problem

TYPE_CHECKING = False  # Checkers know the name; ``typing`` is not there on 2.7.

if TYPE_CHECKING:
    from typing import Any, Callable, Dict, Iterable, List, Optional, Text, Tuple  # noqa: F401

    from tornado.concurrent import Future  # noqa: F401

#: What is known of a name that no instance has, and of one that several have.
_NONE, _SEVERAL = u"none", u"several"


class PeerResolver(object):
    """Replaces the references of rows by the ids of the instances that they name.

    Args:
        target: has ``find`` and ``model``, as `bulk.targets` has them.
        models (dict): the `Model` of each other object, by id; those that are missing are read
            from the target.
        cache_size (int): names that are remembered, with what was found, the latest ones.
        rules (Rules or None): how names are read, as other cells are; None: without any.
    """

    def __init__(self, target, models=None, cache_size=20000, rules=None):
        # type: (Any, Optional[Dict[Text, Model]], int, Optional[Rules]) -> None
        self._target = target
        self._models = dict(models or {})
        self._cache_size = cache_size
        self._rules = Rules() if rules is None else rules
        self._cache = collections.OrderedDict()  # type: Dict[Tuple, Text]
        self._readers = {}  # type: Dict[Tuple, Tuple[Text, Callable]]

    @gen.coroutine
    def resolve(self, rows):
        # type: (Iterable[Any]) -> Future[List[Problem]]
        """Put the ids into the rows' documents; return the problems of names that have none.

        Args:
            rows: what `Mapper.map` returned. Of a row with problems, the document is not complete.
        Raises:
            BulkError: the other object cannot be searched, or not by that attribute.
        """
        rows = [each for each in rows if each.references]
        problems = []  # type: List[Problem]
        wanted = []
        for mapped in rows:
            for reference in mapped.references:
                key = yield self._key(reference, problems)
                wanted.append((mapped.document, reference, key))
        found = yield self._find(set(key for _, _, key in wanted if key is not None))
        failed = set()
        for document, reference, key in wanted:
            identifier = found.get(key)
            if identifier in (None, _NONE, _SEVERAL):
                failed.add((id(document), reference.side))
                document.pop(reference.side, None)
                if key is not None:
                    problems.append(_problem(reference, key[1], identifier))
            elif (id(document), reference.side) not in failed:
                ids = document.setdefault(reference.side, [])
                if identifier not in ids:
                    ids.append(identifier)
        raise gen.Return(problems)

    @gen.coroutine
    def _key(self, reference, problems):
        """Return (object, attribute, value) of a reference; None: its text is not a value."""
        place = reference.object_id, reference.attribute
        if place not in self._readers:
            self._readers[place] = yield self._reader(*place)
        attribute, convert = self._readers[place]
        key = None
        try:
            key = reference.object_id, attribute, convert(reference.text)
        except Unreadable as error:
            problems.append(_as_problem(reference, error.reason))
        raise gen.Return(key)

    @gen.coroutine
    def _reader(self, object_id, attribute):
        """Return the attribute by which instances are named, and what converts a name to it."""
        model = self._models.get(object_id)
        if model is None:
            definition = yield self._target.model(object_id)
            model = self._models[object_id] = Model(definition)
        if attribute is None:
            attribute = (model.show_key + [u"name"])[0]
        known = model.attributes.get(attribute)
        if known is None or known.type not in PLAIN_TYPES:
            raise BulkError(
                u"related instances of %s cannot be named by %s: it is not a plain attribute of "
                u"that object; --peer-key relation=attribute says by which they are"
                % (object_id, attribute))
        raise gen.Return((attribute, converter(known, self._rules, False)))

    @gen.coroutine
    def _find(self, keys):
        """Return what is known of each key, after one search for each attribute of an object."""
        found, unknown = {}, collections.defaultdict(list)
        for key in keys:
            known = self._cache.pop(key, None)
            if known is None:
                unknown[key[:2]].append(key)
            else:
                found[key] = self._cache[key] = known  # Now the latest.
        for (object_id, attribute), missing in sorted(unknown.items()):
            instances = yield self._target.find(
                object_id, [attribute], [{attribute: key[2]} for key in missing],
                [INSTANCE_ID, attribute])
            for key in missing:
                instance = instances.get(key[2:])
                if key[2:] in instances.several:
                    found[key] = _SEVERAL
                else:
                    found[key] = instance[INSTANCE_ID] if instance else _NONE
                self._cache[key] = found[key]
        while len(self._cache) > self._cache_size:
            self._cache.popitem(last=False)
        raise gen.Return(found)


def _problem(reference, attribute, found):
    if found == _SEVERAL:
        return _as_problem(
            reference, u"names several instances of %s with this %s; --peer-key can say another "
            u"attribute" % (reference.object_id, attribute))
    return _as_problem(
        reference, u"names no instance: there is no %s with this %s; import it first, or correct "
        u"the name" % (reference.object_id, attribute))


def _as_problem(reference, reason):
    return Problem(reference.row, reference.column, reference.text, reason)
