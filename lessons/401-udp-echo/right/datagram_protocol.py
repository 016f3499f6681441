#!/usr/bin/env python3
"""asyncio's DatagramProtocol."""

import asyncio
import socket
import sys


class Echo(asyncio.DatagramProtocol):
    def __init__(self, server):
        self.server = server

    def connection_made(self, transport):
        self.transport = transport

    def datagram_received(self, data, addr):
        if data:
            self.transport.sendto(data, addr)
        else:
            # Before Python 3.13 the transport takes an empty datagram and sends none.
            self.server.sendto(data, addr)


async def main():
    host, _, port = sys.argv[1].rpartition(":")
    host = host.strip("[]")
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    server = socket.socket(family, socket.SOCK_DGRAM)
    server.setblocking(False)
    server.bind((host, int(port)))
    loop = asyncio.get_running_loop()
    await loop.create_datagram_endpoint(lambda: Echo(server), sock=server)
    await asyncio.Event().wait()


asyncio.run(main())
