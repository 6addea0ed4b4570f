"""What we know about well-known images, as given to the parsers."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

from dockerlint.data import table
from dockerlint.images.receipt import Receipt
from dockerlint.images.tags import Bases
from dockerlint.regex import pattern

if TYPE_CHECKING:  # most runs have no reports of scanners
    from dockerlint.images.scans import Scans

_VERSION = pattern(r"(?:v|stream)?(\d+(?:\.\d+)*)")


_NEWEST = table("images", "newest-channels")
"""Channels that follow the newest release line (library/ of docker-library/official-images)."""


TESTED = ("tested", "measured")
"""Found by running the image, or its own entrypoint over the same program."""


@dataclass(frozen=True, slots=True)
class Release:
    """One release line of an image, as it stands on the day of the `Knowledge` it comes from."""

    cycle: str
    """The line as it starts a tag: `22`, `3.20`, `bookworm`."""
    latest: str = ""
    """Newest version of the line on the day the facts were collected."""
    end_of_life: date | None = None
    """First day without support; None while no date is set."""
    is_ended: bool = False
    """No more fixes: the date has passed, or the source says so without a date."""
    is_lts: bool = False
    """Its publisher supports it for longer than the lines around it."""
    product: str = ""
    """Whose release line it is: `Node.js`, `Debian`."""
    codename: str = ""
    """First word of the release's name as tags spell it: `bookworm`, `jammy`."""

    @property
    def ended(self) -> str:
        """When its support ended or will end, as a message says it."""
        return "long ago" if self.end_of_life is None else f"on {self.end_of_life}"


@dataclass(frozen=True, slots=True)
class Conditions:
    """What must be seen of a container for a fact about its image to hold."""

    unless_mounted: tuple[str, ...] = ()
    """Folders in which nothing may be mounted."""
    needs_volume: tuple[str, ...] = ()
    """Folders that a mount must hold."""
    since: str | None = None
    """The first release for which it holds; None for every one."""
    unless_option: tuple[str, ...] = ()
    """Shell patterns of words of its command, and of its variables as `NAME=value`."""


@dataclass(frozen=True, slots=True)
class Demand:
    """How much of something an image needs at least."""

    least: str | int
    """`2g`, `depends`, or a number."""
    strength: str
    """How that was found, in the words of `ImageNeeds.strength`."""
    conditions: Conditions = Conditions()
    """Under which it needs no more than that."""


@dataclass(frozen=True, slots=True)
class ImageNeeds:
    """What the entrypoint of an image needs once everything is taken away."""

    as_root: tuple[str, ...] | None = None
    """Capabilities under `cap_drop: [ALL]` when it starts as root; None when not known."""
    as_root_by_tag: tuple[tuple[str, tuple[str, ...]], ...] = ()
    """Shell patterns of tags that need others."""
    as_user: tuple[str, ...] = ()
    """Capabilities when it starts as anybody else."""
    foreign: tuple[str, ...] = ()
    """Capabilities it needs besides where a folder of its own is mounted from the host or from memory."""
    folders: tuple[str, ...] = ()
    """These folders of its own."""
    checks: tuple[tuple[str, tuple[str, ...]], ...] = ()
    """Programs that, as a health check, need more, and what."""
    bound: tuple[tuple[str, tuple[str, ...]], ...] = ()
    """What it needs besides where the host mounts one of these folders, or something in it: files there
    belong to anybody, and to nobody else if they are keys."""
    words: tuple[tuple[str, str, tuple[str, ...]], ...] = ()
    """What it needs besides when it is told so: shell patterns of a word of its command and of its tag."""
    gains_privileges: bool = False
    """A program in it gets more rights than who starts it, from a set-user-ID bit or from capabilities of
    its file, and fails under no-new-privileges."""
    strength: str = "read"
    """How the capabilities were found: `tested`, `measured`, `read`, `documented`; `derived` is a conclusion
    from what was read, so that a fix which rests on it has to say so."""
    tmpfs: tuple[str, ...] | None = None
    """What must be writable besides its volumes when its file system is read-only, as entries of `tmpfs:`
    (`/run`, `/tmp:exec`), for the user that the image names; None when not known."""
    tmpfs_as_user: tuple[str, ...] | None = None
    """The same where `user:` names somebody who is not root, to whom a tmpfs does not belong by itself."""
    tmpfs_strength: str = "read"
    """How these were found, in the words of `strength`."""
    conditions: Conditions = Conditions()
    """Under which the capabilities are enough."""
    tmpfs_conditions: Conditions = Conditions()
    """Under which these are all that is written."""

    @property
    def is_tested(self) -> bool:
        """The capabilities are proven by running it; else they were read or concluded."""
        return self.strength in TESTED

    def as_root_of(self, tag: str) -> tuple[str, ...] | None:
        """Capabilities of this tag when it starts as root."""
        from fnmatch import fnmatchcase

        fitting = (names for pattern, names in self.as_root_by_tag if fnmatchcase(tag, pattern))
        return next(fitting, self.as_root)


