"""Write which errors each operation of the API may answer with, as the code raises them.

Every function's own `raise` statements are read, then those of the functions, methods and dependencies that it names,
less what it catches. A method of an object whose class is not plain from the code is taken to be any method of that name
in the modules that are imported. So an error too many may be found, and seldom one too few.
"""

import ast
import json
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from bankimport.app import create_app
from bankimport.openapi.errors import FILE
from fastapi import FastAPI
from fastapi.routing import APIRoute
from starlette.routing import BaseRoute

SOURCE = FILE.parents[2]
ROOT = "bankimport.errors.BankImportError"
LEFT_OUT = {"cli", "versions"}
NAMED_ALIKE = 2
"""A name of more methods than this says nothing about which is called."""
OF_LIBRARIES = frozenset(
    """
    get add close put send read write execute all one items values keys update pop append join split of run
    commit flush clear take call start stop end wait begin release copy format match list
    """.split()  # noqa: SIM905
)

Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass
class Use:
    """A name that a function uses or an error that it raises, and what is caught around it."""

    target: str
    caught: tuple[str, ...]
    is_raised: bool = False


@dataclass
class Code:
    """The parsed package."""

    modules: dict[str, ast.Module] = field(default_factory=dict)
    functions: dict[str, tuple[str, Function]] = field(default_factory=dict)
    classes: dict[str, tuple[str, ast.ClassDef]] = field(default_factory=dict)
    values: dict[str, tuple[str, ast.expr]] = field(default_factory=dict)
    imported: dict[str, dict[str, str]] = field(default_factory=lambda: defaultdict(dict))
    methods: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    _being_named: set[str] = field(default_factory=set)

    def add(self, module: str, tree: ast.Module) -> None:
        """Take a module's names."""
        self.modules[module] = tree
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom) and node.module:
                for name in node.names:
                    self.imported[module][name.asname or name.name] = f"{node.module}.{name.name}"
        self._add_body(module, module, tree.body)

    def _add_body(self, module: str, prefix: str, body: list[ast.stmt]) -> None:
        for node in body:
            match node:
                case ast.FunctionDef() | ast.AsyncFunctionDef():
                    self.functions[f"{prefix}.{node.name}"] = module, node
                    self._add_body(module, f"{prefix}.{node.name}.<locals>", node.body)
                case ast.ClassDef():
                    self.classes[f"{prefix}.{node.name}"] = module, node
                    self._add_body(module, f"{prefix}.{node.name}", node.body)
                    for item in node.body:
                        if isinstance(item, Function):
                            self.methods[item.name].append(f"{prefix}.{node.name}.{item.name}")
                case ast.Assign(targets=[ast.Name(id=name)], value=value):
                    self.values[f"{prefix}.{name}"] = module, value
                case ast.AnnAssign(target=ast.Name(id=name), value=value) if value is not None:
                    self.values[f"{prefix}.{name}"] = module, value

    def named(self, module: str, node: ast.AST) -> str | None:
        """The full name of what an expression names, if that is ours."""
        if isinstance(node, ast.Name):
            own = f"{module}.{node.id}"
            return own if self._has(own) else self._followed(self.imported[module].get(node.id))
        if isinstance(node, ast.Attribute) and (base := self.named(module, node.value)):
            if base in self.values and base not in self._being_named:
                where, value = self.values[base]
                # A value may be made from one of the same name elsewhere.
                self._being_named.add(base)
                made = self.named(where, value.func) if isinstance(value, ast.Call) else None
                self._being_named.discard(base)
                base = made or base
            return self._followed(f"{base}.{node.attr}")
        return None

    def _followed(self, name: str | None) -> str | None:
        for _ in range(5):
            if name is None or self._has(name) or name in self.modules:
                return name
            module, _, last = name.rpartition(".")
            name = self.imported[module].get(last) if module in self.modules else None
        return None

    def _has(self, name: str) -> bool:
        return name in self.functions or name in self.classes or name in self.values

    def methods_called(self, module: str, node: ast.Attribute) -> list[str]:
        """The methods that an attribute of an unknown object may be."""
        found = [] if node.attr in OF_LIBRARIES else self.methods[node.attr]
        near = {*self.imported[module].values()}
        homes = [name.rsplit(".", 2)[0] for name in found]
        is_near = all(home == module or any(name.startswith(home) for name in near) for home in homes)
        return found if len(found) <= NAMED_ALIKE and is_near else []

    def parents(self, name: str) -> list[str]:
        """One of the classes here and those above it."""
        if name not in self.classes:
            return []
        module, node = self.classes[name]
        bases = [self.named(module, base) for base in node.bases]
        return [
            name,
            *(above for base in bases if base for above in self.parents(base)),
        ]

    def is_error(self, name: str | None) -> bool:
        """Whether this is one of the error classes."""
        return name is not None and ROOT in self.parents(name)

    def constant(self, name: str, attribute: str) -> Any:
        """A class attribute, its own or inherited."""
        for above in self.parents(name):
            for item in self.classes[above][1].body:
                target = item.targets[0] if isinstance(item, ast.Assign) else getattr(item, "target", None)
                value = getattr(item, "value", None)
                if isinstance(target, ast.Name) and target.id == attribute and isinstance(value, ast.Constant):
                    return value.value
        return None


