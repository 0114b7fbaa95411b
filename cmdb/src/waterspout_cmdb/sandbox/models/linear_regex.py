"""Regular expressions in linear time, with Python's syntax.

An attribute may have a pattern that its texts must match. Python's ``re`` backtracks: ``^(a+)+$``
takes minutes for 30 characters, in one call that no signal ends and during which no other thread
runs. This module follows all alternatives at once, as RE2 and Go do (Thompson's construction):
a step leads from a set of places in the pattern to the next set, and steps are cached (a
deterministic automaton that is built lazily). Look-around and references to groups cannot be
matched in this way and are refused, as in RE2.

``re`` still parses patterns and compares each single character.
"""

from __future__ import absolute_import, division, print_function

import itertools
import re

from waterspout_cmdb.sandbox.wire_format.api_errors import InvalidArgument
from waterspout_cmdb.sandbox.wire_format.values import InvalidValue

#: Characters of a pattern.
MAX_PATTERN = 1000

#: Places in a pattern, with ``{3}`` written out.
MAX_PLACES = 10000

#: Places that may be visited for one text, which takes half a second; beyond it is refused.
MAX_STEPS = 2**19

# The sizes of the caches: steps of one pattern, and patterns.
_MAX_KEPT = 10000
_MAX_PATTERNS = 200

_regexes = {}

# Python 3.11 renamed them.
_parser = getattr(re, "_parser", None) or re.sre_parse
_compiler = getattr(re, "_compiler", None) or re.sre_compile

_CHARACTERS = ("literal", "not_literal", "any", "in")
_REPEATS = ("max_repeat", "min_repeat")
_SCOPED_FLAGS = re.IGNORECASE | re.DOTALL | re.MULTILINE

# The input of a step: a character, or one of these markers.
_END = u""
_LAST_NEWLINE = u"\n$"

_MATCHED = object()


def compile_regex(pattern):
    # type: (Text) -> Regex
    """Return a compiled pattern from the cache; threads may share it.

    Raises: InvalidArgument: the pattern is not valid, or cannot be matched in linear time.
    """
    regex = _regexes.get(pattern)  # One lookup: another thread may clear the cache.
    if regex is None:
        regex = Regex(pattern)
        if len(_regexes) >= _MAX_PATTERNS:
            _regexes.clear()
        _regexes[pattern] = regex
    return regex


def check_syntax(pattern):
    # type: (Text) -> None
    """Raise InvalidArgument if ``re`` cannot compile a pattern, or if it is too long."""
    if len(pattern) > MAX_PATTERN:
        raise InvalidArgument(u"a pattern may have at most %d characters" % MAX_PATTERN)
    try:
        re.compile(pattern, re.UNICODE)
    except (re.error, TypeError, OverflowError, RuntimeError, AssertionError) as error:
        # RuntimeError: nested too deeply; AssertionError: too many groups (py2).
        raise InvalidArgument(u"the pattern %s is not a regular expression: %s" % (pattern, error))


class Regex(object):
    """A compiled pattern; get one from :func:`compile_regex`."""

    def __init__(self, pattern):
        # type: (Text) -> None
        self._pattern = pattern
        self._places = _compiled(pattern)
        self._reset()

    def __repr__(self):
        return "<Regex %r places=%d>" % (self._pattern, len(self._places.nodes))

    def search(self, text):
        # type: (Text) -> bool
        """Say whether a text contains a match. Raises: InvalidValue: the search takes too long."""
        last = _LAST_NEWLINE if text.endswith(u"\n") else text[-1:]
        state, budget = self._first, [MAX_STEPS]
        for symbol in text[:-1]:
            state = state.next.get(symbol) or self._step(state, symbol, budget)
            if state is _MATCHED:
                return True
        if last:
            state = state.next.get(last) or self._step(state, last, budget)
            if state is _MATCHED:
                return True
        return self._step(state, _END, budget) is _MATCHED

    def _reset(self):
        self._states, self._kept = {}, 0
        self._first = _State(frozenset([self._places.start]), None)

    def _step(self, state, symbol, budget):
        """Return the state after one character, and cache the step."""
        if self._kept >= _MAX_KEPT:
            self._reset()
        self._kept += 1
        reached = self._reached(state, symbol)
        budget[0] -= len(reached)
        if budget[0] < 0:
            raise InvalidValue(u"takes too long to compare with %s" % self._pattern)
        if self._places.end in reached:
            state.next[symbol] = _MATCHED
            return _MATCHED
        character = symbol[:1]
        nodes = self._places.nodes
        following = {self._places.start}  # A match may begin at any character.
        for place in reached if character else ():
            matches, _, target = nodes[place]
            if matches is not None and matches(character):
                following.add(target)
        before = self._places.kind_of(character)
        key = frozenset(following), before
        state.next[symbol] = self._states.setdefault(key, _State(*key))
        return state.next[symbol]

    def _reached(self, state, symbol):
        """Return the places that can be reached without another character."""
        nodes = self._places.nodes
        waiting, reached = list(state.places), set()
        while waiting:
            place = waiting.pop()
            if place in reached:
                continue
            reached.add(place)
            matches, holds, targets = nodes[place]
            if matches is None and (holds is None or holds(state.before, symbol)):
                waiting.extend(targets)
        return reached


