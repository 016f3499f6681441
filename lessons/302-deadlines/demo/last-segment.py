import socket
import struct
import threading
import time

listener = socket.create_server(("127.0.0.1", 0))


def close_after_a_while():
    connection, _ = listener.accept()
    time.sleep(0.3)
    connection.close()


threading.Thread(target=close_after_a_while).start()
client = socket.create_connection(listener.getsockname())
time.sleep(0.8)
info = client.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, 60)
# tcpi_last_ack_recv in linux/tcp.h
print("the last segment came", struct.unpack_from("I", info, 56)[0], "ms ago")
