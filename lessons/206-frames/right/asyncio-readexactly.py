"""Many clients on one thread; readexactly raises where the input ends too early."""

import asyncio
import sys

LARGEST = 1_048_576


async def serve(reader, writer):
    try:
        while True:
            length = await reader.readexactly(4)
            size = int.from_bytes(length, "big")
            if size > LARGEST:
                break
            content = await reader.readexactly(size)
            writer.write(length + content[::-1])
            await writer.drain()
    except (asyncio.IncompleteReadError, ConnectionError):
        pass
    finally:
        writer.close()


async def main():
    ip, port = sys.argv[1].rsplit(":", 1)
    server = await asyncio.start_server(serve, ip.strip("[]"), int(port))
    await server.serve_forever()


asyncio.run(main())
