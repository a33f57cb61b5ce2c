"""What a WSGI script gets from Python before and at its first import from outside Python.

``look(path)`` runs the script's statements up to that import, as a server would, and says which
module it is and where it would come from; the module itself is not imported. This text is put
before the programs that a server's own interpreter runs.
"""

import ast
import importlib.util
import os
import sys
import traceback


def foreign(node):
    """Return the top-level name of the first module outside the standard library, or ""."""
    for part in ast.walk(node):
        names = []
        if isinstance(part, ast.Import):
            names = [alias.name for alias in part.names]
        elif isinstance(part, ast.ImportFrom) and part.level == 0:
            names = [part.module]
        for name in names:
            top = name.partition(".")[0]
            if top not in STANDARD:
                return top
    return ""


def standard_modules():
    """Return the names that Python itself brings, as older Pythons cannot tell them."""
    if hasattr(sys, "stdlib_module_names"):
        return set(sys.stdlib_module_names)
    return set(sys.builtin_module_names) | {
        name.partition(".")[0] for name in os.listdir(os.path.dirname(os.__file__))
    }


STANDARD = standard_modules()


def origin(name):
    """Return the file that a module would come from, "" when it is not found."""
    try:
        spec = importlib.util.find_spec(name)
    except (ImportError, ValueError, AttributeError):
        return ""
    if spec is None:
        return ""
    return spec.origin or next(iter(spec.submodule_search_locations or ()), "")


def interpreter():
    """Say which Python this is."""
    return {
        "prefix": sys.prefix,
        "version": "%d.%d" % sys.version_info[:2],
        "path": list(sys.path),
    }


def look(path, module=""):
    """Run a script as far as its first foreign import; or ask for a module by name."""
    said = {"script": path, "module": module.partition(".")[0], "error": ""}
    try:
        if path:
            run_prologue(path, said)
    except BaseException:
        said["error"] = traceback.format_exc().strip().splitlines()[-1]
    said["origin"] = origin(said["module"]) if said["module"] else ""
    said.update(interpreter())
    return said


def run_prologue(path, said):
    """Run statement after statement until one wants a module from elsewhere."""
    with open(path, "rb") as file:
        body = ast.parse(file.read(), path).body
    scope = {"__file__": path, "__name__": "_wsgi_script", "__builtins__": __builtins__}
    futures = [n for n in body if isinstance(n, ast.ImportFrom) and n.module == "__future__"]
    for node in body:
        said["module"] = foreign(node)
        if said["module"]:
            return
        exec(compile(ast.Module([*futures, node], []), path, "exec"), scope)
