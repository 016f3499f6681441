"""The standard library's selectors: epoll on Linux, kqueue on macOS."""

import selectors
import socket
import sys

LIMIT = 64 * 1024


class Client:
    """A connection, and what has come on it and has not been sent back yet."""

    def __init__(self, connection):
        self.connection = connection
        self.unsent = bytearray()
        self.ended = False

    def interest(self):
        receives = not self.ended and len(self.unsent) < LIMIT
        return (selectors.EVENT_READ if receives else 0) | (
            selectors.EVENT_WRITE if self.unsent else 0
        )

    def go_on(self, ready):
        """Does what can be done now. Whether the connection stays."""
        if ready & selectors.EVENT_READ:
            received = self.connection.recv(16 * 1024)
            self.ended = not received
            self.unsent += received
        if self.unsent:
            try:
                sent = self.connection.send(self.unsent)
                del self.unsent[:sent]
            except BlockingIOError:
                pass
        return bool(self.unsent) or not self.ended


def accept(listener, selector):
    try:
        connection, _ = listener.accept()
    except (BlockingIOError, ConnectionAbortedError):
        return
    connection.setblocking(False)
    selector.register(connection, selectors.EVENT_READ, Client(connection))


def serve(listener):
    listener.setblocking(False)
    selector = selectors.DefaultSelector()
    selector.register(listener, selectors.EVENT_READ)
    while True:
        for key, ready in selector.select():
            client = key.data
            if client is None:
                accept(listener, selector)
                continue
            try:
                stays = client.go_on(ready)
            except BlockingIOError:
                stays = True
            except OSError as error:
                print(error, file=sys.stderr)
                stays = False
            if not stays:
                selector.unregister(client.connection)
                client.connection.close()
            elif client.interest() != key.events:
                selector.modify(client.connection, client.interest(), client)


host, _, port = sys.argv[1].rpartition(":")
host = host.strip("[]")
family = socket.AF_INET6 if ":" in host else socket.AF_INET
try:
    with socket.create_server((host, int(port)), family=family) as listener:
        serve(listener)
except OSError as error:
    sys.exit(f"poll: {error}")
