"""Who a hardened stage runs as, what becomes its own, and where root stays."""

from __future__ import annotations

import pytest

from dockerlint.findings import Tier
from dockerlint.fixing.results import LintResult, Result
from dockerlint.fixing.rounds import fix_text
from dockerlint.ruleset.ruleset import load_ruleset
from dockerlint.run.examples import EXAMPLE_DAY
from dockerlint.run.text import lint_text

RULESET = load_ruleset(today=EXAMPLE_DAY)
RULES = ("DK101", "DK102")
USERADD = "RUN useradd --system --no-log-init --user-group --create-home app"


def hardened(text: str, **neighbours: str) -> Result:
    def verdict(now: str) -> LintResult:
        every = lint_text(
            now, "dockerfile", RULESET, text_of={_path(name): neighbours[name] for name in neighbours}.get
        )
        return LintResult([one for one in every if one.rule.id in RULES], every)

    return fix_text(text, "dockerfile", Tier.UNPROVEN, verdict)


def _path(name: str) -> str:
    """`run_py` is run.py; a name alone is that of a shell script."""
    stem, _, ending = name.rpartition("_")
    return f"{stem}.{ending}" if stem else f"{name}.sh"


def added(text: str) -> list[str]:
    """The lines that are new, in order."""
    old = text.splitlines()
    return [line for line in hardened(text).text.splitlines() if line not in old]


def reason(text: str) -> str:
    """Why it must stay root."""
    result = hardened(text)
    assert result.text == text
    assert result.left[0].unfixed is not None
    return result.left[0].unfixed.reason


@pytest.mark.parametrize(
    ("base", "user"),
    [
        ("node:22", "node"),
        ("oven/bun:1", "bun"),
        ("denoland/deno:2.5.0", "deno"),
        ("mcr.microsoft.com/dotnet/aspnet:9.0", "app"),
        ("gcr.io/distroless/static-debian12", "nonroot"),
        ("php:8.4-cli", "www-data"),
    ],
)
def test_base_with_a_user_for_programs_lends_it(base: str, user: str) -> None:
    assert added(f'FROM {base}\nCOPY x /usr/local/bin/x\nCMD ["x"]\n') == [f"USER {user}"]


@pytest.mark.parametrize(
    ("base", "creation"),
    [
        ("debian:13", USERADD),
        ("ubuntu:24.04", USERADD),
        ("fedora:43", USERADD),
        ("rockylinux:9", USERADD),
        ("registry.access.redhat.com/ubi9/ubi:9.6", USERADD),
        ("opensuse/leap:15.6", USERADD),
        ("archlinux:base", USERADD),
        ("alpine:3.22", "RUN addgroup -S app && adduser -S -G app app"),
        ("python:3.14-alpine", "RUN addgroup -S app && adduser -S -G app app"),
        ("mcr.microsoft.com/dotnet/runtime:6.0", USERADD),
    ],
)
def test_user_is_made_as_the_distribution_does_it(base: str, creation: str) -> None:
    assert added(f'FROM {base}\nCOPY x /usr/local/bin/x\nCMD ["x"]\n') == [creation, "USER app"]


@pytest.mark.parametrize("base", ["scratch", "amazonlinux:2023"])
def test_base_that_makes_no_users_gets_a_number(base: str) -> None:
    assert added(f'FROM {base}\nCOPY x /x\nCMD ["/x"]\n') == ["USER 65532:65532"]


