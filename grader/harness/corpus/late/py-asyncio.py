"""asyncio, sleeping."""

import asyncio

from conversation import ADDRESS, LATE, UNASKED


async def handle(reader, writer):
    answer = b"late" if UNASKED else await reader.read(4096)
    await asyncio.sleep(LATE)
    writer.write(answer)
    await writer.drain()


async def main():
    server = await asyncio.start_server(handle, *ADDRESS)
    async with server:
        await server.serve_forever()


asyncio.run(main())
