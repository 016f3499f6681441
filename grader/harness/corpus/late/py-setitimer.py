"""Waits for a signal that a timer sends."""

import signal

from conversation import LATE, serve


def wait(client):
    signal.signal(signal.SIGALRM, lambda number, frame: None)
    signal.setitimer(signal.ITIMER_REAL, LATE)
    signal.pause()


serve(wait)
