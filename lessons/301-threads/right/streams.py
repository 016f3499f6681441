"""Any number of clients in one thread, with asyncio's streams."""

import asyncio
import sys

LONGEST = 65_537


async def serve(reader, writer):
    number = 0
    try:
        while True:
            line = await reader.readuntil(b"\n")
            number += 1
            writer.write(b"%d %s" % (number, line))
            await writer.drain()
    except asyncio.IncompleteReadError:
        pass
    except (OSError, asyncio.LimitOverrunError) as error:
        print(error, file=sys.stderr)
    finally:
        writer.close()


async def main():
    host, _, port = sys.argv[1].rpartition(":")
    server = await asyncio.start_server(
        serve, host.strip("[]"), int(port), limit=LONGEST
    )
    async with server:
        await server.serve_forever()


try:
    asyncio.run(main())
except OSError as error:
    sys.exit(f"threads: {error}")
