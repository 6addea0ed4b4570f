"""Why a stage must stay root, as far as its text tells."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import pairwise
from typing import Final, NamedTuple

from dockerlint.expressions import pattern
from dockerlint.model.appfolder import is_data_folder, is_of_root, is_within
from dockerlint.model.command import Command
from dockerlint.model.copying import Copy
from dockerlint.model.footprint import runs_program
from dockerlint.model.instruction import Instruction, Onbuild, Setting, Volume, Workdir
from dockerlint.model.running import Cmd, Entrypoint, Run
from dockerlint.model.shared import Unknown, known
from dockerlint.model.startscript import Script, script_word, why_script

_SELF_DROPPING: Final = frozenset(
    (
        *("nginx", "openresty", "apache2", "apache2-foreground", "apache2ctl", "apachectl", "httpd"),
        *(
            "httpd-foreground",
            "php-fpm",
            "haproxy",
            "named",
            "squid",
            "unbound",
            "dnsmasq",
            "chronyd",
            "ntpd",
        ),
        *("dovecot", "postfix", "exim", "exim4", "smtpd", "slapd", "smbd", "nmbd", "vsftpd", "proftpd"),
        *("pure-ftpd", "rsyslogd", "tor", "varnishd", "lighttpd", "mysqld", "mysqld_safe", "mariadbd"),
        *("mariadbd-safe", "gosu", "su-exec", "su", "runuser", "setpriv", "chroot", "sudo"),
    )
)
"""Programs that start as root and leave it by themselves."""
_ROOT_PROGRAMS: Final = frozenset(
    (
        *("cron", "crond", "anacron", "dockerd", "containerd", "buildkitd", "podman", "buildah"),
        *(
            "dropbear",
            "sshd",
            "init",
            "openrc",
            "openvpn",
            "runsvdir",
            "runit",
            "s6-svscan",
            "s6-svc",
            "service",
        ),
        *(
            "start-stop-daemon",
            "supervisord",
            "systemctl",
            "systemd",
            "xinetd",
            "inetd",
            "telnetd",
            "rpcbind",
        ),
        *(
            "iptables",
            "ip6tables",
            "nft",
            "ip",
            "tc",
            "wg",
            "wg-quick",
            "modprobe",
            "insmod",
            "sysctl",
            "mount",
        ),
        *("umount", "debootstrap", "kubelet", "k3s", "fail2ban-server", "auditd", "tcpdump", "tshark"),
        *(
            "dumpcap",
            "snort",
            "suricata",
            "pppd",
            "xl2tpd",
            "ipsec",
            "charon",
            "strongswan",
            "dhcpd",
            "dhclient",
        ),
        *("perf", "bpftrace", "bcc", "strace", "falco", "salt-master", "salt-minion", "saltinit", "puppet"),
        *("runit_bootstrap", "my_init", "apt-get", "apt", "apk", "yum", "dnf", "chown", "useradd", "adduser"),
        *("usermod", "groupmod", "virt-manager", "qemu-system-x86_64", "nfsd", "chronyc", "udevd"),
    )
)
"""Programs that need root for what they do."""
_SHELLS: Final = frozenset(("sh", "bash", "ash", "dash", "zsh"))
_PLAIN_WRAPPERS: Final = frozenset(
    ("tini", "dumb-init", "exec", "env", "cd", "export", "set", "echo", "sleep")
)
_SCRIPT = pattern(r".*\.(?:sh|bash|ash)\Z|.*(?:entrypoint|start|run|init|boot)[\w.-]*\Z")
_INTERPRETERS: Final = frozenset(
    ("python", "node", "irb", "ruby", "php", "jshell", "R", "ghci", "julia", "iex")
)
"""Programs that, started alone, ask a person what to do."""
_WAITERS: Final = frozenset(("wait-for-it", "wait-for-it.sh", "wait-for", "wait-for.sh"))
"""Scripts that many projects bring along, which wait for a port."""
_USER_OPTIONS: Final = frozenset(("--user", "--uid", "--setuid", "--drop-user", "--runas"))
_SERVICE_USERS: Final = frozenset(
    ("nobody", "www-data", "daemon", "bind", "nginx", "named", "redis", "mysql")
)
_KNOWN_SCRIPTS: Final = frozenset(("docker-php-entrypoint", "catalina.sh"))
"""Scripts of official images that only start what they are given (docker-library/php, …/tomcat)."""
_SOCKETS: Final = frozenset(("/var/run/docker.sock", "/run/docker.sock"))
_BUILDS_AT_START: Final = frozenset(
    ("cargo", "go", "mvn", "mvnw", "gradle", "gradlew", "sbt", "lein", "mix", "cabal", "stack")
)
_HOME_INSTALLERS: Final = frozenset(
    (
        *("nvm", "sdk", "rustup-init", "rustup", "pyenv", "rbenv", "mvn", "ansible-galaxy", "cabal", "stack"),
        *("ghcup", "mix", "lein", "sbt", "opam", "pipx", "julia"),
    )
)
"""Tools whose packages go into the home of who runs them."""
_PROJECT_TOOLS: Final = frozenset(("poetry", "pipenv"))
_IN_PLACE: Final = pattern(
    r"POETRY_VIRTUALENVS_(?:CREATE|IN_PROJECT|PATH)|PIPENV_VENV_IN_PROJECT|WORKON_HOME"
)


class Look(NamedTuple):
    """How to look into scripts that are started."""

    find: Callable[[str], Script | None]
    """By a word of the start; None for what is not in sight."""
    home: str | None
    """The folder that it starts in."""


def why_root(
    chain: Sequence[Instruction],
    starts: Sequence[Cmd | Entrypoint],
    *,
    has_step_down: bool,
    knows_start: bool,
    look: Look,
) -> str:
    """Why a stage must stay root; "" where nothing speaks against a user without rights.

    `chain` are its instructions and those of the stages it builds on, `starts` what it starts; `knows_start`
    says that the base image starts something that needs no root, `look` where scripts are.
    """
    if any(isinstance(each, Onbuild) for each in chain):
        return "its ONBUILD triggers show that other images build upon it, and those steps may need root"
    commands = [command for start in starts for command in start.commands]
    if not commands and not knows_start:
        return "it starts nothing of its own, and what builds upon it may need root"
    if has_step_down:
        return "its entrypoint may leave root by itself, with the gosu or su-exec that it installs"
    return (
        _of_programs(commands, look)
        or _of_homes(chain, commands)
        or _of_folders(chain, look.home)
        or _of_steps(chain)
    )


def _of_programs(commands: Sequence[Command], look: Look) -> str:
    for command in commands:
        reason = _of_command(command, look, is_alone=len(commands) == 1)
        if reason:
            return reason
    return ""


def _of_command(command: Command, look: Look, *, is_alone: bool) -> str:
    words = [word.text for word in command.words]
    if not isinstance(command.program, str):
        return "a variable holds what it starts"
    if reason := _of_program(command.program, words):
        return reason
    if is_alone and command.tool in _INTERPRETERS and len(words) == 1:
        return f"{command.program} alone waits for input: it looks like a base for other images"
    if _is_script(command):
        return _of_script(command, look)
    return "it talks to the Docker socket, which is root's" if set(words) & _SOCKETS else ""


def _of_program(program: str, words: Sequence[str]) -> str:
    if program in _SELF_DROPPING:
        return _self_dropping(program)
    if program in _ROOT_PROGRAMS:
        return f"{program} needs root for what it does"
    if program in _BUILDS_AT_START or (program == "dotnet" and words[1:2] in (["run"], ["watch"])):
        return f"{program} builds at every start, in folders that are root's"
    return f"{program} is told which user to go on as" if _names_user(words) else ""


def _of_script(command: Command, look: Look) -> str:
    word = script_word(command)
    script = look.find(word) if word else None
    if script is None:
        what = f"the script {word}" if word else f"the {command.program} that it starts"
        return f"what {what} does is not in sight; it may need root"
    if reason := why_script(script, look.home):
        return reason
    for each in script.commands:
        words = [one.text for one in each.words]
        program = str(each.program)
        if reason := _of_program(program, words):
            return f"{word}: {reason}"
        if _is_script(each) and program not in _WAITERS and not isinstance(each.program, Unknown):
            return f"{word} runs {words[0][:40]}, which is not in sight"
    return ""


def _names_user(words: Sequence[str]) -> bool:
    """`--user NAME`, `-u nobody`: the program leaves root by itself."""
    pairs = pairwise(words)
    return any(word.partition("=")[0] in _USER_OPTIONS for word in words[1:]) or any(
        option == "-u" and value in _SERVICE_USERS for option, value in pairs
    )


def _self_dropping(program: str) -> str:
    what = f"{program} starts as root and leaves it by itself"
    return f"{what}; nginxinc/nginx-unprivileged is a base without root" if program == "nginx" else what


def _is_script(command: Command) -> bool:
    """A shell script by its name, or a shell that is not told its commands there, as by `sh -c TEXT`."""
    program = str(command.program)
    if program in _SHELLS:
        return not any(word.text in ("-c", "-lc", "-ec", "-xc", "-exc") for word in command.words[1:2])
    if program in _KNOWN_SCRIPTS or program in _PLAIN_WRAPPERS or not command.words:
        return False
    return bool(_SCRIPT.match(program)) or bool(_SCRIPT.match(command.words[0].text))


def _of_homes(chain: Iterable[Instruction], started: Iterable[Command]) -> str:
    """Something that the program may need lies in the home of root."""
    for command in started:
        for word in command.words:
            if is_of_root(word.text):
                return _in_home(word.text)
    names = {one.name for each in chain if isinstance(each, Setting) for one in each.variables}
    is_in_place = any(_IN_PLACE.match(name) for name in names)
    for each in chain:
        for path in _paths(each):
            if is_of_root(path):
                return _in_home(path)
        if isinstance(each, Run):
            tool = next(filter(None, (_home_tool(one, is_in_place) for one in each.commands)), "")
            if tool:
                return f"{tool} puts what it installs into the home of root, which is closed to others"
    return ""


def _in_home(path: str) -> str:
    return f"{path[:60]} lies in the home of root, which is closed to others"


def _paths(each: Instruction) -> Iterator[str]:
    """Paths that an instruction makes or names for later."""
    if isinstance(each, Copy):
        yield known(each.destination) or ""
    elif isinstance(each, Workdir):
        yield known(each.path) or ""
    elif isinstance(each, Setting) and each.keyword.known == "ENV":
        for variable in each.variables:
            yield from (known(variable.value) or variable.written).strip("\"'").split(":")
    elif isinstance(each, Run):
        for command in each.commands:
            if command.tool not in ("rm", "find", "chmod", "ls", "echo"):
                yield from (word.text for word in command.words[1:])
            yield from (entry.target.text for entry in command.redirections)


def _home_tool(command: Command, is_in_place: bool) -> str:
    """The tool that installs into the home of who runs it; "" for what does not."""
    tool, words = command.tool, [word.text for word in command.words[1:]]
    if tool in _PROJECT_TOOLS and "install" in words:
        return "" if is_in_place or "--system" in words or "--deploy" in words else tool
    if tool == "playwright" and "install" in words:
        return tool
    if tool == "pip" and "--user" in words:
        return "pip install --user"
    if tool in _HOME_INSTALLERS and command.program != "mvnw":
        return tool
    if tool == "uv" and words[:1] in (["tool"], ["python"]):
        return f"uv {words[0]}"
    if tool == "dotnet" and "tool" in words and "-g" in words:
        return "dotnet tool install -g"
    if tool == "composer" and "global" in words:
        return "composer global"
    return "python" if "nltk.downloader" in words else ""


def _of_folders(chain: Sequence[Instruction], home: str | None) -> str:
    if any(isinstance(each, Workdir) for each in chain) and home is not None and not _is_usable(home):
        return f"it works in {home}, which is root's"
    for each in chain:
        for one in each.paths if isinstance(each, Volume) else ():
            path = one.path.known or ""
            if is_within(path, "/tmp") or is_within(path, "/var/tmp"):
                continue
            if not is_data_folder(path):
                return f"the volume {path or 'of a variable'} would stay root's"
    return ""


def _is_usable(home: str) -> bool:
    """A folder that its user may write or has no reason to."""
    return home == "/" or is_data_folder(home) or is_within(home, "/tmp") or home.endswith("/bin")


def _of_steps(chain: Iterable[Instruction]) -> str:
    """A step that runs a program of the system, which may have left files where it is to write later."""
    for each in chain:
        for command in each.commands if isinstance(each, Run) else ():
            if command.tool == "ssh-keygen" or (command.tool == "openssl" and "req" in command.arguments):
                return f"the key that {command.tool} makes in a step is only for root to read"
            script = next((word.text for word in command.words[1:] if word.text.startswith("/usr/")), "")
            if script and runs_program(command):
                return f"a step runs {script[:60]} as root, and what that writes stays root's"
    return ""
