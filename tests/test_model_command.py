"""What a command is asked to do: options, operands, downloads, modes, checks it switches off."""

from __future__ import annotations

import pytest

from dockerlint.model.command.command import Command
from dockerlint.parse.commands import parse_shell


def command(text: str) -> Command:
    """The last command of a text: behind wrappers, the one that they run."""
    return parse_shell(text)[-1]


@pytest.mark.parametrize(
    ("text", "options", "arguments"),
    [
        (
            "apt-get -qqy install --no-install-recommends -t sid a b",
            ("-q", "-q", "-y", "--no-install-recommends", "-t"),
            ("a", "b"),
        ),
        ("curl -fsSLo out https://x", ("-f", "-s", "-S", "-L", "-o"), ("https://x",)),
        ("curl -ufoo:k https://x", ("-u",), ("https://x",)),
        ("wget -nv -O - https://x", ("-nv", "-O"), ("https://x",)),
        ("pip3 install -r req.txt --index-url=https://x a", ("-r", "--index-url"), ("a",)),
        ("python3.11 -m pip install -U a", ("-U",), ("a",)),
        ("find / -name x -delete", ("-name", "-delete"), ("/",)),
        ("go build -ldflags -s ./...", ("-ldflags",), ("./...",)),
        ("git -C /x clone --depth 1 https://x y", ("-C", "--depth"), ("https://x", "y")),
        ("rm -- -f", (), ("-f",)),
        ("kill -9 1", (), ("-9", "1")),
        ("tool --token=$T --password x y", ("--token", "--password"), ("y",)),
    ],
)
def test_options_and_operands_are_told_apart(
    text: str, options: tuple[str, ...], arguments: tuple[str, ...]
) -> None:
    assert (command(text).options, command(text).arguments) == (options, arguments)


@pytest.mark.parametrize(
    ("text", "tool", "subcommand"),
    [
        ("/usr/bin/pip3.12 -q install a", "pip", "install"),
        ("python -m pip --no-input install a", "pip", "install"),
        ("python3 -u -I -m pip install a", "pip", "install"),
        ("python3 x.py -m pip install a", "python", None),
        ("python3 -m venv /x", "python", None),
        ("nodejs x.js", "node", None),
        ("pipx install a", "pipx", "install"),
        ("apt-get -y update", "apt-get", "update"),
        ("$X install", "", None),
    ],
)
def test_a_program_has_a_family_name_and_a_subcommand(text: str, tool: str, subcommand: str | None) -> None:
    found = command(text)
    assert found.tool == tool
    assert (found.subcommand and found.subcommand.value) == subcommand


@pytest.mark.parametrize(
    "text",
    [
        "curl x | sh",
        "curl x | sudo -E bash -",
        "curl x | env A=1 bash -s -- --yes",
        "wget -qO- x | tee y | bash -ex",
        "curl x | python3 -",
        "curl x | php -- --install-dir=/bin",
        "curl x | perl",
        "(curl x || wget x) | sh",
        'sh -c "$(curl x)"',
        "bash <(curl x)",
        ". <(curl x)",
        'eval "$(curl x)"',
        "bash < <(curl x)",
        'bash <<< "$(curl x)"',
        'python3 -c "$(curl x)"',
        "ssh host && bash -c 'curl x | sh'",
    ],
)
def test_a_download_that_is_run_names_its_runner(text: str) -> None:
    assert any(found.runner is not None for found in parse_shell(text) if found.tool in ("curl", "wget"))


