"""Stands for the import command of a job: does what the job's file says, and writes no journal.

Run with the name of the file; each line of it is one of:

    exit CODE        end with this exit code
    say TEXT         write a line to stderr
    reject TEXT      write it to the file of rejects
    report STATE     write a report of an import that has ended so
    kill             end by SIGKILL
    once LINE        do LINE at the first start only
    wait             wait for SIGINT, then end with 130
    stubborn         wait, and ignore SIGINT
"""

from __future__ import absolute_import, division, print_function

import io
import os
import signal
import sys
import time


def main(path):
    with io.open("starts.txt", "a") as file:
        file.write(u"x\n")
    with io.open("starts.txt") as file:
        is_first = len(file.readlines()) == 1
    with io.open(path, encoding="utf-8") as file:
        for line in file.read().splitlines():
            word, _, rest = line.partition(u" ")
            if word == u"once":
                if not is_first:
                    continue
                word, _, rest = rest.partition(u" ")
            do(word, rest)


def do(word, rest):
    if word == u"exit":
        sys.exit(int(rest))
    elif word == u"say":
        sys.stderr.write(str(rest) + "\n")
    elif word == u"reject":
        with io.open("upload.rejects.csv", "w") as file:
            file.write(rest + u"\n")
    elif word == u"report":
        with io.open("upload.report.json", "w") as file:
            file.write(u'{"state": "%s"}' % rest)
    elif word == u"kill":
        os.kill(os.getpid(), signal.SIGKILL)
    elif word in (u"wait", u"stubborn"):
        signal.signal(signal.SIGINT, signal.SIG_IGN if word == u"stubborn" else ended)
        with io.open("waiting.txt", "w") as file:
            file.write(u"%d" % os.getpid())
        while True:
            time.sleep(60)


def ended(*ignored):
    sys.exit(130)


if __name__ == "__main__":
    main(sys.argv[1])
