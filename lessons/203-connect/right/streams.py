"""asyncio, with a time limit around open_connection."""

import asyncio
import errno
import sys


def text(address):
    host, port = address[:2]
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


async def connect(address, seconds):
    host, _, port = address.rpartition(":")
    connecting = asyncio.open_connection(host.strip("[]"), int(port))
    _, writer = await asyncio.wait_for(connecting, seconds)
    local, remote = writer.get_extra_info("sockname"), writer.get_extra_info("peername")
    print("connected", text(local), ">", text(remote))
    writer.close()
    await writer.wait_closed()


def main():
    try:
        asyncio.run(connect(sys.argv[1], int(sys.argv[2]) / 1000))
    except ConnectionRefusedError:
        return "refused", 1
    except (TimeoutError, asyncio.TimeoutError):
        return "timeout", 2
    except OSError as error:
        if error.errno in (errno.ENETUNREACH, errno.EHOSTUNREACH):
            return "unreachable", 3
        return "error", 4
    except (ValueError, OverflowError):
        return "error", 4
    return None, 0


word, status = main()
if word:
    print(word)
sys.exit(status)
