"""Where a command gets what it installs or runs: moving sources, plain repositories, unseen programs."""

from __future__ import annotations

import pytest

from dockerlint.model.command.fetched import fetched_programs
from dockerlint.parse.commands import parse_shell

COMMIT = "0123456789abcdef0123456789abcdef01234567"


def first(script: str) -> object:
    return parse_shell(script)[0]


@pytest.mark.parametrize(
    ("script", "word"),
    [
        ("pip install git+https://g.example/a/t@main", "git+https://g.example/a/t@main"),
        ("pip install 't @ git+https://g.example/a/t.git'", "t @ git+https://g.example/a/t.git"),
        (f"pip install git+https://g.example/a/t@{COMMIT}#egg=t", None),
        ("pip install git+https://g.example/a/t@$REF", None),
        ("pip install https://g.example/a/t/archive/main.zip", "https://g.example/a/t/archive/main.zip"),
        (f"pip install https://g.example/a/t/archive/{COMMIT}.zip", None),
        ("pip install https://g.example/a/t/archive/refs/tags/v1.zip", None),
        ("npm install gitlab:acme/tool#v1", None),
        ("npm install git+https://g.example/a/t.git#develop", "git+https://g.example/a/t.git#develop"),
        ("curl -O https://raw.githubusercontent.com/a/b/master/x.sh", None.__class__),
        ("curl -O https://raw.githubusercontent.com/a/b/v1.2/x.sh", None),
        ("curl -O https://codeload.example/a/b/tar.gz/main", "https://codeload.example/a/b/tar.gz/main"),
        ("wget https://g.example/a/b/-/archive/main/b-main.tgz", None.__class__),
        ("wget https://g.example/get/started", None),
        ("git clone https://g.example/a/b", "https://g.example/a/b"),
        ("git clone https://user:pw@g.example/a/b", "https://g.example/a/b"),
        ("git clone --branch v1 https://g.example/a/b", None),
        ("git clone --branch main https://g.example/a/b", "main"),
        ("git clone ./local copy", None),
        ("git pull https://g.example/a/b", None),
        ("go install g.example/t@master", "g.example/t@master"),
        ("go install g.example/t@v1.0.0", None),
        ("cargo install --git https://g.example/a/b --tag v1", None),
        ("cargo install --git https://g.example/a/b", "https://g.example/a/b"),
    ],
)
def test_a_source_moves_when_it_names_a_branch(script: str, word: object) -> None:
    found = first(script).moving_source  # type: ignore[attr-defined]
    if word is type(None):
        assert found is not None
    else:
        assert (None if found is None else found.value) == word


@pytest.mark.parametrize(
    ("script", "address"),
    [
        ("pip install -i http://p.example/simple x", "http://p.example/simple"),
        ("pip install -i http://u:pw@p.example/simple x", "http://p.example/simple"),
        ("pip install --proxy http://p.example:3128 x", None),
        ("npm config set proxy http://p.example", None),
        ("apk add -X http://a.example/v3 x", "http://a.example/v3"),
        ("apk add -X https://a.example/v3 x", None),
        ("npm ci --registry http://registry.internal", None),
        ("npm ci --registry http://10.1.2.3:4873", None),
        ("add-apt-repository 'deb http://a.example/ stable main'", "http://a.example/"),
        ("add-apt-repository 'deb http://ftp.archive.ubuntu.com/ubuntu noble main'", None),
        ("echo 'deb http://a.example stable main' > /etc/apt/sources.list.d/a.list", "http://a.example"),
        ("echo '# deb http://a.example stable main' > /etc/apt/sources.list.d/a.list", None),
        ("printf '[a]\\nbaseurl=http://a.example/r\\n' | tee /etc/yum.repos.d/a.repo", "http://a.example/r"),
        ("echo http://a.example > /etc/motd", None),
        ("sed -i 's|https://a.example|http://b.example|' /etc/apk/repositories", "http://b.example|"),
        ("sed -i 's|http://a.example|https://b.example|' /etc/apk/repositories", None),
        ("sed -i 's/https/http/' /etc/apk/repositories", "http://"),
        ("sed -i 's|https://|http://|g' /etc/apk/repositories", "http://"),
        ("sed -i s/http/https/ /etc/apk/repositories", None),
        ("sed -i 's/https/http/' /etc/app.conf", None),
        ("curl http://a.example", None),
    ],
)
def test_a_repository_without_tls_is_told_by_its_address(script: str, address: str | None) -> None:
    found = first(script).plain_repository  # type: ignore[attr-defined]
    assert (None if found is None else found.value) == address


