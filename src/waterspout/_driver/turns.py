"""Runs long work on the IOLoop in short steps, so that other callbacks run between them."""

from __future__ import absolute_import, division, print_function

import collections
import weakref

from tornado.ioloop import IOLoop

from waterspout._compat import TYPE_CHECKING, Future, detached, reject, resolve

if TYPE_CHECKING:
    from typing import Any, Callable, Deque, Iterator, Optional, Tuple  # noqa: F401

# For each IOLoop, the work that waits for its next turn.
_QUEUES = weakref.WeakKeyDictionary()  # type: Any

# For each IOLoop, a function that is called when such work begins and ends.
_WATCHERS = weakref.WeakKeyDictionary()  # type: Any


def watch(io_loop, watcher):
    # type: (IOLoop, Optional[Callable[[], None]]) -> None
    """Have ``watcher()`` called when long work on ``io_loop`` begins and ends; None stops that."""
    if watcher is None:
        _WATCHERS.pop(io_loop, None)
    else:
        _WATCHERS[io_loop] = watcher


def in_turns(steps, result):
    # type: (Iterator[None], Callable[[], Any]) -> Future[Any]
    """Run a generator to its end on the current IOLoop.

    Each iteration of the IOLoop does one step of all such work together, not one of each: ten large
    bodies take ten times as long, but delay other requests no longer than one. Every iteration
    handles all sockets, on Tornado 5.1 and on asyncio.

    Args:
        steps (generator): each ``next()`` works for a few milliseconds at most.
        result (callable): called after the last step.
    Returns: Future of the result of ``result()``, or of the error that a step raised. To abandon
        the work, close the generator, or (Python 3) cancel the Future.
    """
    io_loop = IOLoop.current()
    queue = _QUEUES.get(io_loop)
    if queue is None:
        queue = _QUEUES[io_loop] = collections.deque()
    future = Future()  # type: Future[Any]
    watcher = _WATCHERS.get(io_loop)
    if watcher is not None:
        watcher()
        future.add_done_callback(lambda future: watcher())
    queue.append((future, steps, result))
    if len(queue) == 1:
        detached(io_loop.add_callback, _take_turn, queue)
    return future


def _take_turn(queue):
    # type: (Deque[Tuple[Future[Any], Iterator[None], Callable[[], Any]]]) -> None
    # It stays in the queue during the step: a queue that is not empty means that a turn is set.
    future, steps, result = queue[0]
    try:
        if future.done():
            steps.close()
        else:
            next(steps)
            queue.append(queue[0])
    except StopIteration:
        _finish(future, result)
    except Exception as error:
        reject(future, error)
    finally:  # After a KeyboardInterrupt too, for the sake of the others.
        queue.popleft()
        if queue:
            IOLoop.current().add_callback(_take_turn, queue)


def _finish(future, result):
    try:
        value = result()
    except Exception as error:
        reject(future, error)
    else:
        resolve(future, value)