@dataclass(frozen=True, slots=True)
class ImageFacts:
    """Facts about one image; every one is optional, and absent means not known."""

    name: str
    """Familiar name without registry docker.io and library/: `node`, `grafana/grafana`."""
    is_official: bool = False
    """One of Docker's official images."""
    default_user: str | None = None
    """The user its configuration names: `root`, `node`, `65532`; None when not known."""
    users_by_tag: tuple[tuple[str, str], ...] = ()
    """Shell patterns of tags whose configuration names another user."""
    workdir: str | None = None
    """The directory its configuration names; None when not known."""
    workdirs_by_tag: tuple[tuple[str, str], ...] = ()
    """Shell patterns of tags whose configuration names another directory."""
    drops_root: bool = False
    """Starts as root; its own entrypoint then continues as another user."""
    unprivileged_user: str | None = None
    """A ready-made user that is not root."""
    role: str = ""
    """`datastore` for databases, brokers, caches and search engines; `proxy`, `base` …; "" when not known."""
    is_deprecated: bool = False
    """Its publishers told everybody to move on, or it was taken down."""
    deprecated_since: date | None = None
    """The day from which its publisher calls it deprecated."""
    replacement: str = ""
    """What its publisher names instead; "" for nothing."""
    ports: tuple[int, ...] = ()
    """The ports it listens on by default."""
    servers: tuple[str, ...] = ()
    """First words of a command, folders apart, with which its entrypoint starts what the image is for."""
    needs: ImageNeeds | None = None
    """What it needs when it is hardened; None when not known."""
    start_user: str = ""
    """Value of `user:` with which it works on a fresh named volume, no capabilities; "" when not known."""
    secret_files: tuple[str, ...] = ()
    """Variables that it also takes from a file; shell patterns where that holds for a family of them."""
    secret_form: str = "{}_FILE"
    """How the variable is called that names the file: `{}__FILE` for Grafana's."""
    secret_lines: tuple[tuple[str, str], ...] = ()
    """Shell patterns of such variables and the first release that takes a file for them."""
    healthchecks: tuple[tuple[str, str], ...] = ()
    """Shell patterns of tags and the command that asks whether it works, on one line, `$` not doubled."""
    has_healthcheck: bool = False
    """The image brings one."""
    mount_lines: tuple[tuple[str, str], ...] = ()
    """Folders for data that later releases refuse or leave empty, and the last line that takes them."""
    memory: Demand | None = None
    """`2g`: with less it does not start or is not supported; `depends`: its settings or the host decide."""
    processors: Demand | None = None
    """So many are enough for what it does."""
    processes: Demand | None = None
    """With fewer processes and threads it does not start, or not all of what it is set up for."""
    credentials: tuple[tuple[str, str], ...] = ()
    """Names and passwords that open it until somebody changes them."""
    releases: tuple[Release, ...] = ()
    """Release lines, newest first."""

    @property
    def current(self) -> Release | None:
        """The line to start with: the newest with long-term support, else the newest that is supported."""
        alive = [release for release in self.releases if not release.is_ended]
        return next((release for release in alive if release.is_lts), alive[0] if alive else None)

    def line_after(self, release: Release) -> Release | None:
        """The line to move to from another one: never an older one, as data and settings seldom go back.

        The newest with long-term support, else the newest that is supported; None where none is newer.
        """
        newer = [one for one in self.releases[: self.releases.index(release)] if not one.is_ended]
        return next((one for one in newer if one.is_lts), newer[0] if newer else None)

    @property
    def lines(self) -> frozenset[str]:
        """The names of its release lines."""
        return frozenset(release.cycle for release in self.releases)

    def is_supported(self, version: str) -> bool:
        """A version is of a line that still gets fixes, as far as lines are known."""
        if not self.releases:
            return True
        release = self.release_of(version)
        return release is not None and not release.is_ended

    def line_of(self, channel: str) -> Release | None:
        """The release line behind a moving tag: the newest for `latest`; for others where that is known."""
        alive = [release for release in self.releases if not release.is_ended]
        if channel == "latest" or _NEWEST.get(self.name) == channel:
            return alive[0] if alive else None
        return self.current if (self.name, channel) == ("node", "lts") else None

    def user_of(self, tag: str) -> str | None:
        """The user that the configuration of this tag names; None when not known."""
        from fnmatch import fnmatchcase

        fitting = (user for pattern, user in self.users_by_tag if fnmatchcase(tag, pattern))
        return next(fitting, self.default_user)

    def workdir_of(self, tag: str) -> str | None:
        """The directory that the configuration of this tag names; None when not known."""
        from fnmatch import fnmatchcase

        fitting = (folder for pattern, folder in self.workdirs_by_tag if fnmatchcase(tag, pattern))
        return next(fitting, self.workdir)

    def healthcheck_of(self, tag: str) -> str | None:
        """The command that asks whether this tag works; None when not known, or when it has no tool."""
        from fnmatch import fnmatchcase

        fitting = (command for pattern, command in self.healthchecks if fnmatchcase(tag, pattern))
        return next(fitting, "") or None

    def secret_file_of(self, variable: str, tag: str | None = "") -> str | None:
        """The variable that names a file with the value of this one; None when it takes no file.

        A tag that is not known (None) may be one of the releases that take none.
        """
        from fnmatch import fnmatchcase

        if not any(fnmatchcase(variable, pattern) for pattern in self.secret_files):
            return None
        first = next((line for pattern, line in self.secret_lines if fnmatchcase(variable, pattern)), "")
        is_old = bool(first) and (tag is None or is_before(tag, first))
        return None if is_old else self.secret_form.format(variable)

    def starts_server(self, word: str) -> bool:
        """A command that starts with this word, or with an option, is one for its own server."""
        name = word.rpartition("/")[2]
        return not name or name.startswith("-") or name in self.servers

    def release_of(self, tag: str) -> Release | None:
        """The release line that a tag names: `3.8-slim` → 3.8, `buster-slim` → 10, `5` → the newest 5.x."""
        version = _VERSION.match(tag)
        if version is None:
            word = re.split(r"[-_.]", tag, maxsplit=1)[0]
            return next(
                (release for release in self.releases if word in (release.codename, release.cycle)), None
            )
        lines = {release.cycle: release for release in self.releases}
        numbers = version[1].split(".")
        for count in range(len(numbers), 0, -1):
            if exact := lines.get(".".join(numbers[:count])):
                return exact
        prefix = version[1] + "."
        return next((release for release in self.releases if release.cycle.startswith(prefix)), None)


