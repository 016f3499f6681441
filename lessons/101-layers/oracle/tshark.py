"""What tshark says of the same frames. Needs tshark (Debian: apt-get install tshark).

It passes all checks but truncated-headers and many-frames: tshark shows what there is of a header that
is cut short, and this script does not look into that.
"""

import re
import struct
import subprocess
import sys

FIELDS = """eth.src eth.dst eth.type eth.len
    ip.src ip.dst ip.proto ip.ttl ip.len ipv6.src ipv6.dst ipv6.nxt ipv6.hlim ipv6.plen
    udp.srcport udp.dstport udp.payload
    tcp.srcport tcp.dstport tcp.flags tcp.len""".split()

FLAGS = ["FIN", "SYN", "RST", "PSH", "ACK", "URG"]


def pcap(frames):
    """A capture file: link type 1 is Ethernet (draft-ietf-opsawg-pcap)."""
    out = struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 262144, 1)
    for number, frame in enumerate(frames):
        out += struct.pack("<IIII", number, 0, len(frame), len(frame)) + frame
    return out


def dissect(frames):
    """One dictionary of fields for each frame."""
    command = ["tshark", "-n", "-r", "-", "-T", "fields", "-E", "occurrence=f"]
    for field in FIELDS:
        command += ["-e", field]
    done = subprocess.run(command, input=pcap(frames), capture_output=True, check=True)
    rows = done.stdout.decode().split("\n")[:-1]
    return [dict(zip(FIELDS, row.split("\t"))) for row in rows]


def transport(row, frame):
    """The line of the transport layer, and the payload."""
    if row["tcp.srcport"]:
        flags = int(row["tcp.flags"], 16)
        names = [name for bit, name in enumerate(FLAGS) if flags >> bit & 1]
        line = f"TCP {row['tcp.srcport']} > {row['tcp.dstport']}, flags {' '.join(names) or 'none'}"
        # Not tcp.payload: what comes with a RST tshark takes for the cause of the reset.
        packet = frame[: 14 + int(row["ip.len"] or int(row["ipv6.plen"]) + 40)]
        payload = packet[len(packet) - int(row["tcp.len"]) :].hex()
    else:
        line = f"UDP {row['udp.srcport']} > {row['udp.dstport']}"
        payload = row["udp.payload"]
    return f"transport: {line}, {len(payload) // 2} bytes", payload


def lines(row, frame):
    kind = int(row["eth.type"] or hex(int(row["eth.len"])), 16)
    yield f"link: {row['eth.src']} > {row['eth.dst']}, type 0x{kind:04x}"
    if row["ip.src"]:
        protocol = int(row["ip.proto"])
        yield f"network: {row['ip.src']} > {row['ip.dst']}, protocol {protocol}, ttl {row['ip.ttl']}"
    elif row["ipv6.src"]:
        protocol = int(row["ipv6.nxt"])
        yield (
            f"network: {row['ipv6.src']} > {row['ipv6.dst']}, "
            f"next header {protocol}, hop limit {row['ipv6.hlim']}"
        )
    else:
        return
    if protocol in (6, 17):
        line, payload = transport(row, frame)
        yield line
        if payload:
            yield f"application: {payload}"


def main():
    texts = sys.stdin.buffer.read().decode().split("\n")[:-1]
    texts = [text.removesuffix("\r") for text in texts]
    is_hex = [bool(re.fullmatch(r"([0-9A-Fa-f]{2})+", text)) for text in texts]
    frames = [bytes.fromhex(text) for text, ok in zip(texts, is_hex) if ok]
    rows = iter(zip(frames, dissect(frames)))
    for ok in is_hex:
        if not ok:
            print("error: not hexadecimal\n")
            continue
        frame, row = next(rows)
        print(f"physical: {len(frame)} bytes")
        try:
            for line in lines(row, frame):
                print(line)
        except (KeyError, ValueError) as error:
            print(f"error: {error}")
        print()


main()
