"""Writes a service's operations and shapes, without their texts, as JSON.

    extract.py [SERVICE/VERSION FILE [OPERATION ...]]

Without arguments it writes CodePipeline's to model.json. With operations it
keeps those and the shapes they need. The source is botocore's service model
(Apache-2.0), which AWS generates from the service itself. Run it through
`go generate` after an upgrade of botocore.
"""

import gzip
import json
import pathlib
import sys

import botocore

KEEP = ("type", "required", "min", "max", "pattern", "enum", "sensitive")


def ref(member):
    return member["shape"]


def shape(raw):
    out = {k: raw[k] for k in KEEP if k in raw}
    for bound in ("min", "max"):  # a double's are written as 1.0, and all are whole
        if bound in out:
            out[bound] = int(out[bound])
    if "(?=" in out.get("pattern", "") or "(?!" in out.get("pattern", ""):
        del out["pattern"]  # Go's expressions have no lookaround
    if "members" in raw:
        out["members"] = {k: ref(v) for k, v in raw["members"].items()}
    for part in ("member", "key", "value"):
        if part in raw:
            out[part] = ref(raw[part])
    return out


def reachable(operations, shapes):
    """The shapes that the operations name, and those that these name."""
    wanted = [op[side] for op in operations.values() for side in ("input", "output")]
    found = {}
    while wanted:
        name = wanted.pop()
        if name in found or name not in shapes:
            continue
        s = found[name] = shapes[name]
        wanted += s.get("members", {}).values()
        wanted += [s[part] for part in ("member", "key", "value") if part in s]
    return found


def main(service="codepipeline/2015-07-09", target=None, *names):
    base = pathlib.Path(botocore.__file__).parent / "data" / service
    with gzip.open(base / "service-2.json.gz") as f:
        source = json.load(f)
    operations = {
        name: {
            "input": ref(op["input"]) if "input" in op else "",
            "output": ref(op["output"]) if "output" in op else "",
            "errors": [ref(e) for e in op.get("errors", [])],
        }
        for name, op in source["operations"].items()
        if not names or name in names
    }
    shapes = {n: shape(s) for n, s in source["shapes"].items() if not s.get("exception")}
    if names:
        shapes = reachable(operations, shapes)
    model = {"botocore": botocore.__version__, "operations": operations, "shapes": shapes}
    text = json.dumps(model, sort_keys=True, indent=0, separators=(",", ":"))
    path = pathlib.Path(target) if target else pathlib.Path(__file__).with_name("model.json")
    path.write_text(text + "\n")


main(*sys.argv[1:])
