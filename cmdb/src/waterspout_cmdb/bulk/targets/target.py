"""Target: what a gateway and a CMDB have in common as the place where rows go."""

from __future__ import absolute_import, division, print_function

import json
from numbers import Integral

from tornado import gen
from tornado.escape import native_str, to_unicode, utf8

import waterspout
from waterspout_cmdb.bulk.errors import BulkError
from waterspout_cmdb.bulk.targets import finding
from waterspout_cmdb.bulk.targets.error_translation import translate
from waterspout_cmdb.bulk.targets.import_answer import UnclearAnswer, read_import
from waterspout_cmdb.bulk.targets.target_error import HOPELESS, UNCLEAR, TargetError

TYPE_CHECKING = False  # Checkers know the name; ``typing`` is not there on 2.7.

if TYPE_CHECKING:
    from typing import Any, Dict, List, Mapping, Optional, Sequence, Text, Tuple  # noqa: F401

    from tornado.concurrent import Future  # noqa: F401

    from waterspout_cmdb.bulk.targets.import_answer import ImportResult  # noqa: F401

#: Instances on a page of a search, at most.
PAGE_SIZE = 3000

#: Seconds; an import of 10,000 rows takes the sandbox three, and a gateway waits for 300.
TIMEOUT = waterspout.ClientTimeout(connect=10, read=120, total=300)

#: Of reads: each call waits by itself.
READ_RETRY = waterspout.Retry(
    5, status_forcelist=(502, 503, 504), backoff_factor=0.5, retry_after_max=60.0, budget=None)

#: Of reading a model, which comes first: a mistake in the address is told soon.
MODEL_RETRY = waterspout.Retry(
    5, connect=2, status_forcelist=(502, 503, 504), backoff_factor=0.5, retry_after_max=60.0,
    budget=None)

#: Of imports: what breaks off is sent again at once. For 429 and 503, and for what takes too long,
#: the sender has to pause all of its calls; so that is left to it.
IMPORT_RETRY = waterspout.Retry(
    2, status_forcelist=(), respect_retry_after_header=False, timeouts=False, budget=None)

_INSTANCE_ID = "instanceId"


