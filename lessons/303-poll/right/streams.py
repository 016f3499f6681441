"""asyncio: the loop is in the library, and drain() waits while a client does not read."""

import asyncio
import sys


async def echo(reader, writer):
    try:
        while received := await reader.read(16 * 1024):
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
    sys.exit(f"poll: {error}")
