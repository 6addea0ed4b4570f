"""Writes classes in the form that mypyc makes fast: data classes whose attributes the compiler knows.

As _writeout.py for the ordinary wheel, with two differences. A data class keeps only what mypyc compiles: its
annotations, `__init__`, `__eq__` and `__hash__`; `_plain.complete` puts the rest on the class when its module
is imported. Named tuples stay ordinary classes, which a decorator tells mypyc; their methods are compiled all
the same.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from pathlib import Path

from dockerlint._methods import Field, indented, names_of
from dockerlint._writeout import Writer, annotated, end_of_fields, modules_of, text_of

_ORDINARY = "@_plain.ordinary\n"


def write_native(folder: Path) -> dict[str, str]:
    """Path below `folder`, a package called as it is, to the text of each module as mypyc takes it."""
    modules = modules_of(folder)
    package = {one.name: one for one in modules.values()}
    return {path: _NativeWriter(one, package).text() for path, one in modules.items()}


class _NativeWriter(Writer):
    """Writes one module."""

    def text(self) -> str:
        if self._module.classes:
            first = next(one for one in self._module.tree.body if isinstance(one, ast.ImportFrom))
            self._put_below(first.end_lineno or 0, "from dockerlint import _plain\n")
        return super().text()

    def _class(self, node: ast.ClassDef) -> None:
        super()._class(node)
        declared = {"fields": _hints(node), "answers": _answers(node)}
        if node.name in self._module.classes and any(declared.values()):
            told = ", ".join(f"{name}={hints!r}" for name, hints in declared.items())
            self._put_below(node.end_lineno or 0, f"_plain.declare({node.name}, {told})\n")

    def _named_tuple(self, node: ast.ClassDef) -> None:
        fields = [Field(ast.unparse(one.target), text_of(one.value)) for one in annotated(node)]
        self._put_line(node.lineno, f"{_ORDINARY}class {node.name}(tuple):")
        self._body(node, _tuple_methods(fields), keep_defaults=False)

    def _data_class(self, node: ast.ClassDef, options: set[str]) -> None:
        own = {one.name: one for one in self._fields(self._module, node)}
        every = {one.name: one for one in self._inherited(self._module, node)} | own
        written = self._written(self._module, node)
        types = {name: hint for name, hint in _hints(node).items() if name in own}
        self._drop(node.decorator_list[0])
        for one in annotated(node):
            self._declare(node, one)
        fields = list(every.values())
        methods = indented(_methods(node.name, fields, types, options, written))
        completion = _completion(node, fields, options, written)
        self._put_below(end_of_fields(node), methods)
        for method in _cached(node):
            self._keep(method)
        self._put_below(node.end_lineno or 0, completion)

    def _keep(self, method: ast.FunctionDef) -> None:
        """A cached_property needs a `__dict__`: here it is an attribute, made when it is first asked for."""
        self._drop(method.decorator_list[0])
        line = self._module.text.splitlines()[method.lineno - 1]
        self._put_line(method.lineno, line.replace(f"def {method.name}(", f"def _made_{method.name}("))
        hint = ast.unparse(method.returns) if method.returns else "_plain.Any"
        self._put_below(method.end_lineno or 0, indented(_kept(method.name, hint)))

    def _declare(self, node: ast.ClassDef, field: ast.AnnAssign) -> None:
        """A native attribute has one type in all classes: where they differ it is any, declared once."""
        name = ast.unparse(field.target)
        if name in {one.name for one in self._inherited(self._module, node)}:
            self._put(field, "    pass")
        elif name in self._declared_again(node.name):
            self._put(field, f"    {name}: _plain.Any")
        else:
            self._put(field, f"    {name}: {ast.unparse(field.annotation)}")

    def _declared_again(self, name: str) -> set[str]:
        """The fields of a class that classes made from it declare, too."""
        below = [
            one
            for module in self._package.values()
            for one in module.classes.values()
            if name in map(ast.unparse, one.bases)
        ]
        return {ast.unparse(field.target) for one in below for field in annotated(one)}.union(
            *(self._declared_again(one.name) for one in below)
        )


def _hints(node: ast.ClassDef) -> dict[str, str]:
    """Name to annotation of everything that a class declares."""
    declared = (one for one in node.body if isinstance(one, ast.AnnAssign))
    return {ast.unparse(one.target): ast.unparse(one.annotation) for one in declared}


def _answers(node: ast.ClassDef) -> dict[str, str]:
    """Name of each property to the annotation of what it gives."""
    return {
        one.name: ast.unparse(one.returns)
        for one in node.body
        if isinstance(one, ast.FunctionDef)
        and one.returns
        and any(ast.unparse(mark) in ("property", "cached_property") for mark in one.decorator_list)
    }


def _cached(node: ast.ClassDef) -> list[ast.FunctionDef]:
    return [
        one
        for one in node.body
        if isinstance(one, ast.FunctionDef)
        and [ast.unparse(mark) for mark in one.decorator_list] == ["cached_property"]
    ]


def _kept(name: str, hint: str) -> Iterator[str]:
    """The attribute and the property in place of a cached_property."""
    yield f"_kept_{name}: _plain.Any = _plain.ABSENT"
    yield "@property"
    yield f"def {name}(self) -> {hint}:"
    yield f"    if self._kept_{name} is _plain.ABSENT:"
    yield f"        self._kept_{name} = self._made_{name}()"
    yield f"    found: {hint} = self._kept_{name}"
    yield "    return found"


def _methods(
    name: str, fields: list[Field], types: Mapping[str, str], options: set[str], written: set[str]
) -> Iterator[str]:
    given = [one for one in fields if one.init]
    names = names_of(one.name for one in given if not one.kw_only)
    yield f"__match_args__: _plain.ClassVar[tuple[str, ...]] = {names}"
    placed = [_parameter(one, types) for one in given if not one.kw_only]
    named = [_parameter(one, types) for one in given if one.kw_only]
    yield f"def __init__({', '.join(['self', *placed, *(['*', *named] if named else [])])}) -> None:"
    body = [f"    self.{one.name} = {value}" for one in fields if (value := one.value(slots=True))]
    yield from body
    if "__post_init__" in written:
        yield "    self.__post_init__()"
    elif not body:
        yield "    pass"
    compared = [one.name for one in fields if one.compare]
    if "__eq__" not in written:
        yield "def __eq__(self, other: object) -> bool:"
        yield "    if self is other:"
        yield "        return True"
        yield "    if type(other) is not type(self):"
        yield "        return NotImplemented"
        yield f"    assert isinstance(other, {name})"
        yield f"    return {_values('self', compared)} == {_values('other', compared)}"
    if "frozen" in options and "__hash__" not in written:
        yield "def __hash__(self) -> int:"
        yield f"    return hash({_values('self', compared)})"


def _values(of: str, names: list[str]) -> str:
    return "(" + "".join(f"{of}.{name}, " for name in names) + ")"


def _parameter(field: Field, types: Mapping[str, str]) -> str:
    """A parameter with its type, where the names in it are known to mean the same here."""
    name, _, default = field.parameter.partition("=")
    if field.made or name not in types:
        return field.parameter
    return f"{name}: {types[name]}" + (f" = {default}" if default else "")


def _completion(node: ast.ClassDef, fields: list[Field], options: set[str], written: set[str]) -> str:
    """What is done to a class once it is made."""
    names = [one.name for one in fields]
    shown = [one.name for one in fields if one.repr]
    given = [one.name for one in fields if one.init]
    kept = sorted(written & {"__repr__", "__hash__"})
    lists = ", ".join(map(names_of, (names, shown, given, kept)))
    return f"_plain.complete({node.name}, {lists}, {'frozen' in options})\n"


def _tuple_methods(fields: list[Field]) -> Iterator[str]:
    """As for the ordinary wheel, one name a statement, and nothing asked of a function."""
    names = names_of(one.name for one in fields)
    yield "__slots__ = ()"
    yield f"_fields = {names}"
    yield f"__match_args__ = {names}"
    yield f"def __new__({', '.join(['_cls', *(one.parameter for one in fields)])}):"
    yield f"    return _plain_new_tuple(_cls, ({''.join(f'{one.name}, ' for one in fields)}))"
    defaults = (f"{one.name!r}: {one.default}" for one in fields if one.default)
    yield f"_field_defaults: _plain.Any = {{{', '.join(defaults)}}}"
    for at, one in enumerate(fields):
        yield f'{one.name} = _plain.place({at}, "Alias for field number {at}")'
    for name, value in _SHARED.items():
        yield f"{name} = _plain.{value}"


_SHARED = {
    "_make": "make",
    "_replace": "replaced",
    "_asdict": "as_dict",
    "__repr__": "show_tuple",
    "__getnewargs__": "new_arguments",
}
