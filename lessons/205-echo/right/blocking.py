"""One client after another, with blocking calls."""

import socket
import sys


def main():
    host, _, port = sys.argv[1].rpartition(":")
    host = host.strip("[]")
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.create_server((host, int(port)), family=family) as listener:
        while True:
            connection, _ = listener.accept()
            with connection:
                try:
                    echo(connection)
                except OSError as error:
                    print(error, file=sys.stderr)


def echo(connection):
    while received := connection.recv(4096):
        connection.sendall(received)


try:
    main()
except OSError as error:
    sys.exit(f"echo: {error}")