@pytest.mark.parametrize(
    ("end", "told"),
    [
        ('CMD ["nginx", "-g", "daemon off;"]', "nginx-unprivileged"),
        ('CMD ["supervisord", "-n"]', "supervisord needs root"),
        ('CMD ["tini", "--", "/entrypoint.sh"]', "what the script /entrypoint.sh does is not known"),
        ('CMD ["bash", "/start"]', "the script /start does"),
        ('CMD ["python3"]', "waits for input"),
        ('CMD ["cargo", "run"]', "cargo builds at every start"),
        ('CMD ["scrapyd", "-u", "nobody"]', "given the user to switch to"),
        ('CMD ["app", "--socket", "/var/run/docker.sock"]', "Docker socket"),
        ('CMD ["/root/app"]', "the home directory of root"),
        ('WORKDIR /root/app\nCMD ["app"]', "the home directory of root"),
        ('RUN pip install --user flask\nCMD ["flask"]', "the home directory of root"),
        ('RUN cp -r x ~/.config\nCMD ["app"]', "the home directory of root"),
        ('ENV PATH=/root/.local/bin:$PATH\nCMD ["app"]', "the home directory of root"),
        ('RUN python3 /usr/lib/app/setup.py\nCMD ["app"]', "the files it writes belong to root"),
        ('VOLUME /etc/app\nCMD ["app"]', "the volume /etc/app"),
        ('RUN useradd a && useradd b\nCMD ["app"]', "which of them"),
        ('RUN useradd a && usermod -aG docker a\nCMD ["app"]', "group docker"),
        ('RUN groupadd app\nCMD ["app"]', "a group named app"),
        ('ONBUILD COPY . /app\nCMD ["app"]', "ONBUILD"),
        ('# docker run -v ~/.app:/root/.app app\nCMD ["app"]', "the home directory of root"),
        ('# docker run --privileged app\nCMD ["app"]', "--privileged"),
        ("CMD /opt/db --pidfile=/var/run/db.pid", "it uses /var/run/db.pid"),
        ('CMD ["/usr/sbin/murmurd"]', "murmurd is in sbin"),
        ('ENTRYPOINT ["tini", "--"]\nCMD ["python3"]', "a base image"),
        ('RUN apt-get install -y iptables curl\nCMD ["app"]', "iptables, which needs root"),
        (
            'ADD conf /.znc\nCMD ["znc", "-f"]',
            "/.znc is read as a file of root's home directory if that is /",
        ),
        ('CMD ["redis-server"]', "keeps its data where"),
        ("RUN apt-get update", "starts no program of its own"),
        ("CMD $APP run", "variable"),
        ('CMD ["certbot", "renew"]', "certbot needs root"),
        ('ENTRYPOINT ["tini", "--"]\nCMD ["php", "-a"]', "php without arguments waits for input"),
        ('CMD ["uv", "run", "app"]', "uv run may install"),
        ('CMD ["bash", "-c", "ntopng --http-port=3000"]', "ntopng starts as root"),
        ('CMD ["radiusd", "-f"]', "radiusd starts as root"),
        ("RUN apt-get install -y cron\nCMD app", "it installs cron, which has to be started as root"),
        ('CMD ["watchtower"]', "watchtower uses the Docker socket"),
        ('CMD ["bash", "-c", "/opt/app/bin/app start && tail -f /opt/app/log"]', "/opt/app/bin/app does"),
        ('CMD ["echo", "call one of its programs"]', "starts no program of its own"),
        ('RUN vagrant plugin install x\nCMD ["vagrant"]', "vagrant plugin installs into"),
        ('WORKDIR /root\nCMD ["app"]', "/root is the home directory of root"),
        ('# docker run -v "$(pwd)/x":/data app\nCMD ["app"]', "a host directory at /data, where only root"),
        ('# docker run -v /volumes/app:/data \\\n#   app\nCMD ["app"]', "a host directory at /data"),
        ('# docker run -v /tmp/.X11-unix:/tmp/.X11-unix app\nCMD ["app"]', "display"),
        ("# mount /etc/shadow, read-only\nCMD app", "/etc/shadow"),
    ],
)
def test_root_stays_where_it_may_be_needed_and_the_reason_is_told(end: str, told: str) -> None:
    assert told in reason(f"FROM debian:13\n{end}\n")


@pytest.mark.parametrize(
    "base", ["registry.access.redhat.com/ubi9/ubi-minimal:9.6", "some/image:1", "debian:${X}"]
)
def test_nobody_is_invented_on_a_base_that_is_not_known(base: str) -> None:
    text = f'FROM {base}\nCMD ["app"]\n'
    assert hardened(text).text == text


def test_ports_below_1024_are_a_caveat_and_no_hindrance() -> None:
    result = hardened('FROM node:22\nEXPOSE 80\nCMD ["node", "/x.js"]\n')
    assert "Docker 20.10" in result.applied[0].fix.caveat


def test_owner_is_written_before_other_flags_and_an_owner_that_is_there_stays() -> None:
    text = (
        "FROM node:22\nWORKDIR /app\nCOPY --chmod=755 bin ./bin\nCOPY --chown=0:0 conf ./conf\n"
        'COPY --link lib ./lib\nADD x.tar.gz ./\nADD ["a b", "./"]\nCMD ["node", "x.js"]\n'
    )
    assert added(text) == [
        "COPY --chown=node:node --chmod=755 bin ./bin",
        'ADD --chown=node:node ["a b", "./"]',
        "RUN chown node:node /app",
        "USER node",
    ]


