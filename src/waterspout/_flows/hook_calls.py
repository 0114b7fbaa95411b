"""Calls of hooks, with requests' keywords; `waterspout.models.hooks` registers them."""

from __future__ import absolute_import, division, print_function

from functools import partial


def response_hooks(request, options):
    # type: (PreparedRequest, CallOptions) -> Iterable[Callable]
    """The request's hooks, each to be called with a response.

    Each also gets requests' keywords: stream, timeout, verify, cert, proxies.
    """
    if not request.has_hooks:
        return ()
    how = _how(request, options)
    return [partial(hook, **how) for hook in request.hooks["response"]]


def _how(request, options):
    route = options.route
    how = dict(stream=options.stream, timeout=options.timeout, verify=True, cert=None, proxies={})
    if route is not None:
        how.update(verify=route.verify, cert=route.cert)
        if route.proxy is not None:
            how["proxies"] = {request.parsed_url.scheme: str(route.proxy)}
    return how
