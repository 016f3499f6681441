"""Files of the library's at both ends: makefile for the connection, NamedTemporaryFile for the part."""

import contextlib
import os
import socket
import sys
import tempfile

STORED, REFUSED = b"\x06", b"\x15"
SOME = 256 * 1024


def family(ip):
    return socket.AF_INET6 if ":" in ip else socket.AF_INET


def copy(source, target, size):
    while size > 0:
        data = source.read(min(size, SOME))
        if not data:
            raise EOFError("the content is cut short")
        target.write(data)
        size -= len(data)


def exactly(source, size):
    data = source.read(size)
    if len(data) < size:
        raise EOFError("the header is cut short")
    return data


def is_allowed(name):
    return 0 < len(name) <= 255 and name not in (b".", b"..") and not set(name) & set(b"/\\\0")


def take(connection, folder):
    with connection.makefile("rb") as source:
        name = exactly(source, int.from_bytes(exactly(source, 2), "big"))
        size = int.from_bytes(exactly(source, 8), "big")
        place = os.path.join(os.fsencode(folder), name)
        if not is_allowed(name) or os.path.lexists(place):
            connection.sendall(REFUSED)
            # Whoever sends on sees no reset before the answer: it is all taken, and thrown away.
            with open(os.devnull, "wb") as nowhere:
                copy(source, nowhere, size)
            return
        with tempfile.NamedTemporaryFile(dir=folder, prefix="part\\", delete=False) as part:
            try:
                copy(source, part, size)
                part.flush()
                os.fsync(part.fileno())
                os.rename(part.name, place)
            except BaseException:
                os.unlink(part.name)
                raise
        connection.sendall(STORED)


def receive(ip, port, folder):
    with socket.create_server((ip, port), family=family(ip)) as listener:
        while True:
            connection, _ = listener.accept()
            with connection, contextlib.suppress(OSError, EOFError):
                take(connection, folder)


def send(ip, port, path):
    try:
        with open(path, "rb") as source, socket.create_connection((ip, port)) as connection:
            name = os.fsencode(os.path.basename(path))
            size = os.fstat(source.fileno()).st_size
            connection.sendall(len(name).to_bytes(2, "big") + name + size.to_bytes(8, "big"))
            connection.sendfile(source)
            return 0 if connection.recv(1) == STORED else 1
    except OSError as error:
        print(error, file=sys.stderr)
        return 1


what, address, path = sys.argv[1:]
ip, port = address.rsplit(":", 1)
ip = ip.strip("[]")
if what == "receive":
    receive(ip, int(port), path)
else:
    sys.exit(send(ip, int(port), path))
