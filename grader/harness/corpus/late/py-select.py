"""Waits for more, with a limit."""

import select

from conversation import LATE, serve

serve(lambda client: select.select([client], [], [], LATE))
