"""Why a stage must stay root, as far as its text tells."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import Final

from dockerlint.expressions import pattern
from dockerlint.model.appfolder import is_data_folder, is_of_root, is_within
from dockerlint.model.command import Command
from dockerlint.model.copying import Copy
from dockerlint.model.footprint import runs_program
from dockerlint.model.instruction import Instruction, Onbuild, Setting, Volume, Workdir
from dockerlint.model.running import Cmd, Entrypoint, Run
from dockerlint.model.shared import known

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
_USER_OPTIONS: Final = frozenset(("--user", "--uid", "--setuid", "--drop-user", "--runas"))
_SERVICE_USERS: Final = frozenset(
    ("nobody", "www-data", "daemon", "bind", "nginx", "named", "redis", "mysql")
)
_KNOWN_SCRIPTS: Final = frozenset(("docker-php-entrypoint", "catalina.sh"))
"""Scripts of official images that only start what they are given (docker-library/php, …/tomcat)."""
_SOCKETS: Final = ("/var/run/docker.sock", "/run/docker.sock")
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


def why_root(
    chain: Sequence[Instruction],
    starts: Sequence[Cmd | Entrypoint],
    *,
    has_step_down: bool,
    knows_start: bool,
) -> str:
    """Why a stage must stay root; "" where nothing speaks against a user without rights.

    `chain` are its instructions and those of the stages it builds on, `starts` what it starts; `knows_start`
    says that the base image starts something that needs no root.
    """
    if any(isinstance(each, Onbuild) for each in chain):
        return "its ONBUILD triggers show that other images build upon it, and those steps may need root"
    commands = [command for start in starts for command in start.commands]
    if not commands and not knows_start:
        return "it starts nothing of its own, and what builds upon it may need root"
    if has_step_down:
        return "its entrypoint may leave root by itself, with the gosu or su-exec that it installs"
    return _of_programs(commands) or _of_homes(chain, commands) or _of_folders(chain) or _of_steps(chain)


def _of_programs(commands: Sequence[Command]) -> str:
    for command in commands:
        program, words = command.program, [word.text for word in command.words]
        if not isinstance(program, str):
            return "a variable holds what it starts"
        if program in _SELF_DROPPING:
            return _self_dropping(program)
        if program in _ROOT_PROGRAMS:
            return f"{program} needs root for what it does"
        if program in _BUILDS_AT_START or (program == "dotnet" and words[1:2] in (["run"], ["watch"])):
            return f"{program} builds at every start, in folders that are root's"
        if command.tool in _INTERPRETERS and len(words) == 1 and len(commands) == 1:
            return f"{program} alone waits for input: it looks like a base for other images"
        if _names_user(words):
            return f"{program} is told which user to go on as"
        if program in _SHELLS and not _runs_text(command):
            return "what the shell that it starts is asked to do is not in sight"
        if _is_script(command):
            return f"what the script {command.words[0].text} does is not in sight; it may need root"
        if any(word in _SOCKETS for word in words):
            return "it talks to the Docker socket, which is root's"
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


def _runs_text(command: Command) -> bool:
    """`sh -c TEXT`: the commands of the text stand among the others."""
    return any(word.text in ("-c", "-lc", "-ec", "-xc", "-exc") for word in command.words[1:2])


def _is_script(command: Command) -> bool:
    program = str(command.program)
    if program in _KNOWN_SCRIPTS or program in _PLAIN_WRAPPERS:
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


def _of_folders(chain: Iterable[Instruction]) -> str:
    for each in chain:
        for one in each.paths if isinstance(each, Volume) else ():
            path = one.path.known or ""
            if is_within(path, "/tmp") or is_within(path, "/var/tmp"):
                continue
            if not is_data_folder(path):
                return f"the volume {path or 'of a variable'} would stay root's"
    return ""


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
