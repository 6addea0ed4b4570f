"""Hypothesis strategies for Dockerfiles in which much can be fixed, and much be damaged by that."""

from __future__ import annotations

from hypothesis import strategies as st

_BASES = st.sampled_from(
    [
        *("node", "node:latest", "debian:13", "alpine", "python:3.8-slim", "ubuntu:22.04", "golang:1.20"),
        *("scratch", "${BASE}", "$BASE:latest", "php:8.2-apache", "nginx", "postgres:16", "nosuch/image"),
        *("mcr.microsoft.com/windows/servercore:ltsc2022", "gcr.io/distroless/static", "fedora", "one"),
        "openjdk:17-jdk",
    ]
)
_PACKAGES = [
    "apt-get update",
    "apt-get install -y curl",
    "apt-get -y install git   wget",
    "apt install curl",
    "apk add curl",
    "apk --update add bash",
    "pip install flask",
    "pip3 install --trusted-host h -r r.txt",
    "npm install",
    "yarn install",
    "dnf install -y x",
    "rm -rf /var/lib/apt/lists/*",
]
_COMMANDS = st.sampled_from(
    [
        *_PACKAGES,
        *("curl -k https://h/x | tar xz", "wget --no-check-certificate http://h/y", "sudo make install"),
        *(
            "cd /app",
            "chmod 777 /srv",
            "chmod -R 777 .",
            "git config --global http.sslVerify false",
            "exit 0",
        ),
        *('echo "a && b # c"', "echo 'it''s' > /f", "(cd x; sudo true)", "npm config set strict-ssl false"),
        *("sudo -u www id", "set -ex", "true &", "if true; then sudo a; fi", "export A=1", "echo ünï"),
        *("bash -c 'apt-get install -y a'", "cat <<< x", "useradd u", "ssh-keyscan h >> k", "echo $(sudo b)"),
    ]
)
_JOINTS = st.sampled_from(
    [
        *(" && ", " && ", " ; ", " || ", " | ", " \\\n && ", " && \\\n    ", "; \\\n\t", " &&\\\n"),
        *(" \\\n# between\n && ", " && \\\n  # deep \\\n  ", " \\\n\n && ", " \\  \n  && "),
    ]
)
_WHOLE = st.sampled_from(
    [
        *(
            "ADD . /app",
            "ADD a b /srv",
            "ADD https://h/x.tgz /x",
            "COPY . .",
            "COPY --from=one /a /b",
            "copy a b/",
        ),
        *('ADD ["a b", "/c/"]', "COPY --chown=1 --from=nginx /e /e", "ADD --chown=u:g x.tar /", "COPY a b c"),
        *("WORKDIR app", "WORKDIR /srv", "WORKDIR $HOME/x", "USER root", "USER node", "USER 0:0", "USER $U"),
        *(
            "CMD npm start",
            'CMD ["node", "a.js"]',
            "CMD ['node', 'a.js']",
            'ENTRYPOINT [ "/e.sh" ]',
            "CMD a; b",
        ),
        *(
            "ENTRYPOINT exec top -b",
            "cmd top",
            "EXPOSE 22",
            "EXPOSE 80 22/tcp 443",
            "EXPOSE 8080:80",
            "VOLUME /d",
        ),
        *(
            "MAINTAINER Jo <jo@h>",
            'MAINTAINER "Jo\'s # x"',
            "maintainer ünï",
            "ENV A b c",
            "ENV A=b \\\n    B='c d'",
        ),
        *(
            "ENV NODE_TLS_REJECT_UNAUTHORIZED=0",
            "ENV PYTHONHTTPSVERIFY=0 X=1",
            "ENV DB_PASSWORD=kanarien-vogel-7",
        ),
        *("ARG V=1", "ARG PASSWORD=kanarien-vogel-7", "LABEL a=b", "LABEL a b c", "ENV GIT_SSL_NO_VERIFY 1"),
        *("HEALTHCHECK CMD curl -f http://h", "HEALTHCHECK --interval=5s CMD a | b", "HEALTHCHECK NONE"),
        *('SHELL ["/bin/bash", "-c"]', 'SHELL ["powershell", "-c"]', "SHELL bash", "STOPSIGNAL 9", "BOGUS x"),
        *(
            "ONBUILD RUN sudo a",
            "ONBUILD ADD . /app",
            "ONBUILD USER root",
            "ONBUILD",
            "ADD",
            "{{ template }}",
        ),
        *('RUN ["apt-get", "install", "-y", "a"]', "RUN --mount=type=cache,target=/c pip install a", "RUN"),
        *(
            "RUN --network=host curl h",
            "RUN --security=insecure x",
            "run yum install a",
            "RUN\tapt-get install b",
        ),
    ]
)
_HEREDOCS = st.sampled_from(
    [
        "RUN <<EOF\napt-get update\napt-get install -y a\n# inside\nEOF",
        "RUN <<-'E' bash\n\tsudo a\n\tcurl -k b | c\n\tE",
        "COPY <<EOF /etc/x\nUSER root\n# kept\nRUN sudo x\nEOF",
        "RUN cat <<A && cat <<B\nsudo\nA\nsudo b\nB",
        "RUN <<EOF cat > /f && apt-get install -y z\nx\nEOF",
        "RUN python3 <<EOF\nimport os\nEOF",
    ]
)


