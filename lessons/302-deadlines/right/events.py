"""selectors: one thread that waits until the nearest of all deadlines."""

import selectors
import socket
import sys
import time

ip, port = sys.argv[1].rsplit(":", 1)
idle = int(sys.argv[2]) / 1000
listener = socket.create_server((ip, int(port)))
selector = selectors.DefaultSelector()
selector.register(listener, selectors.EVENT_READ)
deadlines = {}
unfinished = {}


def leave(client):
    selector.unregister(client)
    del deadlines[client], unfinished[client]
    client.close()


def echo_lines(client):
    try:
        received = client.recv(4096)
        lines, newline, rest = (unfinished[client] + received).rpartition(b"\n")
        unfinished[client] = rest
        if newline:
            client.sendall(lines + newline)
            deadlines[client] = time.monotonic() + idle
    except ConnectionError:
        received = b""
    if not received:
        leave(client)


while True:
    nearest = min(deadlines.values(), default=None)
    left = None if nearest is None else max(0, nearest - time.monotonic())
    for key, _ in selector.select(left):
        if key.fileobj is listener:
            client, _ = listener.accept()
            selector.register(client, selectors.EVENT_READ)
            deadlines[client] = time.monotonic() + idle
            unfinished[client] = b""
        else:
            echo_lines(key.fileobj)
    now = time.monotonic()
    for client in [client for client, deadline in deadlines.items() if deadline <= now]:
        leave(client)