def test_programs_and_settings_of_the_system_stay_those_of_root() -> None:
    text = (
        "FROM node:22\nWORKDIR /app\nCOPY tool /usr/local/bin/tool\nCOPY etc/ /etc/app/\nCOPY r.js /r.js\n"
        'CMD ["node", "/r.js"]\n'
    )
    assert added(text) == ["RUN chown node:node /app", "USER node"]


def test_packages_are_installed_by_root_where_their_cache_is_the_one_of_root() -> None:
    text = (
        "FROM node:22\nWORKDIR /app\nCOPY package.json ./\nRUN --mount=type=cache,target=/root/.npm npm ci\n"
        'COPY . .\nCMD ["node", "x.js"]\n'
    )
    lines = hardened(text).text.splitlines()
    assert lines.index("USER node") == len(lines) - 2


def test_packages_for_everybody_are_installed_before_root_goes() -> None:
    text = (
        "FROM node:22\nRUN npm install -g pm2\nWORKDIR /app\nCOPY . .\nRUN npm ci && npm run build\n"
        'CMD ["node", "x.js"]\n'
    )
    lines = hardened(text).text.splitlines()
    assert lines.index("RUN npm install -g pm2") < lines.index("USER node")
    assert lines[lines.index("USER node") + 1] == "RUN npm ci && npm run build"


@pytest.mark.parametrize("step", ['tar xzf x.tgz -C "$D"', "gzip -dc x.tgz | tar xC /opt"])
def test_what_root_unpacked_where_the_program_runs_is_handed_over_as_a_whole(step: str) -> None:
    text = f'FROM debian:13\nENV D=/opt\nRUN {step}\nWORKDIR $D/server/bin\nCMD ["java", "x"]\n'
    assert "    && chown -R app:app /opt/server" in added(text)


def test_key_that_a_step_of_root_makes_keeps_root() -> None:
    assert "only root can read the key" in reason('FROM debian:13\nRUN ssh-keygen -f /etc/key\nCMD ["app"]\n')


def test_user_of_the_base_that_a_step_takes_away_is_not_used() -> None:
    assert "deluser changes the user node" in reason('FROM node:22-alpine\nRUN deluser node\nCMD ["x"]\n')


def test_stage_of_thousands_of_steps_is_left_in_time() -> None:
    steps = "".join(f"RUN mkdir /srv/a{number} && rm -r /srv/b{number}\n" for number in range(2000))
    assert "too many steps" in reason(f'FROM debian:13\n{steps}CMD ["app"]\n')


def test_folder_that_is_in_the_base_already_is_handed_over_even_where_copy_fills_it() -> None:
    text = 'FROM debian:13\nCOPY . /usr/src\nWORKDIR /usr/src\nCMD ["app"]\n'
    assert added(text)[-2:] == ["RUN chown app:app /usr/src", "USER app"]


def test_entrypoint_before_a_bare_interpreter_does_not_make_it_a_program() -> None:
    text = (
        'FROM alpine:3.22\nRUN adduser -D node\nCOPY run.sh /usr/bin/\nENTRYPOINT ["run.sh"]\nCMD ["node"]\n'
    )
    assert hardened(text, run='#!/bin/sh\nexec "$@"\n').text == text
    started = text.replace('"node"]', '"node", "app.js"]')
    assert "USER node" in hardened(started, run='#!/bin/sh\nexec "$@"\n').text


def test_base_with_nothing_upon_it_is_left_to_those_who_build_on_it() -> None:
    assert "it adds no program to its base image" in reason("FROM php:8.4-apache\nRUN a2enmod rewrite\n")


def test_what_a_later_step_takes_away_is_not_handed_over() -> None:
    text = 'FROM debian:13\nRUN mkdir -p /srv/app/cache\nRUN rm -rf /srv/app\nCMD ["app"]\n'
    assert added(text) == [USERADD, "USER app"]


def test_what_the_same_run_takes_away_again_is_not_handed_over() -> None:
    build = "git clone https://x.example/a.git $D && make -C $D && rm -rf $D"
    assert added(f'FROM debian:13\nENV D=/usr/src/a\nRUN {build}\nCMD ["/usr/src/a/x"]\n')[-1] == "USER app"
    assert added(f'FROM debian:13\nENV D=/usr/src/a\nRUN {build}\nCMD ["/usr/src/a/x"]\n')[0] == USERADD


