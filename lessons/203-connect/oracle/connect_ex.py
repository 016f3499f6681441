"""The same by Python's own timeouts: settimeout, then connect_ex, which says EAGAIN when time is up."""

import errno
import socket
import sys

OUTCOMES = {
    errno.ECONNREFUSED: ("refused", 1),
    errno.EAGAIN: ("timeout", 2),
    errno.ETIMEDOUT: ("timeout", 2),
    errno.ENETUNREACH: ("unreachable", 3),
    errno.EHOSTUNREACH: ("unreachable", 3),
}


def written(host, port, *_scope):
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def outcome(address, milliseconds):
    host, _, port = address.rpartition(":")
    family = socket.AF_INET6 if host.startswith("[") else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as client:
        client.settimeout(milliseconds / 1000)
        number = client.connect_ex((host.strip("[]"), int(port)))
        if number != 0:
            return OUTCOMES.get(number, ("error", 4))
        local, remote = written(*client.getsockname()), written(*client.getpeername())
        return f"connected {local} > {remote}", 0


try:
    line, status = outcome(sys.argv[1], int(sys.argv[2]))
except (OSError, ValueError, OverflowError, IndexError):
    line, status = "error", 4
print(line)
sys.exit(status)
