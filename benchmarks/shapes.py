"""Texts that grow: each shape repeats or nests one thing, as often as it is asked to."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

Files = dict[str, str]
"""Text by path in the folder of the project."""


class Shape(NamedTuple):
    """One way in which a project can grow."""

    name: str
    make: Callable[[int], Files]
    """The files of a project with so many of the thing."""

    def sized(self, size: int) -> Files:
        """The largest project of this shape with at most so many characters; never less than one thing."""
        low, high = 1, 2
        while _length(self.make(high)) <= size:
            low, high = high, high * 2
        while high - low > max(1, low // 50):
            middle = (low + high) // 2
            low, high = (middle, high) if _length(self.make(middle)) <= size else (low, middle)
        return self.make(low)


def _length(files: Files) -> int:
    return sum(len(path) + len(text) for path, text in files.items())


def _repeated(line: str, count: int) -> str:
    """The line so many times, each with its number for `<n>`."""
    return "".join(line.replace("<n>", str(number)) for number in range(count))


def _dockerfile(name: str, line: str, head: str = "FROM alpine:3.20\n", tail: str = "") -> Shape:
    return Shape(name, lambda count: {"Dockerfile": head + _repeated(line, count) + tail})


def _compose(name: str, line: str, head: str = "services:\n", tail: str = "") -> Shape:
    return Shape(name, lambda count: {"compose.yaml": head + _repeated(line, count) + tail})


def _service(name: str, line: str, head: str = "", tail: str = "") -> Shape:
    """One service of which something grows."""
    return _compose(name, line, f"services:\n  app:\n    image: app:1.0\n{head}", tail)


def _nested(
    name: str, path: str, head: str, opening: str, core: str, closing: str, tail: str = "\n"
) -> Shape:
    """`core` between so many openings and closings."""
    return Shape(name, lambda count: {path: head + opening * count + core + closing * count + tail})


_APP = "services:\n  app:\n    image: app:1.0\n"
_SERVICE = """\
  app<n>:
    image: ghcr.io/x/app:1.4
    ports:
      - "80<n>:8080"
    volumes:
      - data:/srv
