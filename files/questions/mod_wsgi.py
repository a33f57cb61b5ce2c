"""Starts a private Apache with mod_wsgi, asks what its Python is like, and stops it.

Runs as a user, in a folder of its own that is gone afterwards, on a port of the loopback that
nobody uses. Standard input: the text of first_import.py. Argument: JSON with

    httpd, modules (files to load), python_home, python_path, server_home, scripts, seconds

Prints JSON: answers (one for each script), log (the end of Apache's own), status.
"""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request

CONFIGURATION = """\
ServerRoot "{folder}"
ServerName localhost
PidFile "{folder}/pid"
ErrorLog "{folder}/error.log"
Listen 127.0.0.1:{port}
{modules}
WSGISocketPrefix "{folder}/s"
WSGIDontWriteBytecode On
{server_home}
WSGIDaemonProcess probe processes=1 threads=1 {options}
WSGIProcessGroup probe
WSGIApplicationGroup %{{GLOBAL}}
WSGIScriptAlias / "{folder}/probe"
<Directory "{folder}">
    Require all granted
</Directory>
"""
APPLICATION = """

def application(environ, start_response):
    import json
    start_response("200 OK", [("Content-Type", "application/json")])
    return [json.dumps([look(path) for path in {scripts!r}]).encode()]
"""


def free_port():
    """Return a port that nobody listens on."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def write(folder, port, asked, first_import):
    """Write the configuration and the application."""
    names = {"mod_mpm_event.so": "mpm_event", "mod_mpm_prefork.so": "mpm_prefork"}
    modules = []
    for path in asked["modules"]:
        name = os.path.basename(path)
        module = "wsgi" if name.startswith("mod_wsgi") else names.get(name, name[4:-3])
        modules.append('LoadModule {}_module "{}"'.format(module, path))
    options = []
    for option in ("python_home", "python_path"):
        if asked[option]:
            options.append("{}={}".format(option.replace("_", "-"), asked[option]))
    home = asked["server_home"]
    text = CONFIGURATION.format(
        folder=folder,
        port=port,
        modules="\n".join(modules),
        server_home='WSGIPythonHome "{}"'.format(home) if home else "",
        options=" ".join(options),
    )
    for name, content in (
        ("httpd.conf", text),
        ("probe", first_import + APPLICATION.format(scripts=asked["scripts"])),
    ):
        with open(os.path.join(folder, name), "w") as file:
            file.write(content)


def has_died(log):
    """Whether Python could not even start in the server's processes."""
    with open(log, "rb") as file:
        return b"Fatal Python error" in file.read()


def answer(port, server, log, seconds):
    """Ask until there is an answer, Apache or its Python is gone, or time is up."""
    deadline = time.monotonic() + seconds
    url = "http://127.0.0.1:{}/".format(port)
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    while time.monotonic() < deadline and server.poll() is None:
        if has_died(log):
            break
        try:
            with opener.open(url, timeout=1) as reply:
                return reply.status, json.loads(reply.read().decode())
        except urllib.error.HTTPError as error:
            return error.code, []
        except (OSError, ValueError):
            time.sleep(0.03)
    return 0, []


def stop(server):
    """End Apache and all that it started."""
    for number in (signal.SIGTERM, signal.SIGKILL):
        try:
            os.killpg(server.pid, number)
        except OSError:
            return
        try:
            server.wait(1)
        except subprocess.TimeoutExpired:
            continue


def main():
    """Do it."""
    asked = json.loads(sys.argv[1])
    folder = tempfile.mkdtemp(prefix="devstack-venv.")
    try:
        port = free_port()
        write(folder, port, asked, sys.stdin.read())
        command = [asked["httpd"], "-f", folder + "/httpd.conf", "-DFOREGROUND"]
        with open(os.path.join(folder, "error.log"), "ab") as log:
            server = subprocess.Popen(command, stdout=log, stderr=log, start_new_session=True)
            try:
                status, answers = answer(port, server, log.name, asked["seconds"])
            finally:
                stop(server)
        with open(os.path.join(folder, "error.log"), errors="replace") as log:
            lines = log.read().splitlines()[-40:]
        print(json.dumps({"status": status, "answers": answers, "log": lines}))
    finally:
        shutil.rmtree(folder, ignore_errors=True)


main()
