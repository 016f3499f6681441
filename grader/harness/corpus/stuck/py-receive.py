"""Waits for more."""

import socket
import sys

ip, port = sys.argv[1].rsplit(":", 1)
client, _ = socket.create_server((ip, int(port))).accept()
client.recv(4096)
client.recv(4096)