def read_code() -> Code:
    """Parse the package."""
    code = Code()
    for path in sorted((SOURCE / "bankimport").rglob("*.py")):
        if not LEFT_OUT & set(path.parts):
            module = ".".join(path.relative_to(SOURCE).with_suffix("").parts).removesuffix(".__init__")
            code.add(module, ast.parse(path.read_text(encoding="utf-8")))
    return code


def uses(code: Code, module: str, top: ast.AST, owner: str) -> list[Use]:
    """What a function or a value names and raises; `owner` is the class of a method."""
    found: list[Use] = []
    variables = {
        target.id: code.named(module, node.value.func)
        for node in ast.walk(top)
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Call)
        for target in node.targets
        if isinstance(target, ast.Name)
    }

    def walk(node: ast.AST, caught: tuple[str, ...]) -> None:
        match node:
            case ast.Try():
                handled = tuple(_handled(code, module, node))
                for item in node.body:
                    walk(item, caught + handled)
                for item in [*node.handlers, *node.orelse, *node.finalbody]:
                    walk(item, caught)
                return
            case ast.Raise(exc=error) if error is not None:
                for name in _raised(
                    code,
                    module,
                    error.func if isinstance(error, ast.Call) else error,
                    variables,
                ):
                    found.append(Use(name, caught, is_raised=True))
            case ast.Name() | ast.Attribute():
                name = code.named(module, node) or _own_method(code, owner, node)
                if name is not None and not code.is_error(name):
                    found.append(Use(f"{name}.__init__" if name in code.classes else name, caught))
                elif name is None and isinstance(node, ast.Attribute):
                    found.extend(Use(method, caught) for method in code.methods_called(module, node))
        for child in ast.iter_child_nodes(node):
            walk(child, caught)

    for child in ast.iter_child_nodes(top):
        walk(child, ())
    return found


def _own_method(code: Code, owner: str, node: ast.AST) -> str | None:
    if not (isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in ("self", "cls")):
        return None
    found = (f"{above}.{node.attr}" for above in code.parents(owner))
    return next((name for name in found if name in code.functions), None)


def _handled(code: Code, module: str, node: ast.Try) -> Iterator[str]:
    for handler in node.handlers:
        if any(isinstance(item, ast.Raise) and item.exc is None for item in ast.walk(handler)):
            continue
        types = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
        for each in types:
            if isinstance(each, ast.Name) and each.id in ("Exception", "BaseException"):
                yield ROOT
            elif each is not None and code.is_error(name := code.named(module, each)):
                yield name or ROOT


def _raised(code: Code, module: str, node: ast.expr, variables: dict[str, str | None]) -> Iterator[str]:
    name = variables.get(node.id) if isinstance(node, ast.Name) and node.id in variables else code.named(module, node)
    if code.is_error(name):
        yield name or ROOT
    elif name in code.functions and (returns := code.functions[name][1].returns) is not None:
        for part in ast.walk(returns):
            made = code.named(code.functions[name][0], part)
            if code.is_error(made) and made is not None:
                # A function that makes one of several kinds; their module says which there are.
                kinds = (error for error, (home, _) in code.classes.items() if home == code.classes[made][0])
                yield from (error for error in kinds if made in code.parents(error))


def errors_by_function(code: Code) -> dict[str, set[str]]:
    """The errors that leave each function, method and value, by full name."""
    errors = {
        name: uses(code, module, node, name.rpartition(".")[0]) for name, (module, node) in code.functions.items()
    }
    errors |= {name: uses(code, module, ast.Expr(value), "") for name, (module, value) in code.values.items()}
    found: dict[str, set[str]] = {name: set() for name in errors}
    has_grown = True
    while has_grown:
        has_grown = False
        for name, items in errors.items():
            before = len(found[name])
            for use in items:
                for error in {use.target} if use.is_raised else found.get(use.target, set()):
                    if not set(use.caught) & set(code.parents(error)):
                        found[name].add(error)
            has_grown = has_grown or len(found[name]) > before
    return found


def operations() -> dict[str, list[str]]:
    """By operation, `GET /api/…`, its errors as `404 not_found`, sorted. Faults of the server itself are left out."""
    code = read_code()
    found = errors_by_function(code)
    result: dict[str, list[str]] = {}
    for route in _routes(create_app()):
        if not isinstance(route, APIRoute) or not route.include_in_schema:
            continue
        name = f"{route.endpoint.__module__}.{route.endpoint.__qualname__}"
        expected = {(code.constant(error, "http_status"), code.constant(error, "code")) for error in found[name]}
        for method in route.methods:
            result[f"{method} {route.path_format}"] = [
                f"{status} {word}" for status, word in sorted(expected) if status != 500
            ]
    return dict(sorted(result.items()))


def _routes(app: FastAPI) -> Iterator[BaseRoute]:
    for route in app.routes:
        router = getattr(route, "original_router", None)
        yield from [route] if router is None else router.routes


FILE.write_text(json.dumps(operations(), indent=1) + "\n", encoding="utf-8")
