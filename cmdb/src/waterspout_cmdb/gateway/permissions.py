"""The names that entries of a file of keys have for what a client may do at the gateway."""

from __future__ import absolute_import, division, print_function

#: For ``APIKeys(permissions=)``.
PERMISSIONS = {
    "import": ["POST /cmdb/import"],
    "search": ["POST /cmdb/search"],
}
