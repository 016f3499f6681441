"""One thread, asyncio: a transport keeps what a member does not take, and is dropped when it is much."""

import asyncio
import re
import sys

LONGEST = 1_000
MOST = 1 << 20
members = {}  # name -> writer, in the order in which they joined


async def line(reader):
    """The next line without its newline, or None where there is none any more, or none that is allowed."""
    try:
        text = (await reader.readuntil(b"\n"))[:-1]
        return text.decode() if len(text) <= LONGEST else None
    except (asyncio.IncompleteReadError, asyncio.LimitOverrunError, ValueError, OSError):
        return None


def tell(name, text):
    for other, writer in members.items():
        if other != name and not writer.is_closing():
            if writer.transport.get_write_buffer_size() + len(text) > MOST:
                writer.transport.abort()
            else:
                writer.write(text.encode())


async def serve(reader, writer):
    writer.write(b"name?\n")
    name = await line(reader)
    if name is None or not re.fullmatch("[A-Za-z0-9]{1,16}", name) or name in members:
        writer.write(b"error: another name, please\n")
        writer.close()
        return
    writer.write(("here: " + ", ".join(members)).strip().encode() + b"\n")
    members[name] = writer
    tell(name, f"+ {name}\n")
    while (text := await line(reader)) is not None:
        if text:
            tell(name, f"{name}: {text}\n")
    del members[name]
    tell(name, f"- {name}\n")
    writer.close()


async def main():
    ip, port = sys.argv[1].rsplit(":", 1)
    server = await asyncio.start_server(serve, ip.strip("[]"), int(port), limit=LONGEST + 1)
    await server.serve_forever()


asyncio.run(main())