def is_before(tag: str, first: str) -> bool:
    """Whether a tag names an older version; a channel or a shorter version is taken for the newest."""
    version = _VERSION.match(tag)
    if version is None:
        return False
    numbers = [int(part) for part in version[1].split(".")]
    return numbers < [int(part) for part in first.split(".")][: len(numbers)]


@dataclass(frozen=True, slots=True)
class Knowledge:
    """All facts, and the day for which they hold."""

    today: date
    """The day for which they hold."""
    images: Mapping[str, ImageFacts] = field(default_factory=dict)
    """By every familiar name an image is known under."""
    find_base: Callable[[str], Release | None] = field(default=lambda word: None, compare=False)
    """The operating system release that one word of a tag names: `buster`, `alpine3.18`, `ubuntu20.04`."""
    bases: Bases = field(default_factory=Bases, compare=False)
    digests: Mapping[str, str] = field(default_factory=dict)
    """What the project's dockerlint.lock says: `node:22.11` to `sha256:…`."""
    replaced: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """And the digests that those took the place of."""
    receipts: Mapping[str, tuple[Receipt, ...]] = field(default_factory=dict)
    """What was proven of the project's services, by their names."""
    origin: str = ""
    """Whose repository the file lies in: `OWNER/NAME`; "" where that is not known."""

    scans: Scans | None = field(default=None, compare=False)
    """What scanners found in images; None where no report was given."""

    def find(self, name: str) -> ImageFacts | None:
        """The facts of an image by its familiar name."""
        return self.images.get(name)
