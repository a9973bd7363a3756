"""Runs MiniStack for as long as the process that started it lives.

That process holds the other end of our standard input. When the pipe closes,
by a clean stop, a crash or a kill, this process group is killed: MiniStack and
every function that it has spawned.
"""
import os
import runpy
import signal
import sys
import threading


def end_with_parent():
    sys.stdin.buffer.read()
    if os.getpgrp() == os.getpid():  # never the group of whoever runs us by hand
        os.killpg(0, signal.SIGKILL)
    os._exit(1)


threading.Thread(target=end_with_parent, daemon=True).start()
try:
    import ministack  # noqa: F401
    import samtranslator  # noqa: F401
except ImportError as missing:
    sys.exit(f"the Python package {missing.name} is not installed in .venv; "
             "install what requirements-dev.txt lists: .venv/bin/pip install -r requirements-dev.txt")
sys.argv = ["ministack"]
runpy.run_module("ministack", run_name="__main__")
