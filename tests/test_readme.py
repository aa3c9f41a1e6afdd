"""What the README shows is what the code does. Run this file to make its picture anew."""

import re
from pathlib import Path

from bplib.checks import ps06

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
PICTURE = ROOT / "lectures" / "network.svg"


def picture():
    """Draw the deck's network with hidden unit h1 marked."""
    return ps06.picture(ps06.instances(seed=0)[0], ("h1",)).markup.rstrip() + "\n"


def test_the_picture_is_fresh():
    assert PICTURE.read_text(encoding="utf-8") == picture(), "stale: run python tests/test_readme.py"


def test_the_message_is_the_checks_own():
    message = ps06.hidden_delta.judge(lambda delta2, W2, a1: W2 @ delta2).message
    assert f"```\n{message}\n```" in README


def test_every_link_leads_somewhere():
    links = re.findall(r"\]\(([^)#]+)\)", README)
    assert len(links) >= 3
    for link in links:
        assert (ROOT / link).exists(), link


def test_every_make_command_exists():
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z]+):", makefile, re.MULTILINE))
    named = set(re.findall(r"make ([a-z]+)", README)) - {"sure"}
    assert {"grade", "test", "lab", "help", "check", "build"} <= named <= targets


def test_every_module_command_exists():
    for module in set(re.findall(r"python -m (bplib[.a-z_]*)", README)):
        path = ROOT / module.replace(".", "/")
        assert path.with_suffix(".py").exists() or (path / "__main__.py").exists(), module


def test_the_top_level_is_the_seven_rooms():
    rooms = {"README.md", "requirements.txt", "lectures", "exercises", "solutions", "bplib", "tests"}
    config = {"pyproject.toml", "Makefile", "nbgrader_config.py", "LICENSE", "LICENSE-text"}
    there = {path.name for path in ROOT.iterdir() if not path.name.startswith(".")} - {"course"}
    assert rooms <= there <= rooms | config


if __name__ == "__main__":
    PICTURE.write_text(picture(), encoding="utf-8")
