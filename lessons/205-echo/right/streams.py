"""Any number of clients in one thread, with asyncio's streams."""

import asyncio
import sys


async def echo(reader, writer):
    try:
        while received := await reader.read(4096):
            writer.write(received)
            await writer.drain()
        writer.close()
        await writer.wait_closed()
    except OSError as error:
        print(error, file=sys.stderr)
        writer.close()


async def main():
    host, _, port = sys.argv[1].rpartition(":")
    server = await asyncio.start_server(echo, host.strip("[]"), int(port))
    async with server:
        await server.serve_forever()


try:
    asyncio.run(main())
except OSError as error:
    sys.exit(f"echo: {error}")
