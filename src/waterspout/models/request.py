"""Request: the arguments of a call, before a session adds its own."""

from __future__ import absolute_import, division, print_function

from waterspout._compat import TYPE_CHECKING
from waterspout.models.hooks import Hooked, hook_lists
from waterspout.models.prepared_request import PreparedRequest

if TYPE_CHECKING:
    from typing import Any, Optional  # noqa: F401

    from waterspout.models.keywords import HeaderTypes  # noqa: F401


class Request(Hooked):
    """The arguments of one call, as in requests. Only ``hooks`` are checked; nothing is encoded.

    ::

        request = waterspout.Request("POST", url, json=payload)
        prepared = session.prepare_request(request)
        prepared.headers["Digest"] = digest_of(prepared.body)
        response = await session.send(prepared)

    Attributes: the arguments as they were given, named as in `waterspout.Session.request`.
    """

    def __init__(self, method=None, url=None, headers=None, files=None, data=None, params=None,
                 auth=None, cookies=None, hooks=None, json=None):
        # type: (Optional[str], Optional[str], HeaderTypes, Any, Any, Any, Any, Any, Any, Any) -> None
        self.method = method  # type: Any
        self.url = url  # type: Any
        self.headers = headers  # type: Any
        self.files = files
        self.data = data
        self.params = params
        self.auth = auth
        self.cookies = cookies
        self.hooks = hook_lists(hooks)
        self.json = json

    def prepare(self):
        # type: () -> PreparedRequest
        """Encode the request without a session. Raises: the errors of `PreparedRequest`."""
        return PreparedRequest(
            self.method,
            self.url,
            params=self.params,
            data=self.data,
            json=self.json,
            headers=self.headers,
            files=self.files,
            cookies=self.cookies,
            auth=self.auth,
            hooks=self.hooks,
        )

    def __repr__(self):
        return "<Request [%s]>" % self.method
