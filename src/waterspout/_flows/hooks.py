"""Running hooks: they see, and may replace, each response."""

from __future__ import absolute_import, division, print_function


def run_hooks(request, response):
    # type: (PreparedRequest, Response) -> Response
    """What the request's hooks make of it, one after the other; None leaves it as it is.

    Each gets the response and requests' keywords: stream, timeout, verify, cert, proxies.
    Raises: what a hook raises.
    """
    if request.has_hooks:
        how = _how(request)
        for hook in request.hooks["response"]:
            replacement = hook(response, **how)
            if replacement is not None:
                response = replacement
    return response


def _how(request):
    route = request.route
    how = dict(stream=request.stream, timeout=request.timeout, verify=True, cert=None, proxies={})
    if route is not None:
        how.update(verify=route.verify, cert=route.cert)
        if route.proxy is not None:
            how["proxies"] = {request.parsed_url.scheme: str(route.proxy)}
    return how
