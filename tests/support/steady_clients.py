"""Clients that send one request after another while something is done to a service."""

from __future__ import absolute_import, division, print_function

import threading

from raw_client import RawConnection


class SteadyClients(object):
    """Threads that GET ``/pid``, half of them on connections that they keep.

    Attributes:
        errors (list): what ended a client before it was stopped.
        counts (list of int): how many answers each client got.
    """

    def __init__(self, port, clients):
        self.errors, self.counts = [], []
        self._port = port
        self._stopped = threading.Event()
        self._threads = [threading.Thread(target=self._work, args=(number % 2 == 0,))
                         for number in range(clients)]

    def __enter__(self):
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *error):
        self._stopped.set()
        for thread in self._threads:
            thread.join()

    def _work(self, keep):
        count, connection = 0, None
        try:
            while not self._stopped.is_set():
                connection = connection or RawConnection(self._port)
                answer = connection.get("/pid")
                assert answer is not None and answer.status == 200
                count += 1
                if not keep or answer.headers.get("connection") == "close":
                    connection.socket.close()
                    connection = None
        except Exception as error:
            self.errors.append(error)
        finally:
            self.counts.append(count)
            if connection is not None:
                connection.socket.close()
