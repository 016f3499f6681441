#!/usr/bin/env python3
"""One socket, one loop."""

import socket
import sys


def main():
    host, _, port = sys.argv[1].rpartition(":")
    host = host.strip("[]")
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_DGRAM) as server:
        server.bind((host, int(port)))
        while True:
            data, sender = server.recvfrom(65535)
            server.sendto(data, sender)


main()
