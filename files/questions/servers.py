"""Asks servers for their front page, and which Python their processes hold in memory.

Arguments: the venv, then addresses: http://..., uwsgi:/path or http:/path (a socket of the file
system). Prints JSON, one object for each address:

    address, status (0: no answer), error, processes (how many have files of the venv in memory),
    examples (a few of those files, or of the files of another Python)
"""

import json
import os
import re
import socket
import struct
import sys
import urllib.error
import urllib.parse
import urllib.request

PATIENCE = 10  # seconds: the first request of a server may have to load the whole application
SERVERS = re.compile(r"apache2|httpd|uwsgi")


def over_socket(path, request):
    """Send a request to a socket of the file system; return the status and who listens there."""
    with socket.socket(socket.AF_UNIX) as connection:
        connection.settimeout(PATIENCE)
        connection.connect(path)
        peer = connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, 12)
        connection.sendall(request)
        head = connection.recv(65536)
    status = re.match(rb"HTTP/[0-9.]+ ([0-9]{3})", head)
    return int(status.group(1)) if status else 0, struct.unpack("3i", peer)[0]


def uwsgi_request():
    """Return GET / in uWSGI's own protocol."""
    variables = {
        "REQUEST_METHOD": "GET",
        "REQUEST_URI": "/",
        "PATH_INFO": "/",
        "QUERY_STRING": "",
        "SCRIPT_NAME": "",
        "SERVER_NAME": "localhost",
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "HTTP_HOST": "localhost",
    }
    body = b""
    for pair in variables.items():
        for word in pair:
            body += struct.pack("<H", len(word)) + word.encode()
    return struct.pack("<BHB", 0, len(body), 0) + body


def over_http(url):
    """Return the status, and the process that listens."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(url, timeout=PATIENCE) as reply:
            status = reply.status
    except urllib.error.HTTPError as error:
        status = error.code
    return status, listener(urllib.parse.urlsplit(url).port or 80)


def listener(port):
    """Return a process that listens on a port, 0 when we may not know."""
    inodes = set()
    for name in ("tcp", "tcp6"):
        try:
            with open("/proc/net/" + name) as table:
                rows = [line.split() for line in table][1:]
        except OSError:
            continue
        inodes |= {r[9] for r in rows if r[3] == "0A" and int(r[1].rpartition(":")[2], 16) == port}
    wanted = {"socket:[%s]" % inode for inode in inodes}
    for pid in processes():
        try:
            folder = "/proc/%d/fd" % pid
            if any(os.readlink(folder + "/" + fd) in wanted for fd in os.listdir(folder)):
                return pid
        except OSError:
            continue
    return 0


def processes():
    """Return the ids of all processes."""
    return [int(name) for name in os.listdir("/proc") if name.isdigit()]


def parent(pid):
    """Return the parent of a process, 0 when it is gone."""
    try:
        with open("/proc/%d/stat" % pid) as file:
            return int(file.read().rpartition(")")[2].split()[1])
    except (OSError, ValueError):
        return 0


def program(pid):
    """Return the name of a process."""
    try:
        with open("/proc/%d/comm" % pid) as file:
            return file.read().strip()
    except OSError:
        return ""


def family(pid):
    """Return a server's processes: the one with the socket, those beside it and those below."""
    if not pid:
        return {one for one in processes() if SERVERS.search(program(one))}
    above = parent(pid)
    top = above if SERVERS.search(program(above)) else pid
    return {top, pid} | {one for one in processes() if top in (parent(one), parent(parent(one)))}


def python_files(pid):
    """Return the files of packages that a process holds in memory."""
    try:
        with open("/proc/%d/maps" % pid) as file:
            lines = file.read().splitlines()
    except OSError:
        return set()
    return {line.split(None, 5)[5] for line in lines if re.search(r"/(site|dist)-packages/", line)}


def ask(address, venv):
    """Ask one address."""
    said = {"address": address, "status": 0, "error": "", "processes": 0, "examples": []}
    kind, _, path = address.partition(":")
    pid = 0
    try:
        if path.startswith("//"):
            said["status"], pid = over_http(address)
        elif kind == "uwsgi":
            said["status"], pid = over_socket(path, uwsgi_request())
        else:
            request = b"GET / HTTP/1.0\r\nHost: localhost\r\n\r\n"
            said["status"], pid = over_socket(path, request)
    except (OSError, ValueError) as error:
        said["error"] = getattr(error, "strerror", None) or str(error)
    if said["status"]:
        held = [python_files(one) for one in family(pid)]
        inside = [{f for f in files if f.startswith(venv + "/")} for files in held]
        said["processes"] = sum(map(bool, inside))
        files = set().union(*inside) or set().union(*held)
        said["examples"] = sorted(files)[:3]
    return said


print(json.dumps([ask(address, sys.argv[1]) for address in sys.argv[2:]]))
