"""Waits for a thread that sleeps."""

import threading
import time

from conversation import LATE, serve


def wait(client):
    sleeper = threading.Thread(target=time.sleep, args=(LATE,))
    sleeper.start()
    sleeper.join()


serve(wait)
