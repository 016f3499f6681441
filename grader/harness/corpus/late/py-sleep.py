"""Sleeps."""

import time

from conversation import LATE, serve

serve(lambda client: time.sleep(LATE))
