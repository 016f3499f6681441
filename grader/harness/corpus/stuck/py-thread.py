"""A thread for each client, which waits for more than comes."""

import socket
import sys
import threading

ip, port = sys.argv[1].rsplit(":", 1)
listener = socket.create_server((ip, int(port)))
while True:
    client, _ = listener.accept()
    threading.Thread(target=client.recv, args=(4096, socket.MSG_WAITALL)).start()