class _State(object):
    """A set of places, the kind of the character before, and the cached next states."""

    __slots__ = ("places", "before", "next")

    def __init__(self, places, before):
        self.places = places
        self.before = before
        self.next = {}


class _Places(object):
    """The places of a pattern.

    Attributes:
        nodes (list): a triple for each place. A place that consumes a character: (a test of the
            character, None, the next place). Others: (None, a condition or None, the next places).
        start, end (int): the first place, and the place where a match is complete.
    """

    def __init__(self, tree):
        self.nodes = [(None, None, ())]
        self.end = 0
        self._tree = tree
        self._state = getattr(tree, "state", None) or tree.pattern  # py2
        self._matchers = {}
        self._is_word = re.compile(u"\\w", self._state.flags & (re.UNICODE | _ascii())).match
        self.start = self._sequence(tree, self.end, self._state.flags)

    def kind_of(self, character):
        """Return what the next condition needs to know of a character: newline, word or other."""
        return u"\n" if character == u"\n" else bool(self._is_word(character))

    def _add(self, matches, holds, targets):
        if len(self.nodes) >= MAX_PLACES:
            raise InvalidArgument(u"it is too long when its repetitions are written out")
        self.nodes.append((matches, holds, targets))
        return len(self.nodes) - 1

    def _sequence(self, items, target, flags):
        """Add the places that lead through these items to ``target``; return the first one."""
        for item in reversed(list(items)):
            target = self._item(item, target, flags)
        return target

    def _item(self, item, target, flags):
        operator, value = str(item[0]).lower(), item[1]
        if operator in _CHARACTERS:
            return self._add(self._matcher(item, flags), None, target)
        if operator == "branch":
            branches = [self._sequence(one, target, flags) for one in value[1]]
            return self._add(None, None, branches)
        if operator == "subpattern":
            return self._sequence(value[-1], target, flags | _scoped(value))
        if operator in _REPEATS:
            return self._repeat(value, target, flags)
        if operator == "at":
            condition = self._condition(str(value).lower(), flags)
            return self._add(None, condition, [target])
        raise InvalidArgument(u"it looks around, or refers to a group, which is not supported")

    def _repeat(self, value, target, flags):
        lowest, highest, items = value
        if highest == _parser.MAXREPEAT:
            targets = [target]
            begin = self._add(None, None, targets)
            targets.append(self._sequence(items, begin, flags))
        else:
            begin = target
            for _ in itertools.repeat(None, highest - lowest):
                begin = self._add(None, None, [self._sequence(items, begin, flags), target])
        for _ in itertools.repeat(None, lowest):
            before = self._sequence(items, begin, flags)
            if before == begin:
                break  # The items are empty, so repetitions change nothing.
            begin = before
        return begin

    def _matcher(self, item, flags):
        """Return the test by ``re`` whether an item matches a character."""
        key = id(item), flags
        if key not in self._matchers:
            single = self._tree.__class__(self._state, [item])
            self._matchers[key] = item, _compiler.compile(single, flags).match
        return self._matchers[key][1]

    def _condition(self, name, flags):
        """Return ``holds(before, symbol)``; ``before`` is None at the beginning of the text."""
        lines = flags & re.MULTILINE
        if name == "at_beginning" and lines:
            return lambda before, symbol: before in (None, u"\n")
        if name in ("at_beginning", "at_beginning_string"):
            return lambda before, symbol: before is None
        if name == "at_end" and lines:
            return lambda before, symbol: symbol in (_END, u"\n", _LAST_NEWLINE)
        if name == "at_end":
            return lambda before, symbol: symbol in (_END, _LAST_NEWLINE)
        if name == "at_end_string":
            return lambda before, symbol: symbol == _END
        if name == "at_boundary":
            return self._is_boundary
        # As in `re`, an empty text has neither a boundary nor a non-boundary.
        return lambda before, symbol: (
            not (before is None and symbol == _END) and not self._is_boundary(before, symbol)
        )

    def _is_boundary(self, before, symbol):
        return (before is True) != (symbol != _END and self.kind_of(symbol[:1]) is True)


def _compiled(pattern):
    check_syntax(pattern)
    try:
        return _Places(_parser.parse(pattern, re.UNICODE))
    except RuntimeError:  # Python 3 calls it RecursionError, which is one.
        raise InvalidArgument(u"the pattern %s cannot be used: it is nested too deep" % pattern)
    except InvalidArgument as error:
        raise InvalidArgument(u"the pattern %s cannot be used: %s" % (pattern, error.text))


def _scoped(value):
    """Return the flags of a group like ``(?i:...)``. py2: there are no such groups."""
    if len(value) < 4:
        return 0
    _, added, removed, _ = value
    if removed or added & ~_SCOPED_FLAGS:
        raise InvalidArgument(u"it changes flags in a way that is not supported")
    return added


def _ascii():
    return getattr(re, "ASCII", 0)  # py2: there is none
