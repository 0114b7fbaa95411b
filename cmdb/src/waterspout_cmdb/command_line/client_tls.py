"""Options about certificates, as keywords of an SDK."""

from __future__ import absolute_import, division, print_function

TYPE_CHECKING = False  # Checkers know the name; ``typing`` is not there on 2.7.

if TYPE_CHECKING:
    from typing import Any, Dict, Optional  # noqa: F401


def tls_call_keywords(ca, cert, key):
    # type: (Optional[str], Optional[str], Optional[str]) -> Dict[str, Any]
    """Return ``verify`` and ``cert``, each only if it is asked for.

    Args:
        ca, cert, key: names of files; None or empty for none.
    """
    keywords = {}  # type: Dict[str, Any]
    if ca:
        keywords["verify"] = ca
    if cert:
        keywords["cert"] = (cert, key) if key else cert
    return keywords
