"""The layout of the code: every package describes each of its files."""

import ast
import re
from pathlib import Path

import pytest
from alembic.script import ScriptDirectory

import bankimport
from bankimport.db.migrate import alembic_config

SOURCE = Path(bankimport.__file__).parent
TESTS = Path(__file__).parent
MOST_FILES = 18
NOT_LISTED = {"__init__", "__main__", "__pycache__", "versions"}


def packages() -> list[str]:
    """Every package with our code, as a path below the source folder."""
    found = [init.parent.relative_to(SOURCE) for init in SOURCE.rglob("__init__.py")]
    return sorted(str(package) for package in found if "versions" not in package.parts)


@pytest.mark.parametrize("package", packages())
def test_each_package_lists_all_its_files(package: str) -> None:
    folder = SOURCE / package
    listed = ast.get_docstring(ast.parse((folder / "__init__.py").read_text(encoding="utf-8"))) or ""
    names = {path.stem for path in folder.glob("*.py")} | {path.parent.name for path in folder.glob("*/__init__.py")}

    first_words = {line.split()[0] for line in listed.splitlines() if "  " in line.strip()}

    assert names - NOT_LISTED <= first_words, f"{package}/__init__.py does not say what these are for"
    assert {word for word in first_words if not ((folder / word).is_dir() or (folder / f"{word}.py").exists())} == set()


@pytest.mark.parametrize("package", packages())
def test_no_package_has_too_many_files(package: str) -> None:
    assert len(list((SOURCE / package).glob("*.py"))) <= MOST_FILES + 1


def test_no_test_module_imports_another() -> None:
    modules = [path for path in TESTS.rglob("test_*.py") if "node_modules" not in path.parts]
    imported = re.compile(r"^\s*(?:from|import)\s+(\S*\.test_\w+)", re.MULTILINE)
    found = [(path.name, name) for path in modules for name in imported.findall(path.read_text(encoding="utf-8"))]
    assert found == [], "move it to tests/support"


def test_migrations_are_one_chain() -> None:
    scripts = ScriptDirectory.from_config(alembic_config("postgresql://nowhere/none"))
    assert len(scripts.get_heads()) == 1, "give the newer revision the other head as its `down_revision`"
