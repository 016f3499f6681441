"""Takes a lock twice."""

import socket
import sys
import threading

ip, port = sys.argv[1].rsplit(":", 1)
client, _ = socket.create_server((ip, int(port))).accept()
client.recv(4096)
lock = threading.Lock()
lock.acquire()
lock.acquire()
