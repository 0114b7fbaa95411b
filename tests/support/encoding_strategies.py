"""What hypothesis gives to requests and to us."""

from __future__ import absolute_import, division, print_function

import sys

from hypothesis import strategies as st

PY2 = sys.version_info[0] == 2

#: Everything that URLs, forms and shells find special, and what comes of two and four bytes.
ODD_CHARACTERS = (
    u"aZ09-._~:/?#[]@!$&'()*+,;=% \"<>\\^`{|}\t\n\r\x00\x7f\xe9\u4e2d\ufeff\U0001f600"
)

any_text = st.text(alphabet=st.characters(blacklist_categories=("Cs",)), max_size=8)
# py2: a narrow build would draw halves of a character.
odd_text = st.lists(st.sampled_from(list(u"%" + ODD_CHARACTERS.replace(u"\U0001f600", u""))
                                    + [u"\U0001f600"]), max_size=12).map(u"".join)
text = st.one_of(any_text, odd_text)
scalars = st.one_of(
    text, st.binary(max_size=4), st.integers(), st.floats(), st.booleans(), st.none()
)
# Text in a list in a list is beyond requests on 2.7 (differences.nested_text_on_27).
nested = st.one_of(st.binary(max_size=4), st.integers(), st.none()) if PY2 else scalars
values = st.one_of(
    scalars,
    st.lists(scalars, max_size=3),
    st.tuples(scalars, scalars),
    st.lists(st.lists(nested, max_size=2), max_size=2),
)
names = st.one_of(text, st.binary(max_size=3), st.integers())
#: What ``params=`` and ``data=`` take as a form.
forms = st.one_of(
    st.dictionaries(names, values, max_size=3), st.lists(st.tuples(names, values), max_size=3)
)

json_values = st.recursive(
    st.one_of(
        st.none(), st.booleans(), st.integers(), text,
        st.floats(allow_nan=False, allow_infinity=False),
    ),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(text, inner, max_size=3)),
    max_leaves=8,
)

tokens = st.text(
    alphabet=st.sampled_from(u"!#$%&'*+-.^_`|~09AZaz"), min_size=1, max_size=8
).map(str)
#: Header values that both accept: Latin-1, without control characters and white space outside.
header_values = (
    st.text(
        alphabet=st.characters(
            min_codepoint=0x20, max_codepoint=0xFF, blacklist_categories=("Cc",)
        ),
        max_size=10,
    )
    .map(lambda value: value.strip())
    .map(lambda value: value.encode("latin-1") if PY2 else value)
)
#: Names differ in more than case.
headers = st.dictionaries(tokens.map(lambda name: name.lower()), header_values, max_size=4)
methods = st.sampled_from("GET HEAD POST PUT PATCH DELETE OPTIONS get Post PROPFIND".split())
