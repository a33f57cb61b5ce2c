"""Answers every request on a socket, with a compiled module of its environment in memory."""

import socketserver
import sys
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import markupsafe._speedups


class Answer(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(300)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def address_string(self) -> str:
        return "-"


assert markupsafe._speedups
with socketserver.UnixStreamServer(sys.argv[1] + ".new", Answer) as server:
    Path(sys.argv[1] + ".new").rename(sys.argv[1])
    server.serve_forever()
