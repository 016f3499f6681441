"""A thread for each client, with the modules socket and threading."""

import socket
import sys
import threading


def main():
    host, _, port = sys.argv[1].rpartition(":")
    host = host.strip("[]")
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.create_server((host, int(port)), family=family) as listener:
        while True:
            connection, _ = listener.accept()
            threading.Thread(target=serve, args=(connection,), daemon=True).start()


def serve(connection):
    try:
        with connection, connection.makefile("rb") as lines:
            for number, line in enumerate(lines, start=1):
                if line.endswith(b"\n"):
                    connection.sendall(b"%d %s" % (number, line))
    except OSError as error:
        print(error, file=sys.stderr)


try:
    main()
except OSError as error:
    sys.exit(f"threads: {error}")
