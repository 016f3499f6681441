import socket
import struct

client = socket.create_connection(("127.0.0.1", 9000))
client.send(b"half a sen")
client.recv(4096)
client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
client.close()
