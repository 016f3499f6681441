"""asyncio: a line is waited for with a time limit, however many bytes it takes to come."""

import asyncio
import sys


async def serve(reader, writer):
    try:
        while line := await asyncio.wait_for(reader.readline(), IDLE):
            if not line.endswith(b"\n"):
                break
            writer.write(line)
            await writer.drain()
    except (TimeoutError, asyncio.TimeoutError, ConnectionError):
        pass
    writer.close()


async def main():
    server = await asyncio.start_server(serve, IP, PORT)
    await server.serve_forever()


IP, PORT = sys.argv[1].rsplit(":", 1)
IDLE = int(sys.argv[2]) / 1000
asyncio.run(main())
