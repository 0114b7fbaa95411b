"""Cassette: a transport that records into a file, or replays from it."""

from __future__ import absolute_import, division, print_function

import threading

from tornado.ioloop import IOLoop

from waterspout import constants, transports
from waterspout._compat import TYPE_CHECKING, resolved
from waterspout.limits import Limits
from waterspout.testing.cassette._file.store import Store
from waterspout.testing.cassette.errors import NotRecorded
from waterspout.testing.cassette.filters import Filters
from waterspout.testing.cassette.mask import mask_of
from waterspout.testing.cassette.matching import MATCH_ON, Matchers
from waterspout.testing.cassette.messages import Interaction, RecordedResponse
from waterspout.testing.cassette.not_recorded import complaint
from waterspout.testing.cassette.session_transport import CassetteTransport

if TYPE_CHECKING:
    from typing import Any, Callable, Iterable, List, Optional, Tuple, Union  # noqa: F401

    from tornado.concurrent import Future  # noqa: F401
    from typing_extensions import Self  # noqa: F401

    from waterspout.models.call_options import CallOptions  # noqa: F401
    from waterspout.models.prepared_request import PreparedRequest  # noqa: F401
    from waterspout.models.response import Response  # noqa: F401
    from waterspout.testing.cassette.messages import RecordedRequest  # noqa: F401
    from waterspout.transports.base import Transport  # noqa: F401

#: The names of ``mode=``.
MODES = ("once", "new_episodes", "none", "all")


