"""The files in `docs/deploy/` name what there is: commands, options, variables, files, volumes."""

from __future__ import annotations

import configparser
import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
import pytest
import yaml

from robot.cli.main import cli
from robot.settings import IN_FILES, VARIABLES

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "docs/deploy"
KNOWN = {*VARIABLES, *(f"{name}_FILE" for name in IN_FILES)}


def compose() -> dict[str, Any]:
    read: dict[str, Any] = yaml.safe_load((FOLDER / "compose.yaml").read_text())
    return read


def manifests() -> list[dict[str, Any]]:
    return list(yaml.safe_load_all((FOLDER / "kubernetes.yaml").read_text()))


def unit(name: str) -> configparser.ConfigParser:
    # A unit may say the same thing several times, such as Environment=.
    read = configparser.ConfigParser(strict=False, interpolation=None, delimiters=("=",))
    read.optionxform = str  # type: ignore[method-assign,assignment]
    read.read_string((FOLDER / name).read_text())
    return read


UNITS = sorted(path.name for path in FOLDER.glob("*.service"))


def containers() -> Iterator[dict[str, Any]]:
    for manifest in manifests():
        if manifest["kind"] in ("StatefulSet", "Deployment"):
            yield from manifest["spec"]["template"]["spec"]["containers"]


def commands() -> Iterator[list[str]]:
    for service in compose()["services"].values():
        if "command" in service:
            yield service["command"]
    for container in containers():
        yield container["args"]
    for name in UNITS:
        program, *words = shlex.split(unit(name)["Service"]["ExecStart"])
        assert Path(program).name == "offboard"
        yield words


@pytest.mark.parametrize("words", list(commands()), ids=" ".join)
def test_every_command_is_one(words: list[str]) -> None:
    command: click.Command = cli
    context = click.Context(command)
    while isinstance(command, click.Group):
        name, command, words = command.resolve_command(context, words)  # type: ignore[assignment]
        assert command is not None, name
    # Raises for an option that is not known, or a value that it does not take.
    command.make_context("offboard", list(words))


def variables() -> Iterator[str]:
    for service in compose()["services"].values():
        yield from service.get("environment", {})
    for container in containers():
        yield from (item["name"] for item in container["env"])
    for name in UNITS:
        yield from re.findall(r"^Environment=(\w+)=", (FOLDER / name).read_text(), re.MULTILINE)


def test_every_variable_is_one() -> None:
    found = [name for name in variables() if not name.startswith("POSTGRES_")]
    assert len(found) > 10
    assert set(found) <= KNOWN


def test_what_compose_names_is_there() -> None:
    read = compose()
    for service in read["services"].values():
        assert set(service.get("secrets", [])) <= set(read["secrets"])
        named = {volume.split(":")[0] for volume in service.get("volumes", [])}
        assert {name for name in named if not name.startswith((".", "/"))} <= set(read["volumes"])
        if "build" in service:
            build = service["build"]
            assert (FOLDER / build["context"]).resolve() == ROOT
            assert (ROOT / build["dockerfile"]).is_file()
        assert set(service.get("depends_on", {})) <= set(read["services"])
    paths = [
        path for service in read["services"].values() for path in service.get("environment", {}).values()
    ]
    assert {Path(path).name for path in paths if path.startswith("/run/secrets/")} <= set(read["secrets"])


def test_what_the_manifests_name_is_there() -> None:
    claimed = {"offboard"}
    for manifest in manifests():
        if manifest["kind"] == "Service":
            assert manifest["spec"]["selector"]["app"] in {
                one["spec"]["selector"]["matchLabels"]["app"]
                for one in manifests()
                if one["kind"] != "Service"
            }
            continue
        pod = manifest["spec"]["template"]["spec"]
        assert (
            manifest["spec"]["selector"]["matchLabels"] == manifest["spec"]["template"]["metadata"]["labels"]
        )
        there = {volume["name"] for volume in pod["volumes"]} | claimed
        for container in pod["containers"]:
            mounts = {mount["name"]: mount["mountPath"] for mount in container["volumeMounts"]}
            assert set(mounts) <= there
            for item in container["env"]:
                assert item["value"].startswith(tuple(mounts.values())), item


def test_whoever_works_gets_time_to_end() -> None:
    """An act in hand and the handing back take minutes; what is killed sooner is gone on with all the same."""
    assert compose()["services"]["worker"]["stop_grace_period"] == "10m"
    assert manifests()[0]["spec"]["template"]["spec"]["terminationGracePeriodSeconds"] == 600
    service = unit("offboard-worker.service")["Service"]
    assert (service["TimeoutStopSec"], service["KillSignal"]) == ("10min", "SIGTERM")


def test_the_image_is_made_of_what_there_is() -> None:
    text = (FOLDER / "Dockerfile").read_text()
    for words in re.findall(r"^COPY (.+)$", text, re.MULTILINE):
        *sources, _ = words.split()
        assert [name for name in sources if not (ROOT / name).exists()] == []
    user = re.search(r"--uid (\d+)", text)
    assert user is not None
    for manifest in manifests()[:2]:
        assert manifest["spec"]["template"]["spec"]["securityContext"]["runAsUser"] == int(user[1])


def test_no_image_names_where_it_is_kept() -> None:
    images = [service["image"] for service in compose()["services"].values() if "image" in service]
    images += [container["image"] for container in containers()]
    images += re.findall(r"^FROM (\S+)", (FOLDER / "Dockerfile").read_text(), re.MULTILINE)
    assert len(images) >= 4
    assert [name for name in images if "/" in name] == []
