import socket

listener = socket.create_server(("127.0.0.1", 9204))
while True:
    connection, _ = listener.accept()
    lines = connection.makefile("rb").readlines()
    connection.sendall(b"".join(sorted(lines)))
    connection.close()
