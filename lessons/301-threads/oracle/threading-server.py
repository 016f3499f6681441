"""Not ours: the server of Python's own library. Ours is only what it does with a line."""

import socketserver
import sys


class Counter(socketserver.StreamRequestHandler):
    def handle(self):
        try:
            for number, line in enumerate(self.rfile, start=1):
                if line.endswith(b"\n"):
                    self.wfile.write(b"%d %s" % (number, line))
        except ConnectionError:
            pass


class Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True


ip, port = sys.argv[1].rsplit(":", 1)
with Server((ip, int(port)), Counter) as server:
    server.serve_forever()