@pytest.mark.parametrize(
    "text",
    [
        "curl x | gpg --dearmor",
        "curl x | tar xz",
        "curl x | apt-key add -",
        "curl x | python3 -m json.tool",
        "curl x | python3 -c 'import sys'",
        "curl x | perl -ne print",
        "curl x | node -e 'y'",
        "curl x | bash script.sh",
        "curl x | bash -c 'cat'",
        "curl x | gpg --verify | sh",
        "curl x | xargs sh y",
        "curl -o y x && sh y",
        'bash script.sh "$(curl x)"',
        'echo "$(curl x)"',
        "curl x || sh",
        "cat y | sh",
    ],
)
def test_a_download_that_is_data_has_no_runner(text: str) -> None:
    assert all(found.runner is None for found in parse_shell(text))


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("curl -sk x", "-sk"),
        ("sudo curl --insecure x", "--insecure"),
        ("wget --no-check-certificate x", "--no-check-certificate"),
        ("git -c http.sslVerify=false clone x", "http.sslVerify=false"),
        ("git config --global http.sslverify false", "http.sslverify"),
        ("npm config set strict-ssl false", "strict-ssl"),
        ("dnf --setopt=sslverify=0 install x", "--setopt=sslverify=0"),
        ("apt-get -o Acquire::https::Verify-Peer=false update", "Acquire::https::Verify-Peer=false"),
        ("conda config --set ssl_verify no", "ssl_verify"),
    ],
)
def test_certificate_checks_are_switched_off_by_a_word(text: str, word: str) -> None:
    found = command(text).certificate_check_off
    assert found is not None
    assert text[found.span.start : found.span.end] == word


@pytest.mark.parametrize(
    "text",
    [
        "curl -o k x",
        "curl -H -k x",
        "curl -fk https://localhost:8443/",
        "curl -k https://127.0.0.1/x",
        "wget x --no-check-certificat",
        "git config http.sslVerify true",
        "npm config set strict-ssl true",
        "npm config get strict-ssl",
        "dnf --setopt=sslverify=1 install x",
        "pip install app==1.0 --extra-index-url https://x",
        "echo curl -k",
    ],
)
def test_certificate_checks_stay_on(text: str) -> None:
    assert command(text).certificate_check_off is None


@pytest.mark.parametrize("mode", ["777", "0777", "666", "2777", "a+w", "o=rwx", "ugo+rwx", "u+x,o+w"])
def test_modes_that_let_everybody_write(mode: str) -> None:
    found = command(f"chmod -R {mode} /x").opens_to_all
    assert found is not None
    assert found.value == mode


@pytest.mark.parametrize("mode", ["755", "775", "1777", "+x", "g+w", "o-w", "a+rX", "a+rwxt", "$MODE"])
def test_modes_that_do_not(mode: str) -> None:
    assert command(f"chmod {mode} /x777").opens_to_all is None


@pytest.mark.parametrize(
    ("mode", "expected"),
    [
        ("4755", True),
        ("u+s", True),
        ("+s", True),
        ("6711", True),
        ("2755", False),
        ("g+s", False),
        ("u-s", False),
    ],
)
def test_setuid_is_told_from_setgid(mode: str, expected: bool) -> None:
    assert (command(f"chmod {mode} /x").sets_identity is not None) is expected


def test_what_is_written_to_a_configuration_file_counts() -> None:
    for text in (
        "echo insecure > /root/.curlrc",
        "printf '[global]\\ntrusted-host=x\\n' >> /etc/pip.conf",
        "echo 'strict-ssl=false' | tee -a ~/.npmrc",
        "{ echo a; echo sslverify=0; } > /etc/yum.repos.d/x.repo",
    ):
        assert any(found.certificate_check_off_in_file for found in parse_shell(text)), text
    assert all(not found.certificate_check_off_in_file for found in parse_shell("echo insecure > /tmp/x"))


def test_a_local_repository_needs_no_signature() -> None:
    remote, local = "echo 'deb [trusted=yes] https://x y' > {}", "echo 'deb [trusted=yes] file:///x ./' > {}"
    assert command(remote.format("/etc/apt/sources.list")).signature_check_off_in_file is not None
    assert command(local.format("/etc/apt/sources.list")).signature_check_off_in_file is None


def test_variables_are_what_a_command_sets() -> None:
    found = [
        (one.name, one.origin, one.value and one.value.known)
        for text in ("A=1 cmd", "export B=2 C", "env D=3 cmd E=4", "sudo F=5 cmd")
        for each in parse_shell(text)
        for one in each.variables
    ]
    assert found == [("A", "assignment", "1"), ("B", "export", "2"), ("D", "export", "3")]
