"""Which words of a command are options, which are values of options, and which are operands.

The options that take the next word as their value are facts of each program's manual page.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from dockerlint.regex import pattern
from dockerlint.shell.words import Option, Word

_APT = "-o --option -c --config-file -t --target-release --default-release -a --host-architecture"
_DNF = (
    "-c --config -d --debuglevel -e --errorlevel -x --exclude --excludepkgs --enablerepo --disablerepo --repo"
    " --repoid --installroot --releasever --setopt -R --randomwait --disableplugin --enableplugin --forcearch"
    " --comment --advisory --add-repo --from-repo --save-filename"
)
_NPM = (
    "--loglevel --registry --prefix -C --cache --userconfig --globalconfig --omit --include --tag --otp"
    " --before -w --workspace --install-strategy --fetch-timeout --fetch-retries --cwd --dir --filter -F"
    " --modules-folder --cache-folder --network-timeout --network-concurrency --mutex --store-dir --reporter"
    " --fetch-retry-mintimeout --fetch-retry-maxtimeout --target --arch --only"
)
_VALUED = {
    "apt-get": _APT,
    "apt": _APT,
    "aptitude": _APT,
    "apk": (
        "-p --root -X --repository -t --virtual --repositories-file --wait --keys-dir --arch --cache-dir"
        " --cache-max-age --progress-fd --timeout"
    ),
    "yum": _DNF,
    "dnf": _DNF,
    "dnf5": _DNF,
    "microdnf": _DNF,
    "tdnf": _DNF,
    "yum-config-manager": _DNF,
    "zypper": (
        "-R --root --installroot -c --config -D --reposd-dir -C --cache-dir -r --repo --from -t --type"
        " --plus-repo -p --plus-content --pkg-cache-dir --raw-cache-dir --solv-cache-dir --releasever"
    ),
    "pip": (
        "-r --requirement -c --constraint -e --editable -t --target -i --index-url --extra-index-url"
        " --pypi-url -f --find-links --prefix --root --src --source -b --build --build-dir --download-dir -d"
        " --log --log-file --proxy --retries --timeout --exists-action --trusted-host --cert --client-cert"
        " --cache-dir --progress-bar --platform --python-version --implementation --abi --no-binary"
        " --only-binary --install-option --global-option -C --config-settings --upgrade-strategy"
        " --use-feature --use-deprecated --report --python --root-user-action --keyring-provider"
    ),
    "npm": _NPM,
    "yarn": _NPM,
    "pnpm": _NPM,
    "uv": (
        "--trusted-host --allow-insecure-host --index --default-index -i --index-url --extra-index-url -f"
        " --find-links -r --requirement -c --constraint -p --python --target --prefix --cache-dir --directory"
        " --project --config-file --no-binary --only-binary --python-version --python-platform"
    ),
    "gem": (
        "-v --version --use-system-libraries -i --install-dir -n --bindir -s --source --platform"
        " -P --trust-policy -p --http-proxy --config-file -B --bulk-threshold --build-root -g --file"
        " --document"
    ),
    "curl": (
        "-A -b -c -C -d -D -e -E -F -H -K -m -o -P -Q -r -t -T -u -U -w -x -X -y -Y -z --user-agent --cookie"
        " --cookie-jar --continue-at --data --data-raw --data-binary --data-ascii --data-urlencode --json"
        " --dump-header --referer --cert --key --cacert --capath --form --form-string --header --proxy-header"
        " --config --max-time --connect-timeout --output --output-dir --user --proxy-user --proxy --request"
        " --write-out --retry --retry-delay --retry-max-time --resolve --connect-to --upload-file --url"
        " --oauth2-bearer --netrc-file --pass --limit-rate --max-redirs --range --time-cond --ciphers"
        " --unix-socket --aws-sigv4 --interface --max-filesize --proto --tls-max --etag-save --etag-compare"
    ),
    "wget": (
        "-o -a -i -B -t -O -T -w -Q -P -U -l -A -R -D -I -X -e --output-file --append-output --input-file"
        " --base --tries --output-document --timeout --wait --quota --directory-prefix --user-agent --header"
        " --user --password --http-user --http-password --ftp-user --ftp-password --proxy-user"
        " --proxy-password --post-data --post-file --body-data --method --ca-certificate --certificate"
        " --private-key --level --accept --reject --domains --execute --referer --limit-rate --waitretry"
        " --load-cookies --save-cookies --secure-protocol --progress --connect-timeout --read-timeout"
    ),
    "git": (
        "-C -c --git-dir --work-tree --namespace -b --branch --depth --origin --reference --config"
        " --separate-git-dir -j --jobs --filter --template --shallow-since -m --message -u --upload-pack"
    ),
    "useradd": (
        "-u --uid -g --gid -G --groups -d --home-dir --home -s --shell -c --comment -p --password -b"
        " --base-dir -e --expiredate -f --inactive -k --skel -K --key -R --root"
    ),
    "adduser": "-u --uid -g --gid -G --ingroup -h --home -s --shell --gecos -k --group",
    "usermod": "-u --uid -g --gid -G --groups -d --home -s --shell -c --comment -p --password -l --login",
    "chpasswd": "-c --crypt-method -R --root -s --sha-rounds",
    "go": "-C -o -p -tags -ldflags -gcflags -asmflags -mod -modfile -overlay -pkgdir -toolexec -buildmode",
    "conda": "-n --name -p --prefix -c --channel --file -f --set",
    "docker": "-u --username -p --password -H --host --config -c --context -l --log-level",
    "mysql": "-h --host -u --user -p -P --port -D --database -e --execute --defaults-file -S --socket",
    "psql": "-h --host -U --username -p --port -d --dbname -c --command -f --file",
    "redis-server": "--requirepass --masterauth --port --bind --dir --save --appendonly --maxmemory",
    "sshpass": "-p -f -d -P",
    "python": "-c -m -W -X",
    "perl": "-e -E -I -M -m",
    "ruby": "-e -I -r -C",
    "node": "-e -p -r --eval --print --require --import --loader",
    "php": "-r -d -c -f -B -R -E -S -t",
    "sudo": "-u -g -h -p -C -r -t -T -U -D -R",
    "rpm": "--root --dbpath --define -D --eval -E --prefix --relocate",
    "find": "-name -iname -path -type -perm -user -group -mtime -size -maxdepth -mindepth",
}
_GIVEN_SECRETS = (
    "--password --token --passphrase --secret --api-key --apikey --auth-token --access-token --secret-key"
)
ALWAYS_VALUED = frozenset(_GIVEN_SECRETS.split())
"""Whatever the program, these are given the secret they name."""

VALUED = {program: frozenset(names.split()) | ALWAYS_VALUED for program, names in _VALUED.items()}
_LIKE = (("mamba micromamba", "conda"), ("mysqladmin mysqldump mariadb", "mysql"), ("podman", "docker"))
for _names, _program in _LIKE:
    VALUED.update(dict.fromkeys(_names.split(), VALUED[_program]))

_WITH_SUBCOMMANDS = """
    apt-get apt aptitude apk yum dnf dnf5 microdnf tdnf zypper pip npm yarn pnpm gem git go composer docker
    podman conda mamba micromamba cargo systemctl bundle poetry uv dotnet helm kubectl aws gcloud az
    doctl brew snap
