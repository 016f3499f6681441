"""The conversation that all of these servers have."""

import socket
import sys

LATE = 0.3
ip, port = sys.argv[1].rsplit(":", 1)
ADDRESS = (ip, int(port))
UNASKED = sys.argv[2:] == ["unasked"]


def listener():
    return socket.create_server(ADDRESS)


def message(client):
    return b"late" if UNASKED else client.recv(4096)


def serve(wait):
    """Serves one client after another; `wait` lets the time pass."""
    listening = listener()
    while True:
        client, _ = listening.accept()
        answer = message(client)
        wait(client)
        client.sendall(answer)
