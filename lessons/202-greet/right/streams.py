"""The same with asyncio: many clients at a time, in one thread."""

import asyncio
import sys


async def greet(_, writer):
    caller = writer.get_extra_info("peername")
    # None where the client has gone before it was accepted.
    if caller is not None:
        host = f"[{caller[0]}]" if ":" in caller[0] else caller[0]
        writer.write(f"hello {host}:{caller[1]}\r\n".encode())
    writer.close()


async def main():
    host, port = sys.argv[1].rsplit(":", 1)
    try:
        server = await asyncio.start_server(greet, host.strip("[]"), int(port))
    except OSError as error:
        sys.exit(f"greet: {error}")
    await server.serve_forever()


asyncio.run(main())
