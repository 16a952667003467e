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
ROOTS = (SOURCE, TESTS / "support")
MOST_FILES = 18
NOT_LISTED = {"__init__", "__main__", "__pycache__", "versions"}


def packages() -> list[Path]:
    """Every package with our code, and every one that tests share."""
    found = (init.parent for root in ROOTS for init in root.rglob("__init__.py"))
    return sorted(folder for folder in found if "versions" not in folder.parts)


def name_of(package: Path) -> str:
    root = next(root for root in ROOTS if package.is_relative_to(root))
    return str(package.relative_to(root.parent))


@pytest.mark.parametrize("package", packages(), ids=name_of)
def test_each_package_lists_all_its_files(package: Path) -> None:
    listed = ast.get_docstring(ast.parse((package / "__init__.py").read_text(encoding="utf-8"))) or ""
    names = {path.stem for path in package.glob("*.py")} | {path.parent.name for path in package.glob("*/__init__.py")}

    first_words = {line.split()[0] for line in listed.splitlines() if "  " in line.strip()}

    assert names - NOT_LISTED <= first_words, f"{name_of(package)}/__init__.py does not say what these are for"
    assert {
        word for word in first_words if not ((package / word).is_dir() or (package / f"{word}.py").exists())
    } == set()


@pytest.mark.parametrize("package", packages(), ids=name_of)
def test_no_package_has_too_many_files(package: Path) -> None:
    assert len(list(package.glob("*.py"))) <= MOST_FILES + 1


def test_no_test_module_imports_another() -> None:
    modules = [path for path in TESTS.rglob("test_*.py") if "node_modules" not in path.parts]
    imported = re.compile(r"^\s*(?:from|import)\s+(\S*\.test_\w+)", re.MULTILINE)
    found = [(path.name, name) for path in modules for name in imported.findall(path.read_text(encoding="utf-8"))]
    assert found == [], "move it to tests/support"


def test_migrations_are_one_chain() -> None:
    scripts = ScriptDirectory.from_config(alembic_config("postgresql://nowhere/none"))
    assert len(scripts.get_heads()) == 1, "give the newer revision the other head as its `down_revision`"
