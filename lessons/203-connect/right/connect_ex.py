"""A non-blocking connect_ex, select, and SO_ERROR."""

import errno
import ipaddress
import select
import socket
import sys

WORDS = {
    errno.ECONNREFUSED: ("refused", 1),
    errno.ETIMEDOUT: ("timeout", 2),
    errno.ENETUNREACH: ("unreachable", 3),
    errno.EHOSTUNREACH: ("unreachable", 3),
}


def text(address):
    host, port = address[:2]
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def connect(connection, address, seconds):
    """0, or the number of the error."""
    connection.setblocking(False)
    error = connection.connect_ex(address)
    if error != errno.EINPROGRESS:
        return error
    _, writable, _ = select.select([], [connection], [], seconds)
    if not writable:
        return errno.ETIMEDOUT
    return connection.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)


def main():
    host, colon, port = sys.argv[1].rpartition(":")
    ip = ipaddress.ip_address(host.strip("[]"))
    port = int(port)
    if not 0 < port < 65536:
        raise ValueError("no such port")
    family = socket.AF_INET if ip.version == 4 else socket.AF_INET6
    with socket.socket(family) as connection:
        error = connect(connection, (str(ip), port), int(sys.argv[2]) / 1000)
        if error:
            word, status = WORDS.get(error, ("error", 4))
            print(word)
            return status
        local, remote = connection.getsockname(), connection.getpeername()
        print("connected", text(local), ">", text(remote))
    return 0


try:
    sys.exit(main())
except (OSError, ValueError, OverflowError):
    print("error")
    sys.exit(4)
