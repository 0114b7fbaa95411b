"""Hooks: callables of the user's that see, and may replace, each response."""

from __future__ import absolute_import, division, print_function

from functools import partial


def response_hooks(request):
    # type: (PreparedRequest) -> Iterable[Callable]
    """The request's hooks, each to be called with a response.

    Beside it each gets requests' keywords: stream, timeout, verify, cert, proxies.
    """
    if not request.has_hooks:
        return ()
    how = _how(request)
    return [partial(hook, **how) for hook in request.hooks["response"]]


def _how(request):
    route = request.route
    how = dict(stream=request.stream, timeout=request.timeout, verify=True, cert=None, proxies={})
    if route is not None:
        how.update(verify=route.verify, cert=route.cert)
        if route.proxy is not None:
            how["proxies"] = {request.parsed_url.scheme: str(route.proxy)}
    return how
