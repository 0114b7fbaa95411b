"""Selects the proxy for a URL by requests' rules, as pure functions.

tests/differential/test_proxies_as_requests.py compares them with requests' own functions.
"""

from __future__ import absolute_import, division, print_function

import re

from waterspout._compat import to_native, to_text
from waterspout._encoding import urls
from waterspout._encoding.zones import without_zone
from waterspout.exceptions import InvalidProxyURL, RequestException, Unsupported

#: A part of an address for inet_aton(3): hexadecimal, octal or decimal.
_ADDRESS_PART = re.compile(r"(?:0[xX]([0-9a-fA-F]+)|0([0-7]*)|([1-9][0-9]*))\Z")


def merge_proxies(url, of_session, of_call, environ):
    # type: (URL, Optional[Mapping], Optional[Mapping], Optional[Mapping]) -> Dict
    """The proxies for `select_proxy`: the call's over the environment's over the session's.

    Args:
        url (URL): of the request; ``no_proxy`` may match it.
        of_session, of_call (mapping or None): a value of None removes a proxy. ``no_proxy`` is a
            list of hosts without a proxy (see `should_bypass_proxies`), and replaces that of the
            environment.
        environ (mapping or None): ``os.environ`` if it is used.
    """
    merged = dict(of_session or {})
    no_proxy = (of_call or {}).get("no_proxy", merged.get("no_proxy"))
    if no_proxy is not None and should_bypass_proxies(url, no_proxy):
        return {}
    if environ is not None:
        if no_proxy is not None or not should_bypass_proxies(url, _no_proxy(environ)):
            merged.update(environment_proxies(environ))
    merged.update(of_call or {})
    return dict((key, proxy) for key, proxy in merged.items() if proxy is not None)


def select_proxy(url, proxies):
    # type: (URL, Mapping) -> Optional[str]
    """The proxy for ``url``: by scheme and host, by scheme, by host, or for all; else None."""
    host = without_zone(url.host).strip("[]")
    for key in (url.scheme + "://" + host, url.scheme, "all://" + host, "all"):
        if key in proxies:
            return proxies[key]
    return None


def should_bypass_proxies(url, no_proxy):
    # type: (URL, Optional[str]) -> bool
    """Whether ``no_proxy`` names the host of ``url``.

    Args:
        no_proxy (native str or None): hosts, separated by commas. A name, with or without a
            leading dot or a port, also matches its subdomains; an IPv4 address may be a network
            (``10.0.0.0/8``); a single ``*`` matches every host. Case is ignored (requests ignores
            it only in entries without a port).
    """
    if not no_proxy:
        return False
    if no_proxy == "*":
        return True
    host = without_zone(url.host).strip("[]")
    hosts = (host, "%s:%d" % (host, url.port))
    address = _ipv4(host)
    for entry in no_proxy.replace(" ", "").lower().split(","):
        entry = entry.lstrip(".")
        if not entry:
            continue
        if address is not None:
            if host == entry or host.endswith("." + entry) or _is_in_network(address, entry):
                return True
        elif any(each == entry or each.endswith("." + entry) for each in hosts):
            return True
    return False


def environment_proxies(environ):
    # type: (Mapping) -> Dict[str, str]
    """``HTTP_PROXY`` and similar variables by scheme. Lower case has precedence, even if empty."""
    proxies = {}
    for name in sorted(environ):  # Upper case sorts first.
        if not name.lower().endswith("_proxy"):
            continue
        scheme = name.lower()[:-len("_proxy")]
        if scheme == "http" and "REQUEST_METHOD" in environ and not name.endswith("_proxy"):
            continue  # A CGI program's client can set it with a header "Proxy" (CVE-2016-1000110).
        if environ[name]:
            proxies[scheme] = environ[name]
        elif name.endswith("_proxy"):
            proxies.pop(scheme, None)
    return proxies


def parse_proxy(proxy):
    # type: (Any) -> URL
    """Parse the URL of an HTTP proxy; ``host:port`` is accepted too.

    Raises: InvalidProxyURL; Unsupported: https or SOCKS. Neither shows the URL, which may have a
        password. Nothing was sent.
    """
    try:
        text = to_text(proxy).strip()
    except (AttributeError, UnicodeDecodeError):
        text = u""
    if u"://" not in text:
        # "http:/host" is a typing error, not a host named http.
        text = u"" if u":/" in text else u"http://" + text.lstrip(u"/")
    scheme = to_native(text.partition(u"://")[0]).lower()
    if scheme == "https" or scheme.startswith("socks"):
        raise Unsupported("%s:// proxies are not supported: give an http:// proxy" % scheme)
    try:
        url = urls.parse(text) if scheme == "http" else None
    except RequestException:
        url = None
    if url is None:  # Raised here, so that a traceback does not show the other error.
        raise InvalidProxyURL("the URL of the proxy is not like http://user:password@host:port")
    return url


def _no_proxy(environ):
    return environ.get("no_proxy") or environ.get("NO_PROXY")


def _is_in_network(address, entry):
    network, slash, bits = entry.partition("/")
    if not slash or not bits.isdigit() or not 1 <= int(bits) <= 32:
        return False
    start = _ipv4(network)
    return start is not None and (address ^ start) >> (32 - int(bits)) == 0


def _ipv4(text):
    # type: (str) -> Optional[int]
    """The address as a number, in all notations of the system: 127.1 is 127.0.0.1."""
    parts = [_ADDRESS_PART.match(part) for part in text.split(".")]
    if len(parts) > 4 or None in parts:
        return None
    numbers = [_number(part) for part in parts]
    room = 256 ** (5 - len(numbers))  # The last part fills the remaining bytes.
    if numbers[-1] >= room or any(number > 255 for number in numbers[:-1]):
        return None
    address = numbers[-1]
    for place, number in enumerate(numbers[:-1]):
        address += number << 8 * (3 - place)
    return address


def _number(part):
    hexadecimal, octal, decimal = part.groups()
    if hexadecimal is not None:
        return int(hexadecimal, 16)
    return int(octal or "0", 8) if octal is not None else int(decimal)
