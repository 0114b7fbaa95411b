"""Headers do what requests' CaseInsensitiveDict does."""

from __future__ import absolute_import, division, print_function

import pytest

import waterspout


def test_headers_keep_case_and_order():
    """Names keep their case and their order."""
    headers = waterspout.Headers([("Spam", "1"), ("eggs", "2")])
    assert list(headers) == ["Spam", "eggs"] and dict(headers) == {"Spam": "1", "eggs": "2"}
    assert waterspout.Headers() == {} and waterspout.Headers({"Spam": "1"}) == {"Spam": "1"}


def test_names_compare_without_case():
    headers = waterspout.Headers({"Accept": "json"})
    assert headers["aCCEPT"] == headers.get("accept") == "json" and "ACCEPT" in headers
    assert headers.get("other") is None and headers.get("other", 1) == 1 and len(headers) == 1
    assert headers.setdefault("ACCEPT", "x") == "json" and headers.setdefault("b", "x") == "x"


def test_setting_a_header_replaces_it_whatever_the_case():
    """The last spelling counts, other names are left alone."""
    headers = waterspout.Headers([("spam", "1"), ("eggs", "2")])
    headers["Spam"] = "3"
    headers.update({"SPAM": "4"})
    assert headers == {"spam": "4", "eggs": "2"} and list(headers) == ["SPAM", "eggs"]


def test_headers_are_deleted_whatever_the_case():
    headers = waterspout.Headers({"Spam": "1"})
    del headers["sPAM"]
    assert "Spam" not in headers and len(headers) == 0
    with pytest.raises(KeyError):
        del headers["Spam"]


def test_equality_of_headers_ignores_the_case_of_names():
    assert waterspout.Headers({"SPAM": "1"}) == waterspout.Headers({"spam": "1"}) == {"Spam": "1"}
    assert waterspout.Headers({"spam": "1"}) != {"spam": "2"}
    assert waterspout.Headers({"spam": "1"}) != "spam"


def test_lower_items_have_lower_case_names():
    """Each name once, with all its values."""
    headers = waterspout.Headers([("Spam", "1"), ("EGGS", "2"), ("spam", "3")])
    assert list(headers.lower_items()) == [("spam", "1, 3"), ("eggs", "2")]


def test_a_copy_of_headers_is_independent():
    headers = waterspout.Headers({"spam": "1"})
    twin = headers.copy()
    assert twin == headers
    twin["spam"] = "2"
    assert headers["spam"] == "1"


def test_the_repr_of_headers_shows_no_secrets():
    """requests' repr shows them."""
    headers = waterspout.Headers({"Authorization": "Bearer xyz", "spam": "1"})
    assert "xyz" not in repr(headers) and "spam" in repr(headers)


@pytest.mark.parametrize("timeout", [(3, 4, 5), (3, 0), 0, -1, float("nan")])
def test_a_negative_or_zero_timeout_is_refused(timeout):
    """As in requests a ValueError that names the value."""
    with pytest.raises(ValueError):
        waterspout.ClientTimeout.of(timeout)


@pytest.mark.parametrize("timeout", ["foo", (3, "foo"), True])
def test_a_timeout_of_a_wrong_type_is_refused(timeout):
    """A TypeError here, as for the other arguments; requests raises a ValueError."""
    with pytest.raises(TypeError):
        waterspout.ClientTimeout.of(timeout)
