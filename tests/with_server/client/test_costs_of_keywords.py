"""A call with keywords costs little more than a bare call, whichever keywords they are."""

from __future__ import absolute_import, division, print_function

from counted_calls import COOKIES, call, combination, count, encode
from net_fakes import OK
from raw_server import RawServer, answering
from tornado import gen
from tornado.testing import AsyncTestCase, gen_test

import waterspout

COMBINATIONS = [combination(number) for number in range(50)]


class CostsOfKeywordsTest(AsyncTestCase):
    """Counts the functions that a call runs, Python's and C's: a busy machine changes nothing.

    A call may run twice as many as the bare call and the standard library's encoders of the same
    values together, and a few more with a cookie in the session's jar. A path of its own for calls
    with arguments, or a walk through a cookie jar, runs more.
    """

    def setUp(self):
        super(CostsOfKeywordsTest, self).setUp()
        self.server = RawServer(answering(OK))
        self.addCleanup(self.server.close)
        self.url = self.server.url("/object/HOST")

    @gen.coroutine
    def check(self, combinations, times=2.0, **options):
        """Fail if such a call, on a session with these options, runs more functions than that."""
        plain, session = waterspout.Session(), waterspout.Session(**options)
        bare = yield count(call, plain, "GET", self.url, {})
        nothing = yield count(encode, {})
        found = []
        for method, makers in combinations:
            counted = yield count(call, session, method, self.url, makers)
            encoders = (yield count(encode, makers)) - nothing
            found.append((round(counted / (bare + encoders), 2), method, sorted(makers)))
        yield [plain.close(), session.close()]
        worst = max(found)
        assert worst[0] <= times, worst

    @gen_test
    def test_50_combinations_run_at_most_twice_the_functions_of_a_bare_call(self):
        yield self.check(COMBINATIONS)

    @gen_test
    def test_so_do_the_same_with_cookies(self):
        yield self.check([(method, dict(makers, **COOKIES)) for method, makers in COMBINATIONS])

    @gen_test
    def test_on_a_session_with_a_cookie_they_run_few_more(self):
        """The jar's cookies are copied for each call: measured 2.02 on 3.8. This is 5 % more."""
        yield self.check(COMBINATIONS, times=2.12, cookies={"session": "abc"})
