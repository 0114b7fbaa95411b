"""HOST: the model of the fakes that imports go to."""

from __future__ import absolute_import, division, print_function

HOST = {
    "objectId": "HOST",
    "name": "Host",
    "view": {"show_key": ["name"]},
    "attrList": [
        {"id": "name", "name": "Name", "required": "true", "value": {"type": "str"}},
        {"id": "ip", "name": "IP address", "value": {"type": "str"}},
        {"id": "cpu", "name": "CPU cores", "value": {"type": "int"}},
    ],
    "relation_list": [],
}
