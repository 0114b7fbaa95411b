"""The names that entries of a file of keys have for what a client may do at the gateway."""

from __future__ import absolute_import, division, print_function

#: For ``APIKeys(permissions=)``. Who imports or searches may know what attributes there are.
PERMISSIONS = {
    "import": ["POST /cmdb/import", "GET /cmdb/model", "GET,POST,DELETE /cmdb/jobs"],
    "search": ["POST /cmdb/search", "GET /cmdb/model"],
}
