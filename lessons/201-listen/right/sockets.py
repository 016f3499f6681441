"""Python's socket module: the same verbs."""

import socket
import sys


def main():
    ip, port = sys.argv[1].rsplit(":", 1)
    backlog = int(sys.argv[2]) if len(sys.argv) > 2 else 128
    family = socket.AF_INET6 if ip.startswith("[") else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as listener:
        try:
            listener.bind((ip.strip("[]"), int(port)))
        except OSError as error:
            sys.exit(f"listen: {error}")
        listener.listen(backlog)
        port = listener.getsockname()[1]
        print(f"listening on {ip}:{port}", flush=True)
        sys.stdin.buffer.read()


main()
