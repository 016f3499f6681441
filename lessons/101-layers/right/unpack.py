"""With struct.unpack and ipaddress, a line at a time."""

import ipaddress
import re
import struct
import sys

FLAGS = ["FIN", "SYN", "RST", "PSH", "ACK", "URG"]


class TooShort(Exception):
    pass


def take(data, length):
    """The first bytes, and the rest."""
    if len(data) < length:
        raise TooShort(f"{length} bytes wanted, {len(data)} there")
    return data[:length], data[length:]


def mac(data):
    return data.hex(":")


def link(frame):
    header, packet = take(frame, 14)
    to, source, kind = struct.unpack("!6s6sH", header)
    yield f"link: {mac(source)} > {mac(to)}, type 0x{kind:04x}"
    if kind == 0x0800:
        yield from ipv4(packet)
    elif kind == 0x86DD:
        yield from ipv6(packet)


def ipv4(packet):
    header, _ = take(packet, 20)
    first, _, total, _, _, ttl, protocol, _, source, to = struct.unpack("!BBHHHBBH4s4s", header)
    length = first % 16 * 4
    if first // 16 != 4 or length < 20 or total < length:
        raise TooShort("no IPv4 header")
    take(packet, length)
    source, to = ipaddress.IPv4Address(source), ipaddress.IPv4Address(to)
    yield f"network: {source} > {to}, protocol {protocol}, ttl {ttl}"
    yield from transport(protocol, packet[length:total])


def ipv6(packet):
    header, rest = take(packet, 40)
    first, length, following, hops, source, to = struct.unpack("!IHBB16s16s", header)
    if first >> 28 != 6:
        raise TooShort("no IPv6 header")
    source, to = ipaddress.IPv6Address(source), ipaddress.IPv6Address(to)
    yield f"network: {source} > {to}, next header {following}, hop limit {hops}"
    yield from transport(following, rest[:length])


def transport(protocol, data):
    if protocol == 17:
        header, payload = take(data, 8)
        source, to, _, _ = struct.unpack("!HHHH", header)
        yield f"transport: UDP {source} > {to}, {len(payload)} bytes"
    elif protocol == 6:
        header, _ = take(data, 20)
        source, to, _, _, offset, bits = struct.unpack("!HHIIBB", header[:14])
        if offset >> 4 < 5:
            raise TooShort("no TCP header")
        _, payload = take(data, (offset >> 4) * 4)
        flags = " ".join(name for bit, name in enumerate(FLAGS) if bits >> bit & 1) or "none"
        yield f"transport: TCP {source} > {to}, flags {flags}, {len(payload)} bytes"
    else:
        return
    if payload:
        yield f"application: {payload.hex()}"


for line in sys.stdin.buffer:
    line = line.removesuffix(b"\n").removesuffix(b"\r")
    try:
        # fromhex alone would take white space, too.
        if not re.fullmatch(rb"[0-9A-Fa-f]+", line):
            raise ValueError("not hexadecimal")
        frame = bytes.fromhex(line.decode())
        print(f"physical: {len(frame)} bytes")
        for text in link(frame):
            print(text)
    except (ValueError, TooShort) as error:
        print(f"error: {error}")
    print(flush=True)
