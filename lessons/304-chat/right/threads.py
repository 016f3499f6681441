"""Two threads a member: one receives, one sends from a queue without a limit."""

import queue
import re
import socket
import sys
import threading

lock = threading.Lock()
members = {}  # name -> queue, in the order in which they joined


def line(reader):
    text = reader.readline(1_001)
    return text[:-1].decode() if text.endswith(b"\n") else None


def tell(name, text):
    for other, outbox in members.items():
        if other != name:
            outbox.put(text.encode())


def send(connection, outbox):
    try:
        while (text := outbox.get()) is not None:
            connection.sendall(text)
    except OSError:
        pass


def converse(connection):
    reader = connection.makefile("rb")
    connection.sendall(b"name?\n")
    name = line(reader)
    if name is None:
        return
    with lock:
        if not re.fullmatch("[A-Za-z0-9]{1,16}", name) or name in members:
            connection.sendall(b"error: no\n")
            return
        outbox = queue.SimpleQueue()
        outbox.put(f"here: {', '.join(members)}".strip().encode() + b"\n")
        tell(name, f"+ {name}\n")
        members[name] = outbox
    threading.Thread(target=send, args=(connection, outbox), daemon=True).start()
    try:
        while (text := line(reader)) is not None:
            if text:
                with lock:
                    tell(name, f"{name}: {text}\n")
    finally:
        with lock:
            del members[name]
            tell(name, f"- {name}\n")
            outbox.put(None)


def serve(connection):
    try:
        converse(connection)
    except (OSError, ValueError):
        pass
    try:
        connection.shutdown(socket.SHUT_RDWR)
    except OSError:
        pass
    connection.close()


ip, port = sys.argv[1].rsplit(":", 1)
family = socket.AF_INET6 if ip.startswith("[") else socket.AF_INET
listener = socket.socket(family)
listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
listener.bind((ip.strip("[]"), int(port)))
listener.listen(128)
while True:
    connection, _ = listener.accept()
    threading.Thread(target=serve, args=(connection,), daemon=True).start()
