"""README lists every setting as it is."""

from pathlib import Path

from bankimport.settings import Settings, variable_of


def test_readme_lists_every_setting_with_its_meaning() -> None:
    readme = (Path(__file__).parents[2] / "README.md").read_text()

    for name, field in Settings.model_fields.items():
        assert f"| `{variable_of(name)}` | {field.description} |" in readme