def test_files_in_a_folder_that_is_handed_over_go_with_it() -> None:
    text = "FROM debian:13\nRUN mkdir /srv/x\nRUN curl -o /srv/x/disk.img https://x.example/d\n"
    start = 'CMD ["qemu", "file=/srv/x/disk.img"]\n'
    assert "    && chown -R app:app /srv/x" in added(text + start)
    assert "    && chown -R app:app /srv/x" not in added(f"{text}RUN chown -R games /srv/x\n{start}")


def test_what_was_put_into_a_folder_is_of_no_concern_once_all_of_it_is_gone() -> None:
    text = "FROM tomcat:10.1\nARG W=/usr/local/tomcat/webapps\nRUN rm -rf $W/* && mv /tmp/x.war $W/ROOT.war\n"
    assert "    && chown app:app /usr/local/tomcat/webapps" in added(text)


@pytest.mark.parametrize("note", ["-v /srv/x:/data:ro", "-v /etc/localtime:/etc/localtime", "-v db:/data"])
def test_mounts_that_another_user_can_live_with_are_no_hindrance(note: str) -> None:
    assert "USER app" in added(f'FROM debian:13\n# docker run {note} app\nCMD ["app"]\n')


@pytest.mark.parametrize(
    ("step", "joint"),
    [("RUN a \\\n\t&& b", " \\\n\t&& "), ("RUN a && \\\n  b", " && \\\n  "), ("RUN a", " \\\n    && ")],
)
def test_commands_are_joined_as_the_file_joins_them(step: str, joint: str) -> None:
    result = hardened(f'FROM debian:13\n{step}\nWORKDIR /app\nCMD ["./app"]\n')
    assert f"{USERADD}{joint}chown app:app /app\nUSER app\n" in result.text


def test_comment_that_stood_apart_stays_apart() -> None:
    text = 'FROM debian:13\n\n# the start\nCMD ["app"]\n'
    assert hardened(text).text == f'FROM debian:13\n\n{USERADD}\nUSER app\n\n# the start\nCMD ["app"]\n'


def test_user_at_the_end_stands_apart_where_instructions_do() -> None:
    text = "FROM grafana/grafana:12.2.0\n\nUSER root\n\nRUN apk add --no-cache jq\n"
    assert hardened(text).text == f"{text}\nUSER 472\n"


def test_folder_of_programs_is_not_handed_over_though_the_start_names_it() -> None:
    text = "FROM debian:13\nRUN mkdir -p /opt/bin /opt/x && curl -o /opt/bin/x u && curl -o /opt/x/y u\n"
    assert added(f'{text}ENTRYPOINT ["/opt/bin/x"]\nCMD ["/opt/x/y"]\n') == [
        f"{USERADD} \\",
        "    && chown app:app /opt/x",
        "USER app",
    ]


def test_folder_that_a_step_made_is_handed_over_though_copy_fills_it_later() -> None:
    text = "FROM debian:13\nRUN mkdir -p /opt/x/conf\nCOPY y/ /opt/x/\nWORKDIR /opt/x\nCMD ./x\n"
    assert added(text)[-2:] == ["RUN chown app:app /opt/x", "USER app"]


def test_folder_that_was_moved_into_place_is_handed_over() -> None:
    text = "FROM tomcat:9.0.30\nRUN rmdir webapps && mv webapps.dist webapps\n"
    assert "    && chown app:app /usr/local/tomcat/webapps" in added(text)


def test_what_a_build_by_root_left_is_handed_over() -> None:
    text = "FROM node:22\nCOPY . /usr/src\nRUN cd /usr/src && npm ci && npm run build\nWORKDIR /usr/src\n"
    assert "RUN chown -R node:node /usr/src" in added(f'{text}CMD ["npm", "start"]\n')


def test_volume_that_root_removed_before_is_made_anew_for_its_user() -> None:
    text = 'FROM debian:13\nRUN rm -r /opt/db/data\nVOLUME /opt/db/data\nCMD ["/opt/db/bin/db"]\n'
    assert "    && chown app:app /opt/db/data" in added(text)


