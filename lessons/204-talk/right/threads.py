"""Blocking sockets, one thread for each direction."""

import os
import socket
import sys
import threading


def send_input(connection):
    while data := os.read(0, 65536):
        connection.sendall(data)
    connection.shutdown(socket.SHUT_WR)


def main():
    ip, port = sys.argv[1].rsplit(":", 1)
    try:
        connection = socket.create_connection((ip.strip("[]"), int(port)))
        threading.Thread(target=send_input, args=(connection,), daemon=True).start()
        while data := connection.recv(65536):
            sys.stdout.buffer.write(data)
            sys.stdout.buffer.flush()
    except OSError as error:
        sys.exit(f"talk: {error}")


main()
