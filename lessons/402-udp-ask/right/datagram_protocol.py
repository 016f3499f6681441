"""The same on asyncio: the protocol hands on what is an answer, and the task waits for it."""

import asyncio
import os
import sys


class Asking(asyncio.DatagramProtocol):
    def __init__(self, ident):
        self.ident = ident
        self.answer = asyncio.get_running_loop().create_future()

    def datagram_received(self, data, sender):
        if data[:2] == self.ident and not self.answer.done():
            self.answer.set_result(data[2:])

    def error_received(self, error):
        pass  # A refusal is no answer yet.


async def ask(ip, port, text):
    ident = os.urandom(2)
    loop = asyncio.get_running_loop()
    transport, asking = await loop.create_datagram_endpoint(
        lambda: Asking(ident), remote_addr=(ip, port)
    )
    for _ in range(5):
        transport.sendto(ident + text)
        done, _ = await asyncio.wait([asking.answer], timeout=0.2)
        if done:
            return asking.answer.result()
    return None


ip, port = sys.argv[1].rsplit(":", 1)
answer = asyncio.run(ask(ip.strip("[]"), int(port), os.fsencode(sys.argv[2])))
if answer is None:
    sys.exit("no answer")
sys.stdout.buffer.write(answer)