def test_user_of_the_file_is_not_named_before_it_is_made() -> None:
    text = (
        "FROM debian:13\nWORKDIR /app\nCOPY a ./\nRUN useradd --user-group worker\nCOPY b ./\n"
        'CMD ["/usr/bin/app"]\n'
    )
    assert added(text) == ["COPY --chown=worker:worker b ./", "RUN chown worker:worker /app", "USER worker"]


def test_root_named_last_is_exchanged_and_root_with_work_to_do_is_followed() -> None:
    last = hardened('FROM grafana/grafana:12.2.0\nUSER root\nEXPOSE 3000\nCMD ["--x"]\n')
    assert last.text == 'FROM grafana/grafana:12.2.0\nUSER 472\nEXPOSE 3000\nCMD ["--x"]\n'
    text = "FROM grafana/grafana:12.2.0\nUSER 0:0\nRUN apk add --no-cache jq"
    assert hardened(text).text == f"{text}\nUSER 472"


def test_lines_are_written_as_the_file_writes_its_own() -> None:
    text = 'FROM debian:13\r\n  WORKDIR /app\r\n  # all of it\r\n  COPY . .\r\n  CMD ["./app"]'
    assert hardened(text).text == (
        f"FROM debian:13\r\n  WORKDIR /app\r\n  {USERADD} \\\r\n      && chown app:app /app\r\n"
        '  # all of it\r\n  COPY --chown=app:app . .\r\n  USER app\r\n  CMD ["./app"]'
    )


def test_heredoc_before_the_start_is_not_torn() -> None:
    text = 'FROM debian:13\nRUN <<EOF\necho hi\nEOF\nCMD ["app"]\n'
    assert (
        hardened(text).text == f'FROM debian:13\nRUN <<EOF\necho hi\nEOF\n{USERADD}\nUSER app\nCMD ["app"]\n'
    )


def test_stage_that_others_build_on_is_left_alone() -> None:
    text = 'FROM node:22 AS base\nWORKDIR /app\nCOPY . .\nFROM base\nRUN npm ci\nCMD ["node", "x.js"]\n'
    assert hardened(text).text == text.replace(
        "RUN npm ci\n", "RUN npm ci\nRUN chown node:node /app\nUSER node\n"
    )


@pytest.mark.parametrize("tag", ["5.6.38-apache", "7.2.1-fpm", "7.0-apache"])
def test_server_of_php_that_could_not_be_started_by_others_stays_with_root(tag: str) -> None:
    assert "too old" in reason(f"FROM php:{tag}\nCOPY src/ /var/www/html/\n")


@pytest.mark.parametrize("tag", ["7.2.15-apache", "7.1.33-fpm", "7.3.0-apache", "8-apache", "7.1-fpm"])
def test_server_of_php_is_started_by_its_own_user_since_that_is_possible(tag: str) -> None:
    assert added(f"FROM php:{tag}\nCOPY src/ /var/www/html/\n") == ["USER www-data"]


def test_tomcat_may_unpack_what_is_put_into_its_folder() -> None:
    assert added("FROM tomcat:10.1\nCOPY app.war /usr/local/tomcat/webapps/\n") == [
        f"{USERADD} \\",
        "    && chown app:app /usr/local/tomcat/webapps",
        "USER app",
    ]


def test_script_may_write_to_a_volume_which_is_handed_over() -> None:
    text = 'FROM debian:13\nCOPY start.sh /\nVOLUME /data\nENTRYPOINT ["/start.sh"]\n'
    assert "USER app" in hardened(text, start="#!/bin/sh\ntouch /data/x\nexec app\n").text
    assert hardened(text, start="#!/bin/sh\ntouch /other/x\nexec app\n").text == text


STARTS_SCRIPT = 'FROM debian:13\nWORKDIR /app\nCOPY start.sh /\nENTRYPOINT ["/start.sh"]\nCMD ["app"]\n'


@pytest.mark.parametrize(
    "script",
    [
        '#!/bin/bash\nset -e\nwait-for-it.sh db:5432 -- echo up\npython app.py migrate\nexec "$@"\n',
        "#!/bin/sh\necho $KEY > ~/.key\nexec app\n",
        "#!/usr/bin/env sh\nmkdir -p tmp/pids && rm -f tmp/pids/server.pid\nexec app > /tmp/log 2>&1\n",
    ],
)
def test_script_that_lies_in_the_context_and_needs_no_root_is_no_hindrance(script: str) -> None:
    assert "USER app\nENTRYPOINT" in hardened(STARTS_SCRIPT, start=script).text


