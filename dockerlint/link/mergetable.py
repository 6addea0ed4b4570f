"""Which keys of a Compose file are merged in a way of their own.

The table is that of https://docs.docker.com/reference/compose-file/merge/ as compose-go carries it out: what
it does not name is merged by its kind (mappings key by key, lists one behind the other, scalars: the later).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final, NamedTuple

from dockerlint.link import forms, identity
from dockerlint.link.identity import Identity
from dockerlint.yaml.nodes import Node


class MergeRule(NamedTuple):
    """How the values of one key are merged."""

    form: Callable[[Node], Node] | None = None
    """Brings either side into the form in which they are merged."""
    identity: Identity | None = None
    """What makes an item of a list the same as an earlier one, whose place it takes."""
    replaces: Callable[[Node, Node], bool] | None = None
    """Whether the later value takes the place of the earlier one, whatever both hold."""
    by_name: bool = False
    """Keys of a mapping are the names of a list `NAME=value`, and a value without any counts."""
    fields: Mapping[str, MergeRule] = {}
    """The rules of keys below this one."""
    each: MergeRule | None = None
    """The rule of all other keys below it."""

    def field(self, key: str) -> MergeRule:
        """The rule of a key below this one."""
        return self.fields.get(key) or self.each or PLAIN


PLAIN: Final = MergeRule()

_REPLACED: Final = MergeRule(replaces=lambda base, over: True)
_PAIRS: Final = MergeRule(identity=identity.name, by_name=True)
_HOSTS: Final = MergeRule(form=forms.hosts, identity=identity.whole)
_LISTED: Final = MergeRule(form=forms.listed, identity=identity.name)
_UNIQUE: Final = MergeRule(identity=identity.name)
_NAMES: Final = MergeRule(form=forms.named)

_BUILD: Final = MergeRule(
    form=forms.build,
    fields={
        "args": _PAIRS,
        "additional_contexts": _PAIRS,
        "extra_hosts": _HOSTS,
        "labels": _PAIRS,
        "tags": _UNIQUE,
    },
)
_NETWORKS: Final = MergeRule(
    form=forms.named, each=MergeRule(fields={"aliases": _UNIQUE, "link_local_ips": _UNIQUE})
)
_SERVICE: Final = MergeRule(
    fields={
        "annotations": _PAIRS,
        "build": _BUILD,
        "cap_add": _UNIQUE,
        "cap_drop": _UNIQUE,
        "command": _REPLACED,
        "configs": MergeRule(identity=identity.config),
        "depends_on": MergeRule(form=forms.dependencies),
        "deploy": MergeRule(fields={"labels": _PAIRS}),
        "devices": MergeRule(identity=identity.device),
        "dns": _LISTED,
        "dns_opt": _LISTED,
        "dns_search": _LISTED,
        "entrypoint": _REPLACED,
        "env_file": MergeRule(form=forms.listed, identity=identity.env_file),
        "environment": _PAIRS,
        "expose": MergeRule(identity=identity.whole),
        "extra_hosts": _HOSTS,
        "healthcheck": MergeRule(fields={"test": _REPLACED}),
        "label_file": MergeRule(form=forms.listed),
        "labels": _PAIRS,
        "links": _UNIQUE,
        "logging": MergeRule(replaces=forms.has_other_driver),
        "models": _NAMES,
        "networks": _NETWORKS,
        "ports": MergeRule(identity=identity.port),
        "profiles": _UNIQUE,
        "secrets": MergeRule(identity=identity.secret),
        "sysctls": _PAIRS,
        "tmpfs": _LISTED,
        "ulimits": MergeRule(each=_REPLACED),
        "volumes": MergeRule(identity=identity.mount),
    }
)
ROOT: Final = MergeRule(
    fields={
        "services": MergeRule(each=_SERVICE),
        "networks": MergeRule(
            each=MergeRule(
                fields={
                    "labels": _PAIRS,
                    "ipam": MergeRule(
                        fields={"config": MergeRule(identity=identity.subnet), "options": _PAIRS}
                    ),
                }
            )
        ),
        "volumes": MergeRule(each=MergeRule(fields={"labels": _PAIRS})),
    }
)
"""The rules of a whole file."""
SERVICE: Final = _SERVICE
"""The rules of one service."""
