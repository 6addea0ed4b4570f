"""Hypothesis strategies for Dockerfiles that try hard to be misread."""

from __future__ import annotations

from hypothesis import strategies as st

_BLANKS = st.sampled_from(["", " ", "  ", "\t"])
_PLAIN = [
    "a",
    "./x",
    "-y",
    "'q'",
    "it's",
    "&&",
    "|",
    ";",
    "$V",
    "${V}",
    "${V:-d}",
    "${x[@]}",
    "#",
    "a#b",
    "\\",
    "\\\\",
    "`",
    "[",
    "]",
    "<",
    "<<",
    "<<<",
    "=",
    "K=v",
    "é",
    "--f=1",
]
_WORDS = st.sampled_from([*_PLAIN, "b c", '"d q"', '"open', "# no", '["a", "b"]', '["a",'])
_DELIMITERS = st.sampled_from(["EOF", "E2", "é", "EOF)", "a.b"])
_SINGLE = [
    "RUN",
    "RUN",
    "run",
    "Copy",
    "ADD",
    "CMD",
    "ENTRYPOINT",
    "USER",
    "WORKDIR",
    "EXPOSE",
    "VOLUME",
    "STOPSIGNAL",
    "MAINTAINER",
]
_KEYWORDS = st.sampled_from([*_SINGLE, "ONBUILD RUN", "onbuild copy", "HEALTHCHECK CMD"])
_BODY_LINES = st.sampled_from(
    [*["x", "EOFX", "<<EOF"], "", "# c", "  # c", "RUN no", "FROM no", " EOF", "EOF ", "\tEOF", "y \\"]
)
_JOINTS = st.sampled_from(
    [" \\\n", "\\\n", " \\ \t\n", " \\\n\n", " \\\n  \n", " \\\n# c\n", " \\\n # c \\\n", "\\\\\n", " `\n"]
)


@st.composite
def instructions(draw: st.DrawFn) -> str:
    """One instruction, continued, commented and interrupted in every way that Docker takes."""
    parts = [draw(_BLANKS), draw(_KEYWORDS)]
    for _ in range(draw(st.integers(1, 4))):
        parts += [draw(st.one_of(st.just(" "), _JOINTS)), draw(_WORDS)]
    return "".join(parts) + "\n"


@st.composite
def heredocs(draw: st.DrawFn) -> str:
    """RUN, COPY or ADD with one or two heredocs, well formed or nearly."""
    keyword = draw(st.sampled_from(["RUN", "COPY", "ADD", "onbuild run", 'RUN echo "', "RUN '", "CMD"]))
    names = draw(st.lists(_DELIMITERS, min_size=1, max_size=2))
    text, bodies = keyword, ""
    for name in names:
        dash = draw(st.sampled_from(["", "-"]))
        before = draw(st.sampled_from(["", "", "3", "x"]))
        spelling = draw(st.sampled_from(["{}", '"{}"', "'{}'", "\\{}", "{}x", " {}", '"{}']))
        text += draw(st.sampled_from([" ", " \\\n ", "\t"])) + before + "<<" + dash + spelling.format(name)
        lines = draw(st.lists(_BODY_LINES, max_size=3))
        tabs = "\t" if dash and draw(st.booleans()) else ""
        bodies += "".join(line + "\n" for line in lines) + tabs + name + "\n"
    return text + draw(st.sampled_from(["", " /f", " > /f", " bash"])) + "\n" + bodies


_PIECES = st.one_of(
    instructions(),
    heredocs(),
    st.sampled_from(["\n", "# comment\n", "  # comment \\\n", "#\n", " \t\n", "FROM a\n", "from b AS c\n"]),
    st.sampled_from(["ENV a=b \\\n# c\n  c='d e' f=\"g h\"\n", "label k=v \\\n\n l=w\n", "ARG\ta=b c\n"]),
)
_HEADS = st.sampled_from(
    ["", "# escape=`\n", "# syntax=x\n# escape=`\n", "#escape=\\\n", "# none\n# escape=`\n", "\n# escape=`\n"]
)


@st.composite
def dockerfiles(draw: st.DrawFn) -> str:
    """A whole file: directives, stages, instructions, heredocs; either line end, final newline or none."""
    text = draw(_HEADS) + "FROM a\n" + "".join(draw(st.lists(_PIECES, max_size=8)))
    if draw(st.booleans()):
        text = text.replace("\n", "\r\n")
    return text.rstrip("\r\n") if draw(st.booleans()) else text
