"""One thread and select: whichever is ready, the input or the server."""

import os
import select
import socket
import sys

ROOM = 65536


def talk(connection):
    connection.setblocking(False)
    waiting = b""
    input_is_open = True
    while True:
        readers = [connection]
        if input_is_open and not waiting:
            readers.append(0)
        readable, writable, _ = select.select(readers, [connection] if waiting else [], [])
        if connection in readable:
            data = connection.recv(ROOM)
            if not data:
                return
            os.write(1, data)
        if writable:
            waiting = waiting[connection.send(waiting) :]
        if 0 in readable:
            waiting = os.read(0, ROOM)
            if not waiting:
                input_is_open = False
                connection.shutdown(socket.SHUT_WR)


def main():
    ip, port = sys.argv[1].rsplit(":", 1)
    try:
        talk(socket.create_connection((ip.strip("[]"), int(port))))
    except OSError as error:
        print(f"talk: {error}", file=sys.stderr)
        sys.exit(1)


main()
