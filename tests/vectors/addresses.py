"""Writes addresses.tsv: addresses of every special family, and whether each is public.

The oracle is Python's own table of the IANA registries (`ipaddress`), which shares nothing with
this project; what goes beyond it is said beside each rule. Run it with Python 3.11.4 or newer:

    python3 tests/vectors/addresses.py > tests/vectors/addresses.tsv
"""

import ipaddress
import random

# Prefixes whose edges are tried: the registries (RFC 6890 and its updates), and their neighbours.
V4 = """0.0.0.0/8 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 169.254.0.0/16 172.16.0.0/12 192.0.0.0/24
192.0.2.0/24 192.88.99.0/24 192.168.0.0/16 198.18.0.0/15 198.51.100.0/24 203.0.113.0/24 224.0.0.0/4
240.0.0.0/4 255.255.255.255/32""".split()
V6 = """::/128 ::1/128 ::ffff:0:0/96 ::/96 64:ff9b::/96 64:ff9b:1::/48 100::/64 2001::/32 2001:2::/48
2001:10::/28 2001:20::/28 2001:db8::/32 2002::/16 3fff::/20 5f00::/16 fc00::/7 fe80::/10 fec0::/10
ff00::/8""".split()

# The families of a review by hand, as text.
NAMED = """127.0.0.1 0.0.0.0 10.1.2.3 172.31.255.255 192.168.1.1 100.64.0.1 169.254.169.254
100.100.100.200 192.0.0.192 198.19.255.255 224.0.0.1 240.0.0.1 255.255.255.255 :: ::1
::ffff:127.0.0.1 ::ffff:8.8.8.8 ::127.0.0.1 64:ff9b::7f00:1 64:ff9b::808:808 64:ff9b:1:7f00:0:100::
2002:7f00:1:: 2002:a9fe:a9fe:: 2002:808:808:: 2001:0:7f00:1:: 2001:0:4136:e378:8000:63bf:3fff:fdd2
2001:4860:4860::8888 2606:4700:4700::1111 2606:4700::5efe:10.0.0.1 2606:4700::5efe:8.8.8.8
2606:4700::200:5efe:127.0.0.1 fe80::1 fe80::5efe:8.8.8.8 fc00::1 fd00:ec2::254 fec0::1 ff02::1
1.1.1.1 8.8.8.8 93.184.216.34 172.15.255.255 172.32.0.0 100.63.255.255 100.128.0.0""".split()


def is_public_v4(address):
    # Python calls the relay anycast global; it leads to 6to4, which RFC 7526 ended. 100.100.100.200
    # is in no registry beside carrier-grade NAT, which Python calls neither private nor global.
    if address in ipaddress.ip_network("192.88.99.0/24"):
        return False
    # The registry has exceptions inside of 192.0.0.0/24; nobody serves pictures from them.
    if address in ipaddress.ip_network("192.0.0.0/24"):
        return False
    return address.is_global and not address.is_multicast and not address.is_reserved


def is_public_v6(address):
    embedded = None
    last = ipaddress.ip_address(int(address) & 0xFFFFFFFF)
    if address in ipaddress.ip_network("64:ff9b::/96"):
        return is_public_v4(last)  # NAT64 leads to the address in it, RFC 6052
    if address.sixtofour is not None:
        return is_public_v4(address.sixtofour)
    if address.ipv4_mapped is not None or address in ipaddress.ip_network("::/96"):
        return False  # no interface has one, RFC 4291 section 2.5.5
    if (int(address) >> 32) & 0xFDFFFFFF == 0x00005EFE:
        embedded = last  # ISATAP, RFC 5214 section 6.1
    for special in ("2001::/23", "2001:db8::/32", "3fff::/20"):
        if address in ipaddress.ip_network(special):
            return False  # protocol assignments and documentation
    if address not in ipaddress.ip_network("2000::/3"):
        return False  # the one block that is given out
    if not address.is_global:
        return False
    return embedded is None or is_public_v4(embedded)


def candidates():
    yield from NAMED
    for prefix in V4 + V6:
        network = ipaddress.ip_network(prefix)
        first, last = int(network[0]), int(network[-1])
        top = 2**network.max_prefixlen - 1
        make = type(network[0])
        for value in (first - 1, first, (first + last) // 2, last, last + 1):
            if 0 <= value <= top:
                yield str(make(value))
    # IPv4 addresses of every kind inside of IPv6 ones of every kind.
    for inner in ("127.0.0.1", "10.0.0.1", "169.254.169.254", "100.64.0.1", "8.8.8.8", "203.0.113.9"):
        number = int(ipaddress.ip_address(inner))
        for high in ("::", "::ffff:0:0", "64:ff9b::", "2606:4700::5efe:0:0", "2606:4700::200:5efe:0:0"):
            yield str(ipaddress.ip_address(int(ipaddress.ip_address(high)) | number))
        yield str(ipaddress.ip_address((0x2002 << 112) | (number << 80) | 1))
    chance = random.Random(5)
    for _ in range(200):
        yield str(ipaddress.IPv4Address(chance.getrandbits(32)))
        yield str(ipaddress.IPv6Address(chance.getrandbits(128)))
        yield str(ipaddress.IPv6Address((1 << 125) | chance.getrandbits(125)))


def main():
    print("# Whether an address is public. Written by addresses.py; the oracle is Python's ipaddress.")
    seen = set()
    for text in candidates():
        address = ipaddress.ip_address(text)
        if address in seen:
            continue
        seen.add(address)
        public = is_public_v4(address) if address.version == 4 else is_public_v6(address)
        print(f"{address}\t{'public' if public else 'special'}")


main()
