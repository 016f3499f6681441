"""Many clients in one thread, lines cut from a buffer of bytes, numbers checked by hand: to Python a
boolean is an integer, an integer has no limit, and NaN is JSON."""

import json
import selectors
import socket
import sys

LONGEST = 65_536


class Bad(Exception):
    """A request that is answered with an error."""


def refuse(name):
    raise Bad(f"{name} is not JSON")


def integer(value):
    if type(value) is not int or not -(2**63) <= value < 2**63:
        raise Bad(f"{value!r} is no integer of 64 bits")
    return value


def result(line):
    try:
        request = json.loads(line.decode(), parse_constant=refuse)
        numbers = [integer(number) for number in request["numbers"]]
        op = request["op"]
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise Bad(str(error)) from error
    if op == "sum":
        return integer(sum(numbers))
    if op == "max" and numbers:
        return max(numbers)
    if op == "sort":
        return sorted(numbers)
    raise Bad(f"no {op} of {len(numbers)} numbers")


def answer(line):
    try:
        return {"result": result(line)}
    except Bad as bad:
        return {"error": str(bad)}


class Client:
    def __init__(self, connection):
        self.connection = connection
        self.buffer = bytearray()

    def reply(self, answer):
        self.connection.sendall(json.dumps(answer).encode() + b"\n")

    def receive(self):
        """Whether the client is still there."""
        try:
            received = self.connection.recv(10_000)
            self.buffer += received
            while (end := self.buffer.find(b"\n")) >= 0 and end <= LONGEST:
                line = bytes(self.buffer[:end])
                del self.buffer[: end + 1]
                self.reply(answer(line))
            if len(self.buffer) > LONGEST:
                self.reply({"error": "the line is too long"})
                return False
            return bool(received)
        except ConnectionError:
            return False


def main():
    host, port = sys.argv[1].rsplit(":", 1)
    listener = socket.create_server((host, int(port)))
    selector = selectors.DefaultSelector()
    selector.register(listener, selectors.EVENT_READ)
    while True:
        for key, _ in selector.select():
            if key.fileobj is listener:
                client = Client(listener.accept()[0])
                selector.register(client.connection, selectors.EVENT_READ, client)
            elif not key.data.receive():
                selector.unregister(key.data.connection)
                key.data.connection.close()


main()