@pytest.mark.parametrize(
    ("script", "word"),
    [
        ("useradd -m -G audio,wheel app", "wheel"),
        ("usermod -aG docker app", "docker"),
        ("adduser -G wheel -D app", "wheel"),
        ("adduser app sudo", "sudo"),
        ("addgroup app docker", "docker"),
        ("addgroup docker", None),
        ("gpasswd -a app lxd", "lxd"),
        ("gpasswd -d app sudo", None),
        ("useradd -G sudoers2 app", None),
        ("echo '%wheel ALL=(ALL:ALL) NOPASSWD: ALL' >> /etc/sudoers", "NOPASSWD"),
        ("echo 'a ALL=(ALL) NOPASSWD: SETENV: ALL' | tee /etc/sudoers.d/a", "NOPASSWD"),
        ("cat > /etc/sudoers.d/a <<E\na ALL=(ALL) NOPASSWD:ALL\nE", "NOPASSWD"),
        ("echo 'a ALL=(ALL) NOPASSWD: /bin/x' >> /etc/sudoers", None),
        ("grep -q 'NOPASSWD: ALL' /etc/sudoers", None),
        ("echo 'permit persist nopass :wheel' > /etc/doas.conf", "nopass"),
        ("echo 'permit persist :wheel' > /etc/doas.conf", None),
    ],
)
def test_an_account_becomes_root_by_a_group_or_a_line_of_sudoers(script: str, word: str | None) -> None:
    found = first(script).gives_root  # type: ignore[attr-defined]
    assert (None if found is None else found.value) == word


@pytest.mark.parametrize(
    ("script", "uses"),
    [
        ("curl -o /bin/t https://d.example/t; chmod a+x /bin/t", ["chmod"]),
        ("curl -o /bin/t https://d.example/t; chmod 0644 /bin/t", []),
        ("curl -LO https://d.example/t-$V.tgz; tar xf t-$V.tgz", ["tar"]),
        ("curl https://d.example/t.tgz; tar xf t.tgz", []),
        ("wget https://d.example/t.zip; unzip t.zip; rm t.zip", ["unzip"]),
        ("wget https://d.example/t.zip https://d.example/u; chmod +x x", []),
        ("curl https://d.example/t > t; ./t --install", ["run"]),
        ("curl https://d.example/t.gz | gunzip > t; chmod +x t", []),
        ("curl https://d.example/t | bash", []),
        ("curl https://d.example/t.tgz | tee t.tgz | tar xz", ["tar"]),
        ("curl -o a https://d.example/a; cp a b; install -m 755 b /usr/bin/c", ["install"]),
        ("curl -o t https://d.example/t; echo x t | sha256sum -c; chmod +x t", []),
        ("curl -o t https://d.example/t; chmod +x t; echo x t | sha256sum -c", []),
        ("curl -o t https://d.example/t; chmod +x t; ./t; echo x t | sha256sum -c", ["run"]),
        ("curl -o t https://d.example/t; chmod +x t; ls", ["chmod"]),
        ("curl -o t https://d.example/t; gpg --verify t.sig t; sh t", []),
        ("curl -o t https://d.example/t; openssl dgst -sha256 -verify k t; sh t", []),
        ("curl -o k.asc https://d.example/k.asc; apt-key add k.asc; rpm --import k.asc", []),
        ("curl -o t http://127.0.0.1/t; sh t", []),
        ("aria2c -o t.deb https://d.example/x; dpkg -i ./t.deb", ["dpkg"]),
        ("curl -o p.whl https://d.example/p.whl; pip install ./p.whl", ["pip"]),
        ("curl -o i.php https://d.example/i; php i.php", ["php"]),
    ],
)
def test_a_download_is_used_unseen_unless_something_compares_it(script: str, uses: list[str]) -> None:
    assert [one.use for one in fetched_programs(parse_shell(script))] == uses


def test_a_thousand_downloads_are_read_in_a_moment() -> None:
    script = "".join(f"curl -o f{n} https://d.example/{n}; cp f{n} g{n}; tar xf g{n}\n" for n in range(1000))
    assert len(fetched_programs(parse_shell(script))) == 1000