class Target(object):
    """The base of the targets.

    Args:
        sdk: makes the calls; is closed by `close`.
        name (native str): for messages, such as ``gateway http://127.0.0.1:8888``.
        account (dict): the ``org`` and ``user`` that are sent with every call, None for one that
            is not, and a fingerprint of the ``api_key`` if there can be one: rows of one import
            must not go to two organisations.
    """

    def __init__(self, sdk, name, account):
        # type: (Any, str, Dict[str, Any]) -> None
        self.name = name
        self.account = account
        self._sdk = sdk

    def __repr__(self):
        return "<%s %s>" % (type(self).__name__, self.name)

    def close(self):
        # type: () -> Future[None]
        """End the calls that are under way, and release the connections."""
        return self._sdk.close()

    @gen.coroutine
    def model(self, object_id):
        # type: (Text) -> Future[Dict]
        """Return the definition of a model, as the CMDB has it. Raises: TargetError."""
        attempt = self._attempt("reading the model", object_id)
        envelope = yield self._call(attempt, object_id, self._get_model, object_id)
        data = envelope.get("data")
        if not isinstance(data, dict) or not isinstance(data.get("attrList"), list):
            raise TargetError(UNCLEAR, attempt, "the answer has no list of attributes")
        raise gen.Return(data)

    @gen.coroutine
    def import_rows(self, object_id, keys, encoded_rows):
        # type: (Text, Sequence[Text], Sequence[bytes]) -> Future[ImportResult]
        """Insert or update rows.

        Related instances must exist: they are never created. With ``instanceId`` as a key, import
        only rows whose instance exists; others are inserted under another id, each time.

        Args:
            encoded_rows: each one is a JSON object in UTF-8; they are sent as they are.
        Raises: TargetError. If its kind is not REFUSED or BUSY, rows may have been stored.
        """
        attempt = self._attempt("importing %d rows into" % len(encoded_rows), object_id)
        envelope = yield self._call(
            attempt, object_id, self._import, object_id, import_body(keys, encoded_rows),
            _INSTANCE_ID not in keys)
        try:
            result = read_import(envelope, len(encoded_rows))
        except UnclearAnswer as error:
            raise TargetError(UNCLEAR, attempt, "the answer is not understood: %s" % error)
        raise gen.Return(result)

    @gen.coroutine
    def search(self, object_id, query, fields, page, page_size, sort=None):
        # type: (Text, Mapping, Optional[Sequence[Text]], int, int, Any) -> Future[Tuple]
        """Return ``(instances, total)``: a page of the instances that match.

        Args:
            fields: names of attributes; None or empty: all.
            page: from 1 on. page_size: 1 to `PAGE_SIZE`.
            sort: a sequence of ``(name, 1 or -1)``.
        Raises: TargetError.
        """
        attempt = self._attempt("searching", object_id)
        payload = {"query": query, "page": page, "page_size": page_size}  # type: Dict[str, Any]
        if fields:
            payload["fields"] = dict((name, True) for name in fields)
        # Put together as text: on 2.7 a dict would lose the order of names, which decides.
        encoded = json.dumps(payload)
        if sort:
            encoded = '%s, "sort": {%s}}' % (encoded[:-1], ", ".join(
                "%s: %d" % (json.dumps(name), way) for name, way in sort))
        envelope = yield self._call(
            attempt, object_id, self._search, object_id, waterspout.EncodedJSON(utf8(encoded)))
        data = envelope.get("data")
        found, total = (data.get("list"), data.get("total")) if isinstance(data, dict) else (0, 0)
        if isinstance(total, float) and total.is_integer():
            total = int(total)
        if (not isinstance(found, list) or not isinstance(total, Integral)
                or not all(isinstance(each, dict) for each in found)):
            raise TargetError(UNCLEAR, attempt, "the answer is no page of instances")
        raise gen.Return((found, total))

    @gen.coroutine
    def find(self, object_id, keys, documents, fields):
        # type: (Text, Sequence[Text], Sequence[Mapping], Optional[Sequence[Text]]) -> Future[Any]
        """Return the `Found` instances that have the keys of documents.

        Args:
            fields: names of attributes, to which ``keys`` are added; None or empty: all.
        Raises: TargetError.
        """
        found = finding.Found()
        fields = sorted(set(fields) | set(keys)) if fields else None
        for query, asked in finding.queries(keys, documents):
            page, seen = 1, 0
            while True:
                instances, total = yield self.search(
                    object_id, query, fields, page, PAGE_SIZE, [(_INSTANCE_ID, 1)])
                finding.note(found, keys, asked, instances)
                seen += len(instances)
                page += 1
                if seen >= total or not instances:
                    break
        raise gen.Return(found)

    def _attempt(self, what, object_id):
        return "%s %s at the %s" % (what, native_str(object_id), self.name)

    @gen.coroutine
    def _call(self, attempt, object_id, function, *args):
        try:
            envelope = yield function(*args)
        except Exception as error:
            failure = translate(error, attempt, object_id)
            if failure is None:
                raise
            raise failure
        if not isinstance(envelope, dict):
            raise TargetError(HOPELESS, attempt, "the answer is no object")
        raise gen.Return(envelope)

    def _get_model(self, object_id):
        raise NotImplementedError()

    def _search(self, object_id, payload):
        raise NotImplementedError()

    def _import(self, object_id, payload, idempotent):
        raise NotImplementedError()


def import_body(keys, encoded_rows):
    # type: (Sequence[Text], Sequence[bytes]) -> waterspout.EncodedJSON
    """Return the body of an import, in which the rows are the bytes that they were."""
    start = '{"keys": %s, "disableNestedCreateInstance": true, "datas": [' % json.dumps(list(keys))
    return waterspout.EncodedJSON(b"".join([utf8(start), b",".join(encoded_rows), b"]}"]))


def account(org, user):
    # type: (Any, Any) -> Dict[str, Optional[Text]]
    """Return the ``account`` of a target, in JSON values."""
    return {"org": None if org is None else u"%s" % org,
            "user": None if user is None else to_unicode(user)}


def make_sdk(sdk_class, host, keywords):
    # type: (Any, Any, Dict[str, Any]) -> Any
    """Make an SDK with the policies of a target; ``keywords`` are those given for it.

    Raises: BulkError: the address or a file of TLS cannot be used.
    """
    keywords.setdefault("timeout", TIMEOUT)
    keywords.setdefault("retry", READ_RETRY)
    try:
        return sdk_class(host, **keywords)
    except (waterspout.RequestException, ValueError, IOError) as error:
        raise BulkError("rows cannot be sent to that address: %s" % error)
