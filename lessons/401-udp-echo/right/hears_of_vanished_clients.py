#!/usr/bin/env python3
"""Has asked for the errors that ICMP brings (IP_RECVERR), and lives with them. Linux only."""

import socket
import sys

# linux/in.h and linux/in6.h; Python's socket module does not have them.
IP_RECVERR = 11
IPV6_RECVERR = 25


def main():
    host, _, port = sys.argv[1].rpartition(":")
    host = host.strip("[]")
    if ":" in host:
        server = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)
        server.setsockopt(socket.IPPROTO_IPV6, IPV6_RECVERR, 1)
    else:
        server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        server.setsockopt(socket.IPPROTO_IP, IP_RECVERR, 1)
    server.bind((host, int(port)))
    while True:
        try:
            data, sender = server.recvfrom(65535)
            server.sendto(data, sender)
        except ConnectionRefusedError:
            print("a client has vanished", file=sys.stderr)


main()