"""
SUBCOMMANDS = frozenset(_WITH_SUBCOMMANDS.split())
"""Programs whose first operand says what to do."""

_ONE_DASH = "go find java javac openssl ffmpeg convert terraform gcc g++ clang ld cmake"
_LONG_WITH_ONE_DASH = frozenset(_ONE_DASH.split())
_NOT_CLUSTERED = {"wget": frozenset({"-nv", "-nc", "-nd", "-nH", "-np"})}
_HANDS_ON_THE_REST = frozenset({"gem", "npm", "pnpm", "yarn"})
"""What follows `--` is for somebody else: the build of an extension, a script."""
MOST_LETTERS = 32
"""Options that one word of letters is read as; no program takes more."""
_NUMBER = pattern(r"-\d+$")


class Arguments(NamedTuple):
    """The words after the program, told apart."""

    options: tuple[Option, ...]
    operands: tuple[Word, ...]
    subcommand: Word | None


def read_arguments(tool: str, words: Sequence[Word]) -> Arguments:
    """Tell the words after a program apart; `tool` is its normalised name."""
    valued = VALUED.get(tool, ALWAYS_VALUED)
    options: list[Option] = []
    operands: list[Word] = []
    at = 0
    while at < len(words):
        word = words[at]
        at += 1
        text = word.text
        if text == "--":
            operands += () if tool in _HANDS_ON_THE_REST else words[at:]
            break
        if len(text) < 2 or text[0] != "-" or _NUMBER.match(text):
            operands.append(word)
        elif text[1] == "-" or tool in _LONG_WITH_ONE_DASH or text in _NOT_CLUSTERED.get(tool, ()):
            option = _long(word)
            if option.value is None and option.name in valued and at < len(words):
                option, at = option._replace(value=words[at]), at + 1
            options.append(option)
        else:
            wants_value = _split_cluster(word, valued, options)
            if wants_value and at < len(words):
                options[-1], at = options[-1]._replace(value=words[at]), at + 1
    if tool in SUBCOMMANDS and operands:
        return Arguments(tuple(options), tuple(operands[1:]), operands[0])
    return Arguments(tuple(options), tuple(operands), None)


def _long(word: Word) -> Option:
    name = word.text.partition("=")[0]
    value = word.after(len(name) + 1) if len(name) < len(word.text) else None
    return Option(name, value, word.span)


def _split_cluster(word: Word, valued: frozenset[str], options: list[Option]) -> bool:
    """Add the letters of `-qy` or `-ofile`; whether the last one still wants its value."""
    text = word.text
    for at in range(1, min(len(text), MOST_LETTERS + 1)):
        name = f"-{text[at]}"
        behind = text[at + 1 : at + 2]
        if behind == "=":
            options.append(Option(name, word.after(at + 2), word.span))
            return False
        if name in valued:
            options.append(Option(name, word.after(at + 1) if behind else None, word.span))
            return not behind
        options.append(Option(name, None, word.span))
    return False
