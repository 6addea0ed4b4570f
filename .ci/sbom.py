"""A CycloneDX 1.6 list of what the wheel brings along when it is installed: `sbom.py WHEEL > FILE`.

Versions and hashes are those that pip would install here; packages for other systems and Pythons are named with
the version that requirements/action.txt pins, and are optional.
https://cyclonedx.org/docs/1.6/json/
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import subprocess
import sys
import time
import uuid
from pathlib import Path
from typing import Any

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

LOCK = Path(__file__).parent.parent / "requirements" / "action.txt"
PINNED = re.compile(r"^([\w.-]+)==([\w.]+)", re.MULTILINE)


def resolved(wheel: str) -> list[dict[str, Any]]:
    """What pip would install, the wheel first."""
    command = [sys.executable, "-m", "pip", "install", "-q", "--dry-run", "--ignore-installed", "--report", "-", wheel]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE)
    installed = json.loads(done.stdout)["install"]
    return sorted(installed, key=lambda one: (not one["requested"], canonicalize_name(one["metadata"]["name"])))


def needed(item: dict[str, Any]) -> list[Requirement]:
    """What a package needs on any system, without its extras."""
    written = (Requirement(one) for one in item["metadata"].get("requires_dist", ()))
    return [one for one in written if one.marker is None or "extra" not in str(one.marker)]


def component(item: dict[str, Any]) -> dict[str, Any]:
    about = item["metadata"]
    name, version = canonicalize_name(about["name"]), about["version"]
    told = {"type": "library", "bom-ref": f"pkg:pypi/{name}@{version}", "name": name, "version": version}
    told["scope"] = "required"
    sha256 = item["download_info"].get("archive_info", {}).get("hashes", {}).get("sha256")
    if sha256:
        told["hashes"] = [{"alg": "SHA-256", "content": sha256}]
    if license := about.get("license_expression"):
        told["licenses"] = [{"expression": license}]
    return {**told, "purl": told["bom-ref"]}


def elsewhere(name: str, version: str) -> dict[str, Any]:
    """A package that is installed on other systems alone."""
    purl = f"pkg:pypi/{name}@{version}"
    return {"type": "library", "bom-ref": purl, "name": name, "version": version, "scope": "optional", "purl": purl}


def bill(wheel: str) -> dict[str, Any]:
    items = resolved(wheel)
    found = {one["name"]: one for one in map(component, items)}
    pinned = {canonicalize_name(name): version for name, version in PINNED.findall(LOCK.read_text("utf-8"))}
    names = {canonicalize_name(one.name) for item in items for one in needed(item)}
    found |= {name: elsewhere(name, pinned[name]) for name in sorted(names - found.keys())}
    (ours, *others) = found.values()
    ours |= {"type": "application", "hashes": [{"alg": "SHA-256", "content": digest(wheel)}]}
    del ours["scope"]
    rests = [
        {
            "ref": component(item)["bom-ref"],
            "dependsOn": sorted(found[canonicalize_name(one.name)]["bom-ref"] for one in needed(item)),
        }
        for item in items
    ]
    moment = time.gmtime(int(os.environ.get("SOURCE_DATE_EPOCH", "0")))
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, json.dumps(list(found.values())))}",
        "version": 1,
        "metadata": {"timestamp": time.strftime("%Y-%m-%dT%H:%M:%SZ", moment), "component": ours},
        "components": others,
        "dependencies": rests,
    }


def digest(path: str) -> str:
    return hashlib.sha256(Path(path).read_bytes()).hexdigest()


if __name__ == "__main__":
    print(json.dumps(bill(sys.argv[1]), indent=2))
