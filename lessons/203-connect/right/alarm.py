"""A blocking connect that an alarm interrupts. Its line has no newline at the end."""

import errno
import signal
import socket
import sys


class TimeIsUp(Exception):
    pass


def ring(signum, frame):
    raise TimeIsUp


def text(address):
    host, port = address[:2]
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def main():
    host, _, port = sys.argv[1].rpartition(":")
    host = host.strip("[]")
    signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, int(sys.argv[2]) / 1000)
    try:
        with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as connection:
            connection.connect((host, int(port)))
            signal.setitimer(signal.ITIMER_REAL, 0)
            return f"connected {text(connection.getsockname())} > {text(connection.getpeername())}", 0
    except TimeIsUp:
        return "timeout", 2
    except (ValueError, OverflowError):
        return "error", 4
    except OSError as error:
        match error.errno:
            case errno.ECONNREFUSED:
                return "refused", 1
            case errno.ETIMEDOUT:
                return "timeout", 2
            case errno.ENETUNREACH | errno.EHOSTUNREACH:
                return "unreachable", 3
            case _:
                return "error", 4


word, status = main()
sys.stdout.write(word)
sys.exit(status)
