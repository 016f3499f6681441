"""The same in Python."""

import socket
import sys

host, port = sys.argv[1].rsplit(":", 1)
family = socket.AF_INET6 if host.startswith("[") else socket.AF_INET

try:
    listener = socket.create_server((host.strip("[]"), int(port)), family=family)
except OSError as error:
    sys.exit(f"greet: {error}")

while True:
    connection, caller = listener.accept()
    shown = f"[{caller[0]}]" if family == socket.AF_INET6 else caller[0]
    with connection:
        try:
            connection.sendall(f"hello {shown}:{caller[1]}\r\n".encode())
        except OSError as error:
            print(f"greet: {error}", file=sys.stderr)
