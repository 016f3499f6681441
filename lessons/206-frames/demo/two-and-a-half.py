import socket


def frame(content):
    return len(content).to_bytes(4, "big") + content


client = socket.create_connection(("127.0.0.1", 9000))
pieces = frame(b"one") + frame(b"two") + frame(b"three")
client.sendall(pieces[:-3])
client.sendall(pieces[-3:])
client.shutdown(socket.SHUT_WR)
while answer := client.recv(4096):
    print(answer)
