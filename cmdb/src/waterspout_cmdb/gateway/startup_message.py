"""What the gateway prints when it serves: its address, and commands to try."""

from __future__ import absolute_import, division, print_function

import os

from waterspout_cmdb.command_line.own_program import own_words, shell_line, shown_path

#: Addresses that mean every interface, as ``shown_sockets`` shows them.
_EVERYWHERE = "*:"

_UNIX = "unix:"

#: What import calls unless it is told otherwise.
_DEFAULT_URL = "http://127.0.0.1:8888"

_HOSTS = (("web-1", "10.0.0.1"), ("web-2", "10.0.0.2"), ("db-1", "10.0.0.3"))
_ROWS = ", ".join('{"name": "%s", "ip": "%s"}' % host for host in _HOSTS)
_IMPORT = '{"keys": ["name"], "datas": [%s]}' % _ROWS
_SEARCH = '{"query": {"ip": {"$like": "10.0.0.%"}}, "fields": {"name": true, "ip": true}}'


def startup_message(
    address, upstreams, sandbox_db=None, scheme="http", operations="", needs_key=False
):
    # type: (str, Sequence[str], Optional[str], str, str, bool) -> str
    """Return several lines of text.

    Args:
        address: where the gateway listens, as ``waterspout.service.shown_sockets`` shows it.
        upstreams (list of text): the addresses of the CMDB that it calls.
        sandbox_db (text or None): the data file, if that CMDB is the embedded sandbox.
        scheme (native str): "http", or "https" if it serves over TLS.
        operations: the address of the pages for operators; empty if they have none of their own.
        needs_key: the gateway serves only clients with an API key.
    """
    where, url = _where_and_url(address, scheme)
    spreadsheet = sample_import(url, needs_key) if not address.startswith(_UNIX) else ""
    if needs_key:
        url = '-H "X-API-Key: $KEY" ' + url
    if sandbox_db is None:
        if len(upstreams) == 1:
            lines = ["CMDB gateway on %s, calling the CMDB at %s." % (where, upstreams[0])]
        else:
            lines = ["CMDB gateway on %s, calling the CMDB at one of" % where]
            lines += ["  %s" % each for each in upstreams]
        lines += ["", "  curl %s/cmdb/search/<object_id> -d '{\"query\": {}}'" % url]
    else:
        lines = [
            "CMDB gateway on %s" % where,
            "sandbox CMDB on http://%s, its data in %s" % (upstreams[0], sandbox_db),
            "",
            "Import three hosts, then find them:",
            "",
            "  curl %s/cmdb/import/HOST -d '%s'" % (url, _IMPORT),
            "",
            "  curl %s/cmdb/search/HOST -d '%s'" % (url, _SEARCH),
        ]
        if spreadsheet:
            lines += ["", "Import a spreadsheet:", "", "  " + spreadsheet]
    if operations:
        url = _where_and_url(operations, "http")[1]
        lines += ["", "For operators:", "", "  curl %s/status" % url]
    return "\n".join(lines + ["", "Ctrl-C stops."])


def sample_import(url, needs_key):
    # type: (str, bool) -> str
    """Return the command that imports the sample spreadsheet, from the working directory.

    Args:
        url: of the gateway.
        needs_key: it serves only clients with an API key.
    """
    package = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    path = os.path.join(package, "commands", "sample", "hosts.csv")
    words = own_words() + ["import", shown_path(path), "--object", "HOST", "--key", "name"]
    if url != _DEFAULT_URL:
        words += ["--gateway", url]
    line = shell_line(words)
    return 'WATERSPOUT_BULK_API_KEY="$KEY" ' + line if needs_key else line


def _where_and_url(address, scheme):
    # type: (str, str) -> Tuple[str, str]
    """How to name an address, and the arguments of curl that call it."""
    if address.startswith(_UNIX):
        return address, "--unix-socket %s %s://localhost" % (address[len(_UNIX):], scheme)
    if address.startswith(_EVERYWHERE):
        address = "127.0.0.1" + address[1:]
    url = "%s://%s" % (scheme, address)
    return url, url
