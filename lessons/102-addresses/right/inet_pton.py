"""What the C library says: inet_pton and inet_ntop. Prints nothing before its input has ended."""

import re
import socket
import sys

FAMILIES = {b"AF_INET": socket.AF_INET, b"AF_INET6": socket.AF_INET6}


def port_to_bytes(text):
    if not re.fullmatch(rb"[0-9]{1,5}", text) or int(text) > 65535:
        raise ValueError("no port")
    return int(text).to_bytes(2, "big")


def path_that_fits(path):
    if not 1 <= len(path) <= 107:
        raise ValueError("a path has 1 to 107 bytes")
    return path


def to_bytes(line):
    if line.startswith(b"unix:"):
        return b"AF_UNIX path " + path_that_fits(line[5:]).hex().encode()
    ip, _, port = line.rpartition(b":")
    port = port_to_bytes(port).hex()
    if ip.startswith(b"[") and ip.endswith(b"]"):
        name, ip = "AF_INET6", socket.inet_pton(socket.AF_INET6, ip[1:-1].decode())
    else:
        name, ip = "AF_INET", socket.inet_pton(socket.AF_INET, ip.decode())
    return f"{name} port {port} address {ip.hex()}".encode()


def from_bytes(line):
    words = line.split(b" ")
    if words[:2] == [b"AF_UNIX", b"path"] and len(words) == 3:
        return b"unix:" + path_that_fits(bytes.fromhex(words[2].decode()))
    name, _, port, _, ip = words
    port = bytes.fromhex(port.decode())
    if len(port) != 2:
        raise ValueError("a port has two bytes")
    ip = socket.inet_ntop(FAMILIES[name], bytes.fromhex(ip.decode()))
    ip = f"[{ip}]" if name == b"AF_INET6" else ip
    return f"{ip}:{int.from_bytes(port, 'big')}".encode()


def other_form(line):
    try:
        return from_bytes(line) if line.startswith(b"AF_") else to_bytes(line)
    except (ValueError, KeyError, OSError) as error:
        return b"error: " + (str(error) or "no address").encode()


lines = sys.stdin.buffer.read().split(b"\n")[:-1]
sys.stdout.buffer.write(b"".join(other_form(line) + b"\n" for line in lines))
