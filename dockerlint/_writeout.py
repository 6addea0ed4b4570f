"""Writes data classes and named tuples out as the plain classes that they stand for.

The sources use `dataclasses.dataclass` and `typing.NamedTuple`, which write and compile the methods of each
class at every start, and load `inspect` to do so: more than half of the start of a check. So the build does
it once, for the wheel: `write_out` puts what the standard library would generate behind the last field of
such a class, and leaves other lines as they stand. What it cannot write out faithfully it refuses with
NotWritable, which fails the build.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import NamedTuple

from dockerlint._methods import Field, data_methods, indented, names_of, tuple_methods

_IMPORTS = (
    "from dockerlint import _plain",
    "from dockerlint._plain import new_tuple as _plain_new_tuple, put as _plain_put",
)
_LITERAL_FACTORIES = {"dict": "{}", "list": "[]"}
_OPTIONS = {"frozen", "slots", "kw_only"}


class NotWritable(Exception):
    """A class, or a use of the standard library, that this module has no plain form for."""

    def __init__(self, where: str, node: ast.AST, what: str) -> None:
        super().__init__(f"{where}:{getattr(node, 'lineno', 0)}: {what}")


class LineEdit(NamedTuple):
    """Lines from `start` up to `end`, counted from 0, become `text`."""

    start: int
    end: int
    text: str


@dataclass
class Module:
    """A module of the package with its data classes."""

    name: str
    text: str
    tree: ast.Module = field(init=False)
    classes: dict[str, ast.ClassDef] = field(init=False)
    imported: dict[str, tuple[str, str]] = field(default_factory=dict)
    """Name in this module to the module and the name there."""

    def __post_init__(self) -> None:
        self.tree = ast.parse(self.text)
        self.classes = {one.name: one for one in self.tree.body if isinstance(one, ast.ClassDef)}
        for node in self.tree.body:
            if isinstance(node, ast.ImportFrom) and node.module:
                for one in node.names:
                    self.imported[one.asname or one.name] = (node.module, one.name)


def write_out(folder: Path) -> dict[str, str]:
    """Path below `folder`, a package called as it is, to the new text of each module that changes."""
    modules = modules_of(folder)
    package = {one.name: one for one in modules.values()}
    texts = {path: Writer(one, package).text() for path, one in modules.items()}
    return {path: text for path, text in texts.items() if text != modules[path].text}


def modules_of(folder: Path) -> dict[str, Module]:
    """Path below `folder` to each module that the wheel holds, those aside that serve the build."""
    modules = {}
    for path in sorted(folder.rglob("*.py")):
        relative = path.relative_to(folder.parent)
        name = ".".join(relative.with_suffix("").parts).removesuffix(".__init__")
        if not path.name.startswith("_") or path.name == "__init__.py":
            modules[relative.relative_to(folder.name).as_posix()] = Module(name, path.read_text("utf-8"))
    return modules


class Writer:
    """Writes one module."""

    def __init__(self, module: Module, package: Mapping[str, Module]) -> None:
        self._module, self._package = module, package
        self._edits: list[LineEdit] = []

    def text(self) -> str:
        for node in ast.walk(self._module.tree):
            if isinstance(node, ast.ClassDef):
                self._class(node)
            elif isinstance(node, ast.ImportFrom) and node.module in ("dataclasses", "typing"):
                self._import(node)
            elif isinstance(node, ast.Import) and any(one.name == "dataclasses" for one in node.names):
                raise NotWritable(self._module.name, node, "import names from dataclasses, not the module")
        lines = self._module.text.splitlines(keepends=True)
        in_order = sorted(self._edits, key=lambda one: (one.start, one.end))
        for edit in in_order[::-1]:  # of several texts for one place the first comes to stand first
            lines[edit.start : edit.end] = [edit.text]
        text = "".join(lines)
        self._check(text)
        return text

    def _check(self, text: str) -> None:
        """Nothing of what was imported may be left."""
        gone = {name for name in ("dataclass", "field", "NamedTuple") if name in self._module.imported}
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.Name) and node.id in gone:
                raise NotWritable(self._module.name, node, f"a use of {node.id} that has no plain form")

    def _import(self, node: ast.ImportFrom) -> None:
        names = [one.name for one in node.names]
        if any(
            one.asname for one in node.names if one.name in ("dataclass", "field", "replace", "NamedTuple")
        ):
            raise NotWritable(self._module.name, node, "import it under its own name")
        if node.module == "dataclasses":
            unknown = set(names) - {"dataclass", "field", "replace"}
            if unknown:
                raise NotWritable(self._module.name, node, f"{', '.join(unknown)} has no plain form")
            new = [*_IMPORTS, *(["from dockerlint._plain import replace"] if "replace" in names else [])]
        elif "NamedTuple" in names:
            kept = ", ".join(ast.unparse(one) for one in node.names if one.name != "NamedTuple")
            new = [*([f"from typing import {kept}"] if kept else []), *_IMPORTS]
        else:
            return
        self._put(node, "\n".join(new))

    def _class(self, node: ast.ClassDef) -> None:
        options = dataclass_options(node)
        is_tuple = any(ast.unparse(base) == "NamedTuple" for base in node.bases)
        if options is None and not is_tuple:
            return
        if node.name not in self._module.classes or len(node.decorator_list) > 1 or node.keywords:
            raise NotWritable(self._module.name, node, f"{node.name}: it must be at the top, with no more")
        if is_tuple:
            self._named_tuple(node)
        elif options is not None:
            self._data_class(node, options)

    def _named_tuple(self, node: ast.ClassDef) -> None:
        if len(node.bases) > 1:
            raise NotWritable(self._module.name, node, f"{node.name}: a named tuple has no other base")
        fields = [Field(ast.unparse(one.target), text_of(one.value)) for one in annotated(node)]
        self._put_line(node.lineno, f"class {node.name}(tuple):")
        self._body(node, tuple_methods(fields), keep_defaults=False)

    def _data_class(self, node: ast.ClassDef, options: set[str]) -> None:
        own = {one.name: one for one in self._fields(self._module, node)}
        inherited = {one.name: one for one in self._inherited(self._module, node)}
        slots, every, methods = "slots" in options, inherited | own, []
        if slots:
            methods.append(f"__slots__ = {names_of(name for name in own if name not in inherited)}")
        else:  # a default is a class variable, too: one object
            every |= {name: replace(one, default=name) for name, one in own.items() if one.default}
        methods += data_methods(list(every.values()), options, self._written(self._module, node))
        self._drop(node.decorator_list[0])
        self._body(node, methods, keep_defaults=not slots)

    def _body(self, node: ast.ClassDef, methods: Iterable[str], keep_defaults: bool) -> None:
        """Take the values from the fields of a class, and put the methods behind the last of them."""
        fields = annotated(node)
        for one in fields:
            default = _default(one.value) if keep_defaults else None
            if one.value is not default:
                hint = f"    {ast.unparse(one.target)}: {ast.unparse(one.annotation)}"
                self._put(one, f"{hint} = {text_of(default)}" if default else hint)
        self._put_below(end_of_fields(node), indented(methods))

    def _put(self, node: ast.stmt, text: str) -> None:
        self._edits.append(LineEdit(node.lineno - 1, node.end_lineno or 0, text + "\n"))

    def _put_line(self, number: int, text: str) -> None:
        self._edits.append(LineEdit(number - 1, number, text + "\n"))

    def _put_below(self, number: int, text: str) -> None:
        self._edits.append(LineEdit(number, number, text))

    def _drop(self, node: ast.expr) -> None:
        self._edits.append(LineEdit(node.lineno - 1, node.end_lineno or 0, ""))

    def _inherited(self, module: Module, node: ast.ClassDef) -> list[Field]:
        """The fields of the data classes below, the lowest first."""
        found: dict[str, Field] = {}
        for base in reversed(node.bases):
            below = self._find(module, base)
            if below is not None and dataclass_options(below[1]) is not None:
                for one in (*self._inherited(*below), *self._fields(*below)):
                    found[one.name] = self._portable(*below, one)
        return list(found.values())

    def _portable(self, module: Module, node: ast.ClassDef, one: Field) -> Field:
        """A field of a data class below, with values that mean the same in the module being written."""
        for text in (one.default, one.made.removesuffix("()")):
            origin = module.imported.get(text)
            if origin is None or origin != self._module.imported.get(text):
                try:
                    ast.literal_eval(text or "None")
                except ValueError:
                    problem = f"{one.name}: an inherited default must be a literal or imported alike"
                    raise NotWritable(module.name, node, problem) from None
        return one

    def _written(self, module: Module, node: ast.ClassDef) -> set[str]:
        """The methods that a class defines itself, and a check after making that it inherits."""
        own = {one.name for one in node.body if isinstance(one, ast.FunctionDef)}
        below = (self._written(*found) for base in node.bases if (found := self._find(module, base)))
        return own | ({"__post_init__"} & set().union(*below))

    def _find(self, module: Module, base: ast.expr) -> tuple[Module, ast.ClassDef] | None:
        """The definition of a base in this package."""
        name = ast.unparse(base)
        if name in module.imported and module.imported[name][0] in self._package:
            module, name = self._package[module.imported[name][0]], module.imported[name][1]
        return (module, module.classes[name]) if name in module.classes else None

    def _fields(self, module: Module, node: ast.ClassDef) -> list[Field]:
        options = dataclass_options(node) or set()
        return [_field(module, one, "kw_only" in options) for one in annotated(node)]


def annotated(node: ast.ClassDef) -> list[ast.AnnAssign]:
    """The fields of a class; class variables are none."""
    return [
        one
        for one in node.body
        if isinstance(one, ast.AnnAssign) and not ast.unparse(one.annotation).startswith("ClassVar")
    ]


def dataclass_options(node: ast.ClassDef) -> set[str] | None:
    """The options of `@dataclass` that are on; None for another class."""
    for one in node.decorator_list:
        name, _, _ = ast.unparse(one).partition("(")
        if name == "dataclass":
            keywords = one.keywords if isinstance(one, ast.Call) else []
            options = {str(key.arg) for key in keywords if ast.unparse(key.value) == "True"}
            if options - _OPTIONS or len(options) != len(keywords):
                raise NotWritable(node.name, node, f"options of @dataclass other than {_OPTIONS}")
            return options
    return None


def _field(module: Module, node: ast.AnnAssign, kw_only: bool) -> Field:
    name, value = ast.unparse(node.target), node.value
    if not (isinstance(value, ast.Call) and ast.unparse(value.func) == "field"):
        return Field(name, text_of(value), kw_only=kw_only)
    given = {str(one.arg): one.value for one in value.keywords}
    made = _made(given.pop("default_factory", None))
    default = text_of(given.pop("default", None))
    flags = {key: ast.literal_eval(one) for key, one in given.items()}
    try:
        return Field(name, default, made, **{"kw_only": kw_only, **flags})
    except TypeError as error:
        raise NotWritable(module.name, node, f"{name}: {error}") from None


def _made(factory: ast.expr | None) -> str:
    """The value that a factory makes, as text."""
    if factory is None:
        return ""
    if isinstance(factory, ast.Lambda):
        return text_of(factory.body)
    name = ast.unparse(factory)
    return _LITERAL_FACTORIES.get(name, f"{name}()")


def end_of_fields(node: ast.ClassDef) -> int:
    """The number of lines up to the end of the last field, with the text that describes it."""
    fields = annotated(node)
    at = node.body.index(fields[-1]) if fields else 0
    below = node.body[at + 1 : at + 2]
    if fields and below and isinstance(below[0], ast.Expr):
        at += 1
    return node.body[at].end_lineno or 0


def _default(value: ast.expr | None) -> ast.expr | None:
    """The value that a field has as a class variable, where it has one."""
    if isinstance(value, ast.Call) and ast.unparse(value.func) == "field":
        return next((one.value for one in value.keywords if one.arg == "default"), None)
    return value


def text_of(value: ast.expr | None) -> str:
    return "" if value is None else ast.unparse(value)