class Cassette(object):
    """Records real responses into a file once, and replays them from then on, without a network.

    Give it as ``transport=`` to any number of sessions and SDKs, and use it in a ``with``::

        with Cassette("cassettes/search.json") as cassette:
            session = waterspout.Session(transport=cassette)
            response = yield session.get("http://api.example/hosts")

    Everything above the transport is as with a server: redirects, cookies, authentication, hooks
    and limits. Each redirect is an interaction of its own.

    **What is kept.** The request, the response or the error. A body is kept without its content
    codings, so that a person can read it and secrets in it are found; the headers stay as they
    were received, ``Content-Encoding`` too, and the replayed response has the same ``content`` and
    headers. (vcrpy does so with ``decode_compressed_response=True``, but changes the headers.) A
    request body that cannot be decoded is masked as a whole. A streamed response body is recorded
    piece by piece as it is read, and replayed in these pieces; one that was not read to its end is
    marked, and reading further raises `NotRecorded`. An error is replayed with its class, phase,
    text and ``may_have_been_sent``. Without a delay, in every case. A cancelled call is not kept.

    **What is masked.** ``Authorization``, cookies, user names and passwords in URLs, and whatever
    has a name that says that it is secret (``password``, ``access_token``, ``X-Api-Key``, ...) in
    headers, queries, fragments, forms, JSON and elements of XML, of requests and responses. Each
    secret found there, of 6 characters or more, is also replaced everywhere else in the file, but
    for scheme, host and port of URLs; a cookie's only if its name or value looks like that of a
    session. The program itself gets the real response while it is recorded. A request is masked in
    the same way before it is compared, and a mask in a recorded request matches anything.

    **When it is written.** At the end of the ``with``, if something was recorded, also when the
    block has raised an error (as vcrpy does; see ``record_on_exception``). The file is replaced as
    a whole; what another process has added meanwhile is kept.

    Args:
        path (path): a JSON file; folders are made. A ``.yaml`` or ``.yml`` file of vcrpy is read,
            never written (needs the extra ``cassettes``); its JSON is read too.
        mode (native str): as in vcrpy. ``"once"``: record if there is no file, else replay only.
            ``"new_episodes"``: replay what is recorded, record the rest. ``"none"``: replay only.
            ``"all"``: record everything and replay nothing; the file then has this run only (vcrpy
            appends). What was recorded in a run is not replayed in it.
        transport (native str or object): records; as for `waterspout.Session`. Not needed, and not
            imported, as long as everything is replayed.
        match_on (list): what has to be equal: ``method``, ``scheme``, ``host``, ``port``, ``path``,
            ``query`` (in any order), ``uri``, ``body`` (JSON and forms by value), ``raw_body``,
            ``headers``; or callables ``(sent, recorded)`` that get two `RecordedRequest` and
            return whether they match, or raise AssertionError.
        mask (bool or iterable of text): False writes everything as it is; more names are secret in
            addition to the usual ones.
        allow_playback_repeats (bool): once all matching interactions were replayed, replay the last
            of them again.
        before_record_request (callable): gets a `RecordedRequest`, unmasked, and returns it,
            changed or not; None means that the cassette ignores it: it is sent, in every mode. The
            recorded requests are passed to it as well when they are compared, as in vcrpy.
        before_record_response (callable): gets a `RecordedResponse` before it is written, unmasked,
            and returns it; None: the interaction is not kept.
        filter_headers, filter_query_parameters, filter_post_data_parameters (list): names to leave
            out of requests; or pairs of a name and its replacement: text, None, or a callable
            ``(key=, value=, request=)``. Unlike vcrpy's, the last one is for any method.
        record_on_exception (bool): write also if the ``with`` block has raised an error.

    Attributes:
        path (native str), mode (native str), transport.
        play_count (int): how many interactions were replayed.
        all_played (bool): each recorded interaction was replayed.
        requests, responses (list): of the file's interactions and the new ones; a response is None
            for an error.

    Raises: at once ValueError, TypeError: an argument is wrong, or a YAML file would be written. In
        ``with`` or at the first call, InvalidCassette; ImportError: YAML without PyYAML. From a
        call NotRecorded, which the end of the ``with`` raises again.
    Source: vcrpy's ``use_cassette``.
    """

    def __init__(
        self,
        path,
        mode="once",
        transport=constants.TRANSPORT,
        match_on=MATCH_ON,
        mask=True,
        allow_playback_repeats=False,
        before_record_request=None,
        before_record_response=None,
        filter_headers=(),
        filter_query_parameters=(),
        filter_post_data_parameters=(),
        record_on_exception=True,
    ):
        # type: (Any, str, Any, Iterable[Any], Union[bool, Iterable[str]], bool, Optional[Callable], Optional[Callable], Iterable[Any], Iterable[Any], Iterable[Any], bool) -> None
        if mode not in MODES:
            raise ValueError("mode=%r: choose one of %s" % (mode, ", ".join(MODES)))
        self._store = Store(path)
        self.path = self._store.path
        self.mode = mode
        if not self._store.writable and mode in ("new_episodes", "all"):
            raise self._not_writable()
        if not (isinstance(transport, str) and transport in transports.TRANSPORTS):
            transports.load(transport)  # Raises what is wrong with it.
        self.transport = transport
        self._matchers = Matchers(match_on)
        self._mask_argument = mask
        self._mask = mask_of(mask)
        self._repeats = allow_playback_repeats
        self._filters = Filters(filter_headers, filter_query_parameters,
                                filter_post_data_parameters, before_record_request)
        self._before_record_response = before_record_response
        self._record_on_exception = record_on_exception
        self._lock = threading.Lock()  # Sessions may be on IOLoops of several threads.
        self._state = "new"
        self._recorded = []  # type: List[Tuple[Interaction, Optional[RecordedRequest]]]
        self._new = []  # type: List[Interaction]
        self._refused = None  # type: Optional[NotRecorded]  # The first one.
        self._file_exists = False
        self._written = False
        self._depth = 0  # Of ``with`` blocks, of which the outermost one writes.

    def __enter__(self):
        # type: () -> Self
        if self._state != "open":
            self._open()
        self._depth += 1
        return self

    def __exit__(self, kind, error, traceback):
        # type: (Any, Any, Any) -> None
        __tracebackhide__ = True
        self._depth -= 1
        if self._depth:  # `patch_sessions` enters the cassette of a fixture too.
            return
        self._state = "closed"
        if kind is None or self._record_on_exception:
            self.save()
        refused, self._refused = self._refused, None
        if kind is None and refused is not None:
            raise refused

    def save(self):
        # type: () -> None
        """Write what was recorded so far; the end of the ``with`` does that too.

        Interactions that are still under way are left for the next time, but for streamed
        responses, which are kept as far as they were read.
        Raises: IOError, OSError: it cannot be written; the errors of ``before_record_response``.
        """
        done = [each for each in self._new if each.has_outcome]
        kept = [each for each in map(self._hooked, done) if each is not None]
        if kept:
            self._store.write(
                self._mask.interactions(kept), keep=self._written or self.mode != "all")
            self._written = True
        self._new = [each for each in self._new if not each.has_outcome]

    # For sessions

    def transport_for(self, io_loop, limits):
        # type: (IOLoop, Limits) -> Transport
        """The transport of one session on one IOLoop."""
        return CassetteTransport(self, io_loop, limits)

    def send(self, request, options):
        # type: (PreparedRequest, CallOptions) -> Future[Response]
        """Perform one exchange without a session; see `waterspout.transports.base.Transport`."""
        return self.transport_for(IOLoop.current(), Limits()).send(request, options)

    def close(self):
        # type: () -> Future[None]
        """Do nothing: each session ends its own calls, and ``with`` writes the file."""
        return resolved(None)

    def interaction_for(self, sent, request):
        # type: (RecordedRequest, PreparedRequest) -> Tuple[Optional[Interaction], bool]
        """What answers this request, and True; or a new interaction to record it in, and False.

        The interaction is None for a request that is sent and not recorded.
        Raises: NotRecorded, InvalidCassette, ImportError, and what a hook or matcher raises.
        """
        __tracebackhide__ = True
        if self._state != "open":
            if self._state == "closed":
                raise RuntimeError("%s %s: %r is closed: its `with` has ended" % (
                    request.method, request.parsed_url.for_messages, self))
            self._open()
        filtered = self._filters.applied(sent)
        if filtered is None:
            return None, False
        with self._lock:
            masked = self._mask.request(filtered)
            found = None if self.mode == "all" else self._find(masked)
            if found is not None:
                found.played += 1
                return found, True
            why = self._why_not_recorded()
            if why is None:
                self._new.append(Interaction(filtered))
                return self._new[-1], False
            error = self._not_recorded(masked, why, request)
            self._refused = self._refused or error
        raise error

    # What is recorded

    @property
    def play_count(self):
        # type: () -> int
        return sum(each.played for each, _ in self._recorded)

    @property
    def all_played(self):
        # type: () -> bool
        return all(each.played for each, _ in self._recorded)

    @property
    def requests(self):
        # type: () -> List[RecordedRequest]
        return [each.request for each in self._interactions()]

    @property
    def responses(self):
        # type: () -> List[Optional[RecordedResponse]]
        return [each.response for each in self._interactions()]

    def __len__(self):
        # type: () -> int
        return len(self._interactions())

    def __bool__(self):
        # type: () -> bool
        return True  # An empty one is a cassette too.

    __nonzero__ = __bool__  # py2: its name there

    def __repr__(self):
        return "<Cassette %s mode=%s recorded=%d new=%d>" % (
            self.path, self.mode, len(self._recorded), len(self._new))

    def _interactions(self):
        return [each for each, _ in self._recorded] + self._new

    def _open(self):
        recorded = self._store.read()
        self._file_exists = recorded is not None
        if not (self._file_exists or self._store.writable or self.mode == "none"):
            raise self._not_writable()
        if self._state == "closed":  # For another ``with``.
            self._mask, self._new = mask_of(self._mask_argument), []
            self._written = False
        self._recorded = [(each, self._comparable(each.request)) for each in recorded or ()]
        self._state = "open"

    def _comparable(self, recorded):
        # A file of vcrpy, and one from before a filter was added, have what is left out now.
        filtered = self._filters.applied(recorded)
        return None if filtered is None else self._mask.request(filtered)

    def _find(self, masked):
        fresh = played = played_equal = None
        for interaction, recorded in self._recorded:
            if recorded is None or interaction.played and not self._repeats:
                continue
            if not self._matchers.match(masked, recorded):
                continue
            # `/users/***` matches `/users/me` too, which may be recorded as well.
            equal = self._matchers.equal(masked, recorded)
            if interaction.played:
                played = interaction
                played_equal = interaction if equal else played_equal
            elif equal:
                return interaction
            else:
                fresh = fresh or interaction
        return played_equal or fresh or played

    def _why_not_recorded(self):
        if self.mode == "none":
            return "records nothing" if self._file_exists else (
                "records nothing, and there is no such file; mode 'once' records into a new one")
        if self.mode == "once" and self._file_exists:
            return "records only into a new file; mode 'new_episodes' adds to it"
        return None

    def _not_recorded(self, masked, why, request):
        candidates = [(recorded, each.played) for each, recorded in self._recorded
                      if recorded is not None]
        return NotRecorded(
            complaint(masked, candidates, self._matchers, self.path, self.mode, why),
            request)

    def _hooked(self, interaction):
        hook, response = self._before_record_response, interaction.response
        if hook is None or response is None:
            return interaction
        response = hook(response.copy())
        if response is None:
            return None
        if not isinstance(response, RecordedResponse):
            raise TypeError("before_record_response must return the response or None, not %s"
                            % type(response).__name__)
        return Interaction(interaction.request, response, interaction.error)

    def _not_writable(self):
        return ValueError(
            "%s: YAML is only read; python -m waterspout.testing.cassette %s NEW.json makes a "
            "cassette that can be added to" % (self.path, self.path))
