"""Runs MiniStack for as long as the process that started it lives.

That process holds the other end of our standard input. When the pipe closes,
by a clean stop, a crash or a kill, this process group is killed: MiniStack and
every function that it has spawned.

It also teaches MiniStack what the template needs and MiniStack lacks.
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


def teach_event_bus_policies():
    """CloudFormation there does not know AWS::Events::EventBusPolicy."""
    from ministack.services import eventbridge
    from ministack.services.cloudformation import provisioners

    def create(logical_id, properties, stack_name):
        statement = properties.get("Statement") or {}
        eventbridge._put_permission({
            "EventBusName": properties.get("EventBusName", "default"), "StatementId": properties["StatementId"],
            **{key: value for key, value in statement.items() if key in ("Principal", "Action", "Condition")},
        })
        return properties["StatementId"], {}

    def delete(physical_id, properties):
        eventbridge._remove_permission({
            "EventBusName": properties.get("EventBusName", "default"), "StatementId": physical_id,
        })

    provisioners._RESOURCE_HANDLERS.setdefault("AWS::Events::EventBusPolicy", {"create": create, "delete": delete})


threading.Thread(target=end_with_parent, daemon=True).start()
try:
    import ministack  # noqa: F401
    import samtranslator  # noqa: F401
except ImportError as missing:
    sys.exit(f"the Python package {missing.name} is not installed in .venv; "
             "install what requirements-dev.txt lists: .venv/bin/pip install -r requirements-dev.txt")
teach_event_bus_policies()
sys.argv = ["ministack"]
runpy.run_module("ministack", run_name="__main__")
