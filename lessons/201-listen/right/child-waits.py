"""Has a child process wait for the end of input; reuses addresses, as servers do."""

import subprocess
import sys
from socket import AF_INET, AF_INET6, create_server

ip, port = sys.argv[1].rsplit(":", 1)
backlog = int(sys.argv[2]) if len(sys.argv) > 2 else 0
family = AF_INET6 if ip.startswith("[") else AF_INET
# An address in use is an exception: a traceback on standard error, and status 1.
listener = create_server((ip.strip("[]"), int(port)), family=family, backlog=backlog)
sys.stdout.write(f"listening on {ip}:{listener.getsockname()[1]}\n")
sys.stdout.flush()
subprocess.run(["cat"], stdout=subprocess.DEVNULL, check=True)
