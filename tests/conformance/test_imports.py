"""Imports run one way."""

import ast
from pathlib import Path

ROOT = Path(__file__).parents[2]

# a module may import from rows above its own, and from its own package
RANKS = [
    {"startup", "version", "machine"},
    {"registry", "schedules", "replicas"},
    {"variational", "likelihoods", "data", "networks", "metrics", "figures"},
    {"aggregate"},
    {"objectives"},
    {"models"},
    {"evaluation", "drawing"},
    {"views"},
    {"training"},
    {"comparing"},
    {"report"},
    {"exploring"},
    {"serving"},
    {"studies"},
    {"commands"},
    {"__main__"},
]


def rank(part: str) -> int:
    [number] = [n for n, row in enumerate(RANKS) if part in row]
    return number


def imported(path: Path) -> set[str]:
    """The parts of tfvae that a file imports: `tfvae.<part>...`."""
    parts = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ImportFrom) and node.module == "tfvae":
            parts |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            parts |= {node.module} if node.module else set()
        elif isinstance(node, ast.Import):
            parts |= {alias.name for alias in node.names}
    return {
        name.removeprefix("tfvae.").split(".")[0]
        for name in parts
        if name.startswith("tfvae.") or "." not in name
    } & set().union(*RANKS)


def test_every_module_has_a_rank():
    parts = {p.stem for p in (ROOT / "tfvae").iterdir() if p.suffix == ".py"}
    packages = {p.parent.name for p in (ROOT / "tfvae").glob("*/__init__.py")}
    assert (parts | packages) - {"__init__"} <= set().union(*RANKS)


def test_imports_run_one_way():
    wrong = []
    for path in (ROOT / "tfvae").rglob("*.py"):
        own = path.relative_to(ROOT / "tfvae").parts[0].removesuffix(".py")
        if own == "__init__":
            continue
        for other in imported(path) - {own}:
            if rank(other) >= rank(own) and not (
                {own, other} == {"schedules", "registry"}
            ):
                wrong.append(f"{path.relative_to(ROOT)} imports {other}")
    assert not wrong


def test_the_library_never_imports_the_programs():
    programs = {p.stem for p in ROOT.glob("*.py")} | {"export"}
    for path in (ROOT / "tfvae").rglob("*.py"):
        tree = ast.parse(path.read_text())
        names = {
            alias.name
            for node in ast.walk(tree)
            if isinstance(node, ast.Import)
            for alias in node.names
        } | {
            node.module
            for node in ast.walk(tree)
            if isinstance(node, ast.ImportFrom)
        }
        assert not names & programs, path
