//! The servers: each a Python script that gets its IP address and its port.

/// How many bytes [`SENDS_MUCH`] sends.
pub(crate) const MUCH: usize = 16 << 20;

/// Echoes, with a thread for each client and a queue as short as socketserver's.
pub(crate) const THREADS: &str = r"
import socketserver, sys
class Echo(socketserver.BaseRequestHandler):
    def handle(self):
        while data := self.request.recv(4096):
            self.request.sendall(data)
class Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    request_queue_size = 5
    allow_reuse_address = True
Server((sys.argv[1], int(sys.argv[2])), Echo).serve_forever(poll_interval=60)
";

/// Echoes, with a process for each client.
pub(crate) const FORKS: &str = r"
import socketserver, sys
class Echo(socketserver.BaseRequestHandler):
    def handle(self):
        while data := self.request.recv(4096):
            self.request.sendall(data)
class Server(socketserver.ForkingTCPServer):
    allow_reuse_address = True
Server((sys.argv[1], int(sys.argv[2])), Echo).serve_forever()
";

/// Echoes, to one client.
pub(crate) const ONE: &str = r"
import socket, sys
with socket.create_server((sys.argv[1], int(sys.argv[2]))) as listener:
    while True:
        client, _ = listener.accept()
        while data := client.recv(4096):
            client.sendall(data)
";

/// Echoes, with a thread for each client, but not to the fortieth.
pub(crate) const IGNORES_THE_FORTIETH: &str = r"
import socket, sys, threading
def echo(client, number):
    while data := client.recv(4096):
        if number != 40:
            client.sendall(data)
with socket.create_server((sys.argv[1], int(sys.argv[2]))) as listener:
    number = 0
    while True:
        client, _ = listener.accept()
        number += 1
        threading.Thread(target=echo, args=(client, number)).start()
";

/// Echoes, with a thread for each client, that waits for ever when the client has left.
pub(crate) const LEAKS_THREADS: &str = r"
import socket, sys, threading
never = threading.Event()
def echo(client):
    while data := client.recv(4096):
        client.sendall(data)
    never.wait()
with socket.create_server((sys.argv[1], int(sys.argv[2]))) as listener:
    while True:
        client, _ = listener.accept()
        threading.Thread(target=echo, args=(client,)).start()
";

/// Sends much to each client, with a thread for each.
pub(crate) const SENDS_MUCH: &str = r"
import socketserver, sys
class Send(socketserver.BaseRequestHandler):
    def handle(self):
        self.request.sendall(bytes(16 << 20))
class Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True
Server((sys.argv[1], int(sys.argv[2])), Send).serve_forever(poll_interval=60)
";

/// Accepts, and receives nothing.
pub(crate) const NEVER_READS: &str = r"
import signal, socket, sys
with socket.create_server((sys.argv[1], int(sys.argv[2]))) as listener:
    client, _ = listener.accept()
    signal.pause()
";

/// Closes when three bytes have come.
pub(crate) const CLOSES_AT_THREE: &str = r"
import socket, sys
with socket.create_server((sys.argv[1], int(sys.argv[2]))) as listener:
    client, _ = listener.accept()
    for _ in range(3):
        client.recv(1)
    client.close()
    listener.accept()
";

/// Does nothing, twice a second.
pub(crate) const TICKS: &str = r"
import select, socket, sys
with socket.create_server((sys.argv[1], int(sys.argv[2]))) as listener:
    clients = []
    while True:
        if select.select([listener], [], [], 0.5)[0]:
            clients.append(listener.accept())
";

/// Does nothing, as often as it can.
pub(crate) const SPINS: &str = r"
import socket, sys
with socket.create_server((sys.argv[1], int(sys.argv[2]))) as listener:
    listener.setblocking(False)
    clients = []
    while True:
        try:
            clients.append(listener.accept())
        except BlockingIOError:
            pass
";
