"""Which proxy leads to a URL: requests' rules, as pure functions.

Held to requests' own functions by tests/differential/test_proxies_as_requests.py.
"""

from __future__ import absolute_import, division, print_function

import re

from waterspout._compat import to_native, to_text
from waterspout._encoding import urls
from waterspout._encoding.zones import without_zone
from waterspout.exceptions import InvalidProxyURL, RequestException, Unsupported

#: A part of an address as inet_aton(3) reads it: hexadecimal, octal or decimal.
_ADDRESS_PART = re.compile(r"(?:0[xX]([0-9a-fA-F]+)|0([0-7]*)|([1-9][0-9]*))\Z")


def merge_proxies(url, of_session, of_call, environ):
    # type: (URL, Optional[Mapping], Optional[Mapping], Optional[Mapping]) -> Dict
    """What `select_proxy` takes: the call's over the environment's over the session's.

    Args:
        url (URL): where the request goes; ``no_proxy`` may be about it.
        of_session, of_call (mapping or None): a value of None removes one; ``no_proxy`` is a list
            of hosts (see `should_bypass_proxies`) to which no proxy leads, and takes the place
            of the environment's.
        environ (mapping or None): ``os.environ``, where it is trusted.
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
    """What ``proxies`` says about ``url``: by scheme and host, scheme, host, or for all."""
    host = without_zone(url.host).strip("[]")
    for key in (url.scheme + "://" + host, url.scheme, "all://" + host, "all"):
        if key in proxies:
            return proxies[key]
    return None


def should_bypass_proxies(url, no_proxy):
    # type: (URL, Optional[str]) -> bool
    """Whether ``no_proxy`` names the host of ``url``.

    Args:
        no_proxy (native str or None): hosts, separated by commas. A name, with or without a dot
            in front of it or a port behind it, is also for those under it; an IPv4 address may
            be a network (``10.0.0.0/8``); a lone ``*`` is everybody.
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
    """``HTTP_PROXY`` and its kin, by scheme; one in lower case counts more, also if it is empty."""
    proxies = {}
    for name in sorted(environ):  # Upper case comes first.
        if not name.lower().endswith("_proxy"):
            continue
        scheme = name.lower()[:-len("_proxy")]
        if scheme == "http" and "REQUEST_METHOD" in environ and not name.endswith("_proxy"):
            continue  # A CGI program's client can set it, by a header "Proxy" (CVE-2016-1000110).
        if environ[name]:
            proxies[scheme] = environ[name]
        elif name.endswith("_proxy"):
            proxies.pop(scheme, None)
    return proxies


def parse_proxy(proxy):
    # type: (Any) -> URL
    """The URL of an HTTP proxy; ``host:port`` is one as well.

    Raises: InvalidProxyURL; Unsupported for https and SOCKS. Neither shows the URL, in which
        there may be a password.
    """
    try:
        text = to_text(proxy).strip()
    except (AttributeError, UnicodeDecodeError):
        text = u""
    if u"://" not in text:
        # "http:/host" is a slip of the pen, and no host named http.
        text = u"" if u":/" in text else u"http://" + text.lstrip(u"/")
    scheme = to_native(text.partition(u"://")[0]).lower()
    if scheme == "https" or scheme.startswith("socks"):
        raise Unsupported("a proxy is spoken to in plain HTTP: no %s:// proxy" % scheme)
    try:
        url = urls.parse(text) if scheme == "http" else None
    except RequestException:
        url = None
    if url is None:  # Raised here, or a traceback would show the other error as its context.
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
    """The address as a number, in all spellings that the system knows: 127.1 is 127.0.0.1."""
    parts = [_ADDRESS_PART.match(part) for part in text.split(".")]
    if len(parts) > 4 or None in parts:
        return None
    numbers = [_number(part) for part in parts]
    room = 256 ** (5 - len(numbers))  # The last one fills what the others leave.
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
