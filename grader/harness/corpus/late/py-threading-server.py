"""The standard library's server: a thread for each client."""

import socketserver
import time

from conversation import ADDRESS, LATE, message


class Handler(socketserver.BaseRequestHandler):
    def handle(self):
        answer = message(self.request)
        time.sleep(LATE)
        self.request.sendall(answer)
        self.request.recv(1)


socketserver.ThreadingTCPServer(ADDRESS, Handler).serve_forever()