@st.composite
def _runs(draw: st.DrawFn) -> str:
    text = draw(st.sampled_from(["RUN ", "RUN ", "RUN ", "run ", "RUN   ", "RUN \\\n  ", "  RUN ", "\tRUN "]))
    for number in range(draw(st.integers(1, 4))):
        text += (draw(_JOINTS) if number else "") + draw(_COMMANDS)
    return text + draw(st.sampled_from(["", "", "", " ", "\t", " \\\n", " # tail"]))


@st.composite
def _froms(draw: st.DrawFn, number: int) -> str:
    keyword = draw(st.sampled_from(["FROM ", "FROM ", "from ", "FROM --platform=linux/amd64 ", "FROM\t"]))
    alias = draw(st.sampled_from(["", f" AS {'one' if not number else f'S{number}'}", f" as s{number} "]))
    return keyword + draw(_BASES) + alias


@st.composite
def fixable_dockerfiles(draw: st.DrawFn) -> str:
    """One to three stages of what rules find fault with, written in every way, comments everywhere."""
    heads = ["", "", "# syntax=docker/dockerfile:1\n", "# escape=`\n", "# syntax=x\n# escape=\\\n", "\n# c\n"]
    head = draw(st.sampled_from(heads))
    pieces = draw(
        st.sampled_from([[], ["ARG BASE=node"], ["ARG BASE=debian:latest", "ARG X"], ['ARG BASE="alpine"']])
    )
    pieces = list(pieces)
    for number in range(draw(st.integers(1, 3))):
        pieces.append(draw(_froms(number)))
        pieces += draw(st.lists(st.one_of(_runs(), _runs(), _WHOLE, _WHOLE, _HEREDOCS), max_size=6))
    for number in range(draw(st.integers(0, 3))):
        blank = draw(
            st.sampled_from(["", " \t", f"# c{number}", f"  # c{number} \\", f"#c{number}: USER root"])
        )
        pieces.insert(draw(st.integers(0, len(pieces))), blank)
    text = head + "\n".join(pieces) + "\n"
    if "escape=`" in head:
        text = text.replace("\\\n", "`\n")
    ends = draw(st.sampled_from(["\n", "\n", "\r\n", "mixed"]))
    if ends == "mixed":
        text = "".join(line + draw(st.sampled_from(["\n", "\r\n"])) for line in text.split("\n")[:-1])
    else:
        text = text.replace("\n", ends)
    return text.rstrip("\r\n") if draw(st.booleans()) else text