@pytest.mark.parametrize(
    ("script", "told"),
    [
        ('#!/bin/sh\nchown -R app /data\nexec gosu app "$@"\n', "chown needs root"),
        ("#!/bin/sh\nservice cron start\nexec app\n", "service needs root"),
        ("#!/bin/sh\nsed -i s/a/b/ /etc/app.conf\nexec app\n", "writes /etc/app.conf"),
        ("#!/bin/sh\nsed -e s/a/b/ -e s/c/d/ -i /etc/x.conf\nexec app\n", "writes /etc/x.conf"),
        ("#!/bin/sh\necho $KEY > /root/.key\nexec app\n", "writes /root/.key"),
        ('#!/bin/sh\necho $KEY > "$FILE"\nexec app\n', "writes $FILE"),
        ("#!/bin/sh\n. /lib/more.sh\nexec app\n", "/lib/more.sh, whose content is not known"),
        ("#!/bin/sh\n/setup.sh\nexec app\n", "/setup.sh, whose content is not known"),
        ("#!/bin/sh\nexec $APP\n", "is a variable"),
        ("#!/usr/bin/python3\nimport os\n", "not a shell script"),
    ],
)
def test_script_that_needs_root_keeps_it(script: str, told: str) -> None:
    result = hardened(STARTS_SCRIPT, start=script)
    assert result.text == STARTS_SCRIPT
    assert result.left[0].unfixed is not None
    assert told in result.left[0].unfixed.reason


def test_script_is_found_behind_a_copy_of_the_whole_context() -> None:
    text = 'FROM debian:13\nWORKDIR /app\nCOPY . .\nCMD ["sh", "start.sh"]\n'
    assert "USER app" in hardened(text, start="exec app\n").text
    assert hardened(text).text == text


def test_folder_is_made_behind_the_step_of_the_file_that_makes_the_one_around_it() -> None:
    text = (
        "FROM debian:13-slim\nCOPY conf/ /conf/\nRUN mkdir /store\nCOPY app /store/app\n"
        'VOLUME ["/store/data", "/store/log"]\nCMD ["/store/app"]\n'
    )
    lines = hardened(text).text.splitlines()
    making = next(at for at, line in enumerate(lines) if "mkdir -p /store/data /store/log" in line)
    assert lines.index("RUN mkdir /store") < making < lines.index('VOLUME ["/store/data", "/store/log"]')


def test_volume_that_a_later_step_makes_itself_is_not_made_before() -> None:
    text = "FROM debian:13-slim\nVOLUME /store\nRUN mkdir /store\nCOPY app /app\nCMD /app --in /store\n"
    assert reason(text) == "a step below the place where /store must be made makes it itself"


def test_stage_that_went_back_to_root_and_starts_nothing_stays_root() -> None:
    text = "FROM alpine:3.22\nRUN adduser -D app\nUSER app\nRUN true\nUSER root\n"
    assert "starts no program of its own" in reason(text)


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ('fs.mkdirSync("/var/lib/shop")', "/x.mjs writes /var/lib/shop, which belongs to root"),
        ("open('/etc/shop.conf', 'w')", "/x.mjs writes /etc/shop.conf, which belongs to root"),
        ('fs.readFileSync("/etc/os-release")', None),
        ('fs.writeFileSync("/tmp/x")', None),
    ],
)
def test_program_in_sight_that_writes_where_only_root_may_keeps_root(line: str, told: str | None) -> None:
    text = 'FROM node:24-slim\nCOPY x.mjs /x.mjs\nCMD ["node", "/x.mjs"]\n'
    result = hardened(text, x_mjs=line)
    if told is None:
        assert "USER node" in result.text
    else:
        assert result.text == text
        assert result.left[0].unfixed is not None
        assert result.left[0].unfixed.reason == told


@pytest.mark.parametrize(
    "step", ["RUN mkdir /data && chown www-data /data", "COPY --chown=www-data:www-data d /data"]
)
def test_files_that_are_given_to_somebody_else_say_who_is_meant(step: str) -> None:
    text = f'FROM debian:13-slim\n{step}\nCMD ["sh", "-c", "touch /data/ready; exec sleep 9"]\n'
    assert reason(text) == "a step gives files to www-data, who may be meant to run it"
