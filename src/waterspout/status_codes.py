"""codes: status codes by name, with requests' names."""

from __future__ import absolute_import, division, print_function

from waterspout._compat import TYPE_CHECKING, to_native

if TYPE_CHECKING:
    from typing import Iterable, Optional, Text, Tuple  # noqa: F401

#: Statuses of redirects, if there is a Location (RFC 9110 section 15.4).
REDIRECTS = frozenset([301, 302, 303, 307, 308])

#: The permanent ones of them.
PERMANENT_REDIRECTS = frozenset([301, 308])

#: (status, its names). If two have the same name, the later line wins, as in requests.
_NAMES = (
    (100, "continue"),
    (101, "switching_protocols"),
    (102, "processing early-hints"),
    (103, "checkpoint"),
    (122, "uri_too_long request_uri_too_long"),
    (200, u"ok okay all_ok all_okay all_good \\o/ \u2713"),
    (201, "created"),
    (202, "accepted"),
    (203, "non_authoritative_info non_authoritative_information"),
    (204, "no_content"),
    (205, "reset_content reset"),
    (206, "partial_content partial"),
    (207, "multi_status multiple_status multi_stati multiple_stati"),
    (208, "already_reported"),
    (226, "im_used"),
    (300, "multiple_choices"),
    (301, "moved_permanently moved \\o-"),
    (302, "found"),
    (303, "see_other other"),
    (304, "not_modified"),
    (305, "use_proxy"),
    (306, "switch_proxy"),
    (307, "temporary_redirect temporary_moved temporary"),
    (308, "permanent_redirect resume_incomplete resume"),
    (400, "bad_request bad"),
    (401, "unauthorized"),
    (402, "payment_required payment"),
    (403, "forbidden"),
    (404, "not_found -o-"),
    (405, "method_not_allowed not_allowed"),
    (406, "not_acceptable"),
    (407, "proxy_authentication_required proxy_auth proxy_authentication"),
    (408, "request_timeout timeout"),
    (409, "conflict"),
    (410, "gone"),
    (411, "length_required"),
    (412, "precondition_failed precondition"),
    (413, "request_entity_too_large content_too_large"),
    (414, "request_uri_too_large uri_too_long"),
    (415, "unsupported_media_type unsupported_media media_type"),
    (416, "requested_range_not_satisfiable requested_range range_not_satisfiable"),
    (417, "expectation_failed"),
    (418, "im_a_teapot teapot i_am_a_teapot"),
    (421, "misdirected_request"),
    (422, "unprocessable_entity unprocessable unprocessable_content"),
    (423, "locked"),
    (424, "failed_dependency dependency"),
    (425, "unordered_collection unordered too_early"),
    (426, "upgrade_required upgrade"),
    (428, "precondition_required precondition"),
    (429, "too_many_requests too_many"),
    (431, "header_fields_too_large fields_too_large"),
    (444, "no_response none"),
    (449, "retry_with retry"),
    (450, "blocked_by_windows_parental_controls parental_controls"),
    (451, "unavailable_for_legal_reasons legal_reasons"),
    (499, "client_closed_request"),
    (500, u"internal_server_error server_error /o\\ \u2717"),
    (501, "not_implemented"),
    (502, "bad_gateway"),
    (503, "service_unavailable unavailable"),
    (504, "gateway_timeout"),
    (505, "http_version_not_supported http_version"),
    (506, "variant_also_negotiates"),
    (507, "insufficient_storage"),
    (509, "bandwidth_limit_exceeded bandwidth"),
    (510, "not_extended"),
    (511, "network_authentication_required network_auth network_authentication"),
)


class StatusCodes(object):
    """``codes.not_found``, ``codes["not_found"]`` and ``codes.NOT_FOUND`` are 404.

    An unknown name raises AttributeError; with ``[]`` and `get` it gives None, as in requests.
    """

    def __init__(self, table):
        # type: (Iterable[Tuple[int, Text]]) -> None
        for status, names in table:
            for name in names.split():
                name = to_native(name)
                setattr(self, name, status)
                if name[0] not in "\\/":  # The faces have no upper case.
                    setattr(self, name.upper(), status)

    if TYPE_CHECKING:
        def __getattr__(self, name):
            # type: (str) -> int
            raise NotImplementedError

    def __getitem__(self, name):
        # type: (str) -> Optional[int]
        return self.__dict__.get(name)

    def get(self, name, default=None):
        # type: (str, Optional[int]) -> Optional[int]
        """Return the number of a name, or ``default``."""
        return self.__dict__.get(name, default)

    def __repr__(self):
        return "<waterspout.codes>"


codes = StatusCodes(_NAMES)
