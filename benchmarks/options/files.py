"""The files that the options of the variants name."""

from __future__ import absolute_import, division, print_function

import json
import os
import subprocess

from waterspout.service import make_api_key

#: Other keys in the file: a lookup among some, as services have them.
OTHERS = 20


def write(folder):
    # type: (str) -> str
    """Write an API key's file and a certificate into the folder; return the key."""
    subprocess.check_call(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj",
         "/CN=127.0.0.1", "-keyout", os.path.join(folder, "key.pem"), "-out",
         os.path.join(folder, "cert.pem")], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    keys = [make_api_key() for _ in range(1 + OTHERS)]
    entries = [{"name": "client-%d" % number, "id": key.id, "sha256": key.sha256,
                "allow": ["import", "search"], "orgs": ["*"], "users": ["*"]}
               for number, key in enumerate(keys)]
    with open(os.path.join(folder, "api-keys"), "w") as file:
        json.dump({"keys": entries}, file)
    os.chmod(os.path.join(folder, "api-keys"), 0o600)
    with open(os.path.join(folder, "debug-secret"), "w") as file:
        file.write("sixteen-letters-and-more")
    return keys[0].key
