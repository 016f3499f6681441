"""One client after another; rfile is a buffered reader, and read(n) brings n bytes or what there is."""

import socketserver
import struct
import sys

LARGEST = 1_048_576


class Frames(socketserver.StreamRequestHandler):
    def handle(self):
        try:
            while len(head := self.rfile.read(4)) == 4:
                (length,) = struct.unpack("!I", head)
                if length > LARGEST:
                    return
                content = self.rfile.read(length)
                if len(content) < length:
                    return
                self.wfile.write(head + content[::-1])
        except ConnectionError:
            pass


class Server(socketserver.TCPServer):
    allow_reuse_address = True


ip, port = sys.argv[1].rsplit(":", 1)
if ip.startswith("["):
    import socket

    Server.address_family = socket.AF_INET6
with Server((ip.strip("[]"), int(port)), Frames) as server:
    server.serve_forever()
