"""Waits for an end of line that does not come."""

import asyncio
import sys


async def handle(reader, writer):
    writer.write(await reader.readline())


async def main():
    ip, port = sys.argv[1].rsplit(":", 1)
    server = await asyncio.start_server(handle, ip, int(port))
    async with server:
        await server.serve_forever()


asyncio.run(main())
