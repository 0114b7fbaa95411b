"""Import jobs: a file is uploaded, and imported by a process of its own.

::

    uploading/   a request's body becomes a file and options: multipart/form-data, or the file alone
    storing/     the jobs of all tenants, in SQLite, and the files of each in a folder
    running/     the jobs runner, a child process of the gateway, and the processes that it starts
    handling/    the HTTP handlers: upload, state, events, files, stop, resume
"""

from __future__ import absolute_import, division, print_function
