# -*- coding: utf-8 -*-
"""JSON texts that are right, or wrong in one or two places, for readers to agree on."""

from __future__ import absolute_import, division, print_function

from hypothesis import strategies as st

_STRING = st.lists(
    st.sampled_from([
        u"a", u"bc", u",", u'\\"', u"\\\\", u"\\n", u"\\u4e2d", u"\\ud83d", u"\\uDE00",
        u"\\ud83d\\ude00", u"\u00e9", u"\U0001f600", u"},{", u"[", u"x" * 40,
    ]),
    max_size=12,
).map(lambda parts: u'"%s"' % u"".join(parts))

_SCALAR = st.one_of(
    _STRING,
    st.sampled_from([
        u"1", u"-2", u"0", u"1.5e3", u"12345", u"1E400", u"NaN", u"-Infinity", u"true", u"false",
        u"null", u"9" * 30, u"[]", u"{}",
    ]),
)

_SPACE = st.sampled_from([u"", u"", u" ", u"\n ", u" " * 30])


@st.composite
def _array(draw, elements):
    space = draw(_SPACE)
    return u"[%s%s%s]" % (space, (space + u"," + space).join(draw(st.lists(elements, max_size=8))),
                          space)


@st.composite
def _object(draw, values):
    space = draw(_SPACE)
    names = st.sampled_from([u'"a"', u'"b"', u'"\\u0061"', u'"%s"' % (u"k" * 40)]) | _STRING
    members = draw(st.lists(st.tuples(names, values), max_size=6))
    members = [space.join([name, u":", value]) for name, value in members]
    return u"{%s%s%s}" % (space, (space + u"," + space).join(members), space)


TEXTS = st.recursive(_SCALAR, lambda inner: _array(inner) | _object(inner), max_leaves=40)


@st.composite
def damaged(draw):
    """A text with a character taken out or put in, or cut short."""
    text = draw(TEXTS)
    at = draw(st.integers(0, len(text)))
    return draw(st.sampled_from([
        text[:at],
        text[:at] + text[at + 1:],
    ] + [text[:at] + extra + text[at:] for extra in u'[]{},:"\\ 0-.eNI\x01\ufeff']))