"""

DOCKERFILES = (
    _dockerfile("stages", "FROM alpine:3.20 AS s<n>\nRUN make all\nUSER 10001\n", head=""),
    _dockerfile(
        "stages, each on the one before", "FROM s<n> AS s1<n>\nENV A<n>=b\nRUN make\n", "FROM a AS s0\n"
    ),
    Shape(
        "stages on one stage with many ENV",
        lambda count: {
            "Dockerfile": "FROM alpine:3.20 AS base\n"
            + _repeated("ENV VARIABLE<n>=b\n", count)
            + _repeated("FROM base AS s<n>\nENV A=b\n", count)
        },
    ),
    Shape(
        "stages in a chain with many ENV",
        lambda count: {
            "Dockerfile": "FROM alpine:3.20 AS s0\n"
            + "".join(
                f"FROM s{n} AS s{n + 1}\nENV V{n}=$V{n - 1}\nARG W{n}\nWORKDIR a\n" for n in range(count)
            )
        },
    ),
    _dockerfile("RUNs", "RUN apt-get update && apt-get install -y curl=<n>.*\n"),
    _dockerfile("ENVs", "ENV STEP_<n>=done\n"),
    _dockerfile("ENVs that use the one before", "ENV A1<n>=$A<n>\n"),
    _dockerfile("ENVs that double", 'ENV A="$A$A"\n', "FROM alpine:3.20\nENV A=0123456789\n"),
    _dockerfile("PATH that grows", "ENV PATH=/opt/tool<n>/bin:$PATH P=$P:x<n>\n"),
    _dockerfile("pairs of one ENV", " NAME<n>=value", "FROM alpine:3.20\nENV A=b", "\n"),
    _dockerfile("ARGs", "ARG NAME_<n>=value\n"),
    _dockerfile("global ARGs", "ARG NAME_<n>=value\n", "", "FROM alpine:3.20\n"),
    _dockerfile("variables that nothing sets", "RUN echo $NAME<n> > $OTHER<n>\nWORKDIR /srv/$MISSING<n>\n"),
    _dockerfile("LABELs", 'LABEL org.example.key<n>="some value"\n'),
    _dockerfile("COPYs", "COPY part<n>/ /srv/part<n>/\n"),
    _dockerfile("sources of one COPY", " part<n>.txt", "FROM alpine:3.20\nCOPY", " /srv/\n"),
    _dockerfile("COPYs from stages", "FROM a:1 AS s<n>\nCOPY --from=s<n> --chown=app:app /a /b\n"),
    _dockerfile("ADDs of addresses", "ADD https://user:pass<n>@example.com/file<n>.tar.gz /srv/\n"),
    _dockerfile("ONBUILDs", "ONBUILD RUN make part<n>\n"),
    _dockerfile("heredocs", "RUN <<EOF\nmake part<n>\nrm -rf /tmp/<n>\nEOF\n"),
    _dockerfile(
        "lines of one heredoc", "make part<n> && rm -rf /tmp/<n>\n", "FROM a:1\nRUN <<EOF\n", "EOF\n"
    ),
    _dockerfile("heredocs of one RUN", " <<E<n>", "FROM a:1\nRUN cat", "\n"),
    _dockerfile("heredocs without an end", "RUN <<EOF<n>\n"),
    _dockerfile("commands of one RUN", " && \\\n    make part<n>", "FROM a:1\nRUN make", "\n"),
    _dockerfile("packages of one RUN", " \\\n    package<n>=1.<n>", "FROM a:1\nRUN apt-get install -y", "\n"),
    _dockerfile("words of one RUN", " word<n>", "FROM a:1\nRUN echo", "\n"),
    _dockerfile("pipes of one RUN", " | sed s/a/<n>/", "FROM a:1\nRUN cat f", "\n"),
    _dockerfile("redirections of one RUN", " > /tmp/f<n> 2>&1", "FROM a:1\nRUN make", "\n"),
    _dockerfile("one long word", "x", "FROM a:1\nRUN echo ", "\n"),
    _dockerfile("one long line of semicolons", ";", "FROM a:1\nRUN echo ", "\n"),
    _dockerfile("continuation lines without end", "\\\n", "FROM a:1\nRUN echo "),
    _dockerfile("comments in one RUN", "# note <n>\n", "FROM a:1\nRUN echo a && \\\n", " echo b\n"),
    _dockerfile("comments", "# a note about part <n> of this file\n"),
    _dockerfile("suppressions", "# dockerlint: ignore[DK101]\nRUN make <n>\n"),
    _dockerfile("suppressions of unknown rules", "# dockerlint: ignore[root-in-finl-<n>]\nRUN make\n"),
    _dockerfile("rules of one suppression", "no-such-<n>,", "# dockerlint: ignore[", "]\nFROM a:1\n"),
    _dockerfile("suppressions of other linters", "# hadolint ignore=DL3<n>,SC2<n>\nRUN make <n>\n"),
    _dockerfile("suppressions above one line", "# dockerlint: ignore[DK101]\n", tail="USER root\n"),
    _nested("nested $(", "Dockerfile", "FROM a:1\nRUN echo ", "$(echo ", "a", ")"),
    _nested("nested parentheses", "Dockerfile", "FROM a:1\nRUN ", "( ", "make", " )"),
    _nested("nested braces", "Dockerfile", "FROM a:1\nRUN ", "{ ", "make;", " };"),
    _nested("nested quotes", "Dockerfile", "FROM a:1\nRUN echo ", "\"$(echo '", "a", "')\""),
    _nested("nested sh -c", "Dockerfile", "FROM a:1\nRUN ", "sudo sh -c ", "make", ""),
    _nested("unclosed $(", "Dockerfile", "FROM a:1\nRUN echo ", "$(", "", ""),
    _nested("unclosed quotes", "Dockerfile", "FROM a:1\nRUN echo ", "\"'", "", ""),
    _nested("backquotes", "Dockerfile", "FROM a:1\nRUN echo ", "`a ", "", ""),
    _nested("nested ${A:-", "Dockerfile", "FROM a:1\nENV A=", "${B:-", "c", "}"),
    _nested("unclosed ${A:-", "Dockerfile", "FROM a:1\nENV A=", "${B:-", "", ""),
    _nested("nested JSON", "Dockerfile", "FROM a:1\nCMD ", "[", '"a"', "]"),
    _dockerfile("words of a JSON form", ', "word<n>"', 'FROM a:1\nCMD ["a"', "]\n"),
    _dockerfile("words of a broken JSON form", ' "word<n>"', 'FROM a:1\nCMD ["a"', "]\n"),
    _dockerfile("EXPOSE lists", " <n>", "FROM a:1\nEXPOSE 1", "\n"),
    _dockerfile("EXPOSE ranges", "EXPOSE 1-65535 2-65000/udp\n"),
    _dockerfile("VOLUME lists", ' "/data<n>",', "FROM a:1\nVOLUME [", ' "/last"]\n'),
    _dockerfile("VOLUMEs", "VOLUME /data<n>\n"),
    _dockerfile("WORKDIR chain", "WORKDIR folder<n>\n"),
    _dockerfile("WORKDIR chain with COPYs", "WORKDIR folder\nCOPY a<n> ./b<n>/\nRUN make\n"),
    _dockerfile("USERs", "RUN adduser app<n>\nUSER app<n>\n"),
    _dockerfile("SHELLs", 'SHELL ["/bin/bash", "-o", "pipefail", "-c"]\nRUN a | b\n'),
    _dockerfile("HEALTHCHECKs", "HEALTHCHECK --interval=<n>s CMD curl -f http://localhost/ || exit 1\n"),
    _dockerfile("CMDs", "CMD node server<n>.js\n"),
    _dockerfile("deep path", "folder/", "FROM a:1\nCOPY a /srv/", "\nWORKDIR /srv\n"),
    _dockerfile("deep path upwards", "../", "FROM a:1\nWORKDIR /srv/", "\nCOPY . .\n"),
    _dockerfile("mounts of one RUN", " --mount=type=cache,target=/cache<n>", "FROM a:1\nRUN", " make\n"),
    _dockerfile("unknown instructions", "INSTALL part<n>\n"),
    _dockerfile("secrets", "ENV PASSWORD_<n>=hunter<n>x TOKEN=abc<n>def\n"),
    _dockerfile("logins in one line", " https://a:b<n>@h/x", "FROM a:1\nRUN curl", "\n"),
    _dockerfile("chown of many", "RUN chown -R app /srv/part<n> && chmod 777 /srv/part<n>\n"),
    _dockerfile("blank lines", "\n", "FROM a:1\n"),
    _dockerfile("carriage returns", "\r", "FROM a:1\n", "\n"),
    _dockerfile("prose", "this line is no instruction <n>\n", ""),
)

COMPOSES = (
    _compose("services", _SERVICE, tail="volumes:\n  data:\n"),
    _compose("services that build", "  app<n>:\n    build: ./part<n>\n    user: app\n"),
    _compose(
        "services with everything", _SERVICE + "    user: '1000'\n    privileged: true\n    env_file: a<n>\n"
    ),
    _compose("services with one port", '  app<n>:\n    image: a:1\n    ports: ["127.0.0.1:80:80"]\n'),
    _compose("services with one name", "  app<n>:\n    image: a:1\n    container_name: same\n"),
    _compose(
        "databases",
        "  db<n>:\n    image: postgres:16\n    ports: [5432:5432]\n    environment:\n"
        "      POSTGRES_PASSWORD: postgres\n",
    ),
    Shape(
        "networks",
        lambda count: {
            "compose.yaml": "services:\n"
            + _repeated("  db<n>:\n    image: postgres:16\n    networks: [n<n>, common]\n", count)
            + "networks:\n  common:\n"
            + _repeated("  n<n>:\n", count)
        },
    ),
    Shape(
        "networks of one service",
        lambda count: {
            "compose.yaml": _APP
            + "    networks:\n"
            + _repeated("      - n<n>\n", count)
            + "networks:\n"
            + _repeated("  n<n>:\n", count)
        },
    ),
    _compose("depends_on chain", "  a1<n>:\n    image: a:1\n    depends_on: [a<n>]\n"),
    _service("depends_on list", "      - a<n>\n", "    depends_on:\n"),
    _service("ports", '      - "127.0.0.1:<n>:<n>"\n', "    ports:\n"),
    _service("port ranges", '      - "127.0.0.1:1-65535:1-65535"\n', "    ports:\n"),
    _compose("port ranges of many", '  a<n>:\n    image: a:1\n    ports: ["1-65535:1-65535"]\n'),
    _service(
        "ports, long",
        "      - target: <n>\n        published: <n>\n        host_ip: 127.0.0.1\n",
        "    ports:\n",
    ),
    _service("expose", '      - "<n>"\n', "    expose:\n"),
    _service("volumes", "      - ./data<n>:/srv/data<n>\n", "    volumes:\n"),
    _service("volumes, long", "      - {type: bind, source: /etc/p<n>, target: /p<n>}\n", "    volumes:\n"),
    _service("environment", "      NAME_<n>: value\n", "    environment:\n"),
    _service("environment list", "      - PASSWORD_<n>=hunter<n>\n", "    environment:\n"),
    _service("secrets of one service", "      - s<n>\n", "    secrets:\n"),
    _compose("secrets", "  s<n>:\n    file: ./secret<n>.txt\n", _APP + "secrets:\n"),
    _compose("configs", "  c<n>:\n    content: password=hunter<n>\n", _APP + "configs:\n"),
    _service("labels", "      org.example.key<n>: value\n", "    labels:\n"),
    _service("capabilities", "      - SYS_<n>\n", "    cap_add:\n"),
    _service("words of a command", "      - word<n>\n", "    command:\n"),
    _service("one long command", " && make part<n>", "    command: sh -c 'make", "'\n"),
    _service("devices", "      - /dev/sd<n>:/dev/sd<n>\n", "    devices:\n"),
    _service("tmpfs", "      - /run/<n>\n", "    tmpfs:\n"),
    _service("unknown keys", "    privilegd<n>: true\n"),
    _service("one key again and again", "    image: app:<n>\n"),
    _compose("anchors", "  app<n>: &a<n>\n    image: a:1\n    user: root\n"),
    _compose(
        "merges of one anchor",
        "  app<n>:\n    <<: *base\n    user: u<n>\n",
        "x-base: &base\n  image: a:1\n  restart: always\n  privileged: true\nservices:\n",
    ),
    _compose(
        "merges in a chain",
        "  a1<n>: &a1<n>\n    <<: *a<n>\n    user: u<n>\n",
        "services:\n  a: &a\n    image: a:1\n",
    ),
    _compose(
        "merges of a large anchor",
        "  app<n>:\n    image: a:1\n    environment: *big\n",
        "x-big: &big\n" + _repeated("  NAME_<n>: value\n", 200) + "services:\n",
    ),
    Shape(
        "merges of many keys",
        lambda count: {
            "compose.yaml": "x-big: &big\n"
            + _repeated("  NAME_<n>: value\n", count)
            + "services:\n"
            + _repeated("  app<n>:\n    image: a:1\n    environment:\n      <<: *big\n", count)
        },
    ),
    _service("aliases of one list", ", *a", "    x-a: &a [1, 2, 3, 4]\n    x-b: [1", "]\n"),
    _service("one long string", "x", "    command: '", "'\n"),
    _service("one long plain string", "word ", "    command: ", "\n"),
    _service("lines of a block scalar", "      make part<n>\n", "    command: |\n"),
    _service("lines of a folded scalar", "      make part<n>\n", "    command: >\n"),
    _service(
        "inline Dockerfile",
        "        RUN make part<n>\n",
        "    build:\n      dockerfile_inline: |\n        FROM a:1\n",
    ),
    _compose(
        "inline Dockerfiles",
        "  a<n>:\n    build:\n      dockerfile_inline: |\n        FROM a:1\n        RUN curl -k h\n",
    ),
    _compose("x- fields", "x-field<n>:\n  key: value\n", _APP),
    _service("$ expansions", "      A<n>: ${B<n>:-c}$$d${E}\n", "    environment:\n"),
    _service("$ of one value", "${A}$B", "    command: '", "'\n"),
    _nested("nested ${A:- of Compose", "compose.yaml", _APP + "    user: '", "${A:-", "b", "}", "'\n"),
    _nested("unclosed ${A:- of Compose", "compose.yaml", _APP + "    user: '", "${A:-", "", "", "'\n"),
    _compose(
        "flow style", "app<n>: {image: 'a:1', ports: ['80:80'], privileged: true},", "services: {", "}\n"
    ),
    _nested("nested flow lists", "compose.yaml", _APP + "    x-a: ", "[", "", "]"),
    _nested("nested flow mappings", "compose.yaml", _APP + "    x-a: ", "{a: ", "1", "}"),
    Shape(
        "nested mappings",
        lambda count: {"compose.yaml": _APP + "".join(f"{' ' * n}a:\n" for n in range(4, count + 4))},
    ),
    _compose("comments of Compose", "  # a note about part <n>\n", _APP),
    _compose("suppressions of Compose", "  # dockerlint: ignore[DK201]\n  a<n>:\n    image: a:1\n"),
    _compose(
        "suppressions of unknown rules of Compose",
        "  # dockerlint: ignore[no-sch-<n>]\n  a<n>:\n    image: a:1\n",
    ),
    _compose("includes", "  - part<n>/compose.yaml\n", _APP + "include:\n"),
    _compose(
        "healthchecks", '  a<n>:\n    image: a:1\n    healthcheck:\n      test: ["CMD", "curl", "-f", "h"]\n'
    ),
    _compose(
        "limits", "  a<n>:\n    image: a:1\n    deploy: {resources: {limits: {memory: <n>M, cpus: '1'}}}\n"
    ),
    _compose("documents", "---\nservices:\n  a<n>:\n    image: a:1\n", ""),
    Shape(
        ".env that uses the one before",
        lambda count: {
            "compose.yaml": _APP + f"    user: $A{count}\n",
            ".env": "A0=x\n" + "".join(f"A{n + 1}=$A{n}y\n" for n in range(count)),
        },
    ),
    Shape(
        "values of .env",
        lambda count: {
            "compose.yaml": _APP + "    environment:\n" + _repeated("      B<n>: $A<n>\n", count),
            ".env": _repeated("A<n>=value\n", count),
        },
    ),
)

FOLDERS = (
    Shape(
        "many small files", lambda count: {f"f{n}/Dockerfile": "FROM a:1\nRUN make\n" for n in range(count)}
    ),
    Shape(
        "deep folders",
        lambda count: (
            {"/".join(["d"] * n) + "/Dockerfile": "FROM a\n" for n in range(1, count)}
            | {"d/Dockerfile": "FROM a\n"}
        ),
    ),
    Shape(
        "many files that build",
        lambda count: {
            "compose.yaml": _compose("", "  a<n>:\n    build: ./f<n>\n").make(count)["compose.yaml"],
            **{f"f{n}/Dockerfile": "FROM a:1\nRUN make\nEXPOSE 80\n" for n in range(count)},
        },
    ),
    Shape(
        "lines of .dockerignore",
        lambda count: {
            ".dockerignore": _repeated("part<n>/**/*.txt\n", count),
            "Dockerfile": "FROM a\n" + _repeated("COPY a<n> b\n", count),
        },
    ),
    Shape(
        "lines of .gitignore",
        lambda count: {".gitignore": _repeated("part<n>/*.txt\n", count), "Dockerfile": "FROM a\n"},
    ),
)

SHAPES = (*DOCKERFILES, *COMPOSES, *FOLDERS)


def _bomb(levels: int, width: int) -> str:
    lines = [f"x-a0: &a0 [{', '.join(['lol'] * width)}]\n"]
    lines += [f"x-a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * width)}]\n" for n in range(1, levels)]
    return "".join(lines) + _APP + f"    environment: *a{levels - 1}\n"


def _merge_bomb(levels: int, width: int) -> str:
    lines = ["x-a0: &a0 {" + ", ".join(f"k{n}: {n}" for n in range(width)) + "}\n"]
    for n in range(1, levels):
        keys = ", ".join(f"k{m}: *a{n - 1}" for m in range(width))
        lines.append(f"x-a{n}: &a{n} {{{keys}}}\n")
    return "".join(lines) + f"services:\n  app:\n    image: a:1\n    labels:\n      <<: *a{levels - 1}\n"


HOSTILE: dict[str, Files] = {
    "alias bomb": {"compose.yaml": _bomb(9, 9)},
    "bomb of mappings": {"compose.yaml": _merge_bomb(9, 9)},
    ".env that doubles": {
        "compose.yaml": _APP + "    user: $A40\n",
        ".env": "A0=0123456789\n" + "".join(f"A{n + 1}=$A{n}$A{n}\n" for n in range(40)),
    },
    "ENV that doubles": {"Dockerfile": "FROM a:1\nENV A=0123456789\n" + 'ENV A="$A$A"\n' * 60 + "USER $A\n"},
    "ARG that doubles": {"Dockerfile": "ARG A=0123456789\n" + "ARG A=$A$A\n" * 60 + "FROM $A\n"},
    "line of 10 MB": {"Dockerfile": "FROM a:1\nRUN echo " + "x" * 10_000_000 + "\n"},
    "string of 10 MB": {"compose.yaml": _APP + "    command: " + "x" * 10_000_000 + "\n"},
    "WORKDIR chain": {"Dockerfile": "FROM a:1\n" + "WORKDIR folder\n" * 20_000},
    "deep JSON": {"Dockerfile": "FROM a:1\nCMD " + "[" * 100_000 + "\n"},
    "deep parentheses": {"Dockerfile": "FROM a:1\nRUN " + "(" * 100_000 + "\n"},
    "deep substitutions": {"Dockerfile": "FROM a:1\nRUN echo " + "$(" * 100_000 + ")" * 100_000 + "\n"},
    "deep flow lists": {"compose.yaml": _APP + "    x-a: " + "[" * 100_000 + "]" * 100_000 + "\n"},
    "deep mappings": {"compose.yaml": _APP + "".join(f"{' ' * n}a:\n" for n in range(4, 1_000))},
    "port ranges": {"compose.yaml": _APP + "    ports:\n" + '      - "1-65535:1-65535"\n' * 600},
    "EXPOSE ranges": {"Dockerfile": "FROM a:1\n" + "EXPOSE 1-65535\n" * 600},
    "NUL bytes": {"Dockerfile": "\0" * 900_000},
}
"""Small causes with large effects, or what breaks other readers."""
