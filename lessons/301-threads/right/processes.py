"""A process for each client, as servers did before there were threads."""

import os
import signal
import socket
import sys


def main():
    host, _, port = sys.argv[1].rpartition(":")
    host = host.strip("[]")
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # Nobody asks how a child ended, so none of them stays as a zombie.
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    with socket.create_server((host, int(port)), family=family) as listener:
        while True:
            connection, _ = listener.accept()
            with connection:
                if os.fork() == 0:
                    listener.close()
                    serve(connection)
                    os._exit(0)


def serve(connection):
    try:
        with connection.makefile("rb") as lines:
            for number, line in enumerate(lines, start=1):
                if line.endswith(b"\n"):
                    connection.sendall(b"%d %s" % (number, line))
    except OSError as error:
        print(error, file=sys.stderr)


try:
    main()
except OSError as error:
    sys.exit(f"threads: {error}")
