"""The manifests, as far as they can be held to without a cluster: what they name is there."""

from __future__ import annotations

import base64
from pathlib import Path
from typing import Any

import pytest
import yaml

from server.cli import parser
from server.settings import NAMES, Settings

FOLDER = Path(__file__).resolve().parents[2] / "deploy" / "kubernetes"
KUSTOMIZATION: dict[str, Any] = yaml.safe_load((FOLDER / "kustomization.yaml").read_text())
PARTS = [
    part
    for name in KUSTOMIZATION["resources"]
    for part in yaml.safe_load_all((FOLDER / name).read_text())
]
SECRETS = {
    "DATABASE_URL": "postgresql://viva:x@db/viva",
    "REDIS_URL": "redis://cache:6379/0",
    "VIVA_SOUND_KEY": base64.b64encode(bytes(32)).decode(),
}


def of_kind(kind: str) -> dict[str, Any]:
    return {part["metadata"]["name"]: part for part in PARTS if part["kind"] == kind}


DEPLOYMENTS = of_kind("Deployment")
HOLDS_CALLS, KEEPS_SOME = yaml.safe_load_all((FOLDER / "calls" / "rtc.yaml").read_text())


def pod(part: dict[str, Any]) -> dict[str, Any]:
    spec: dict[str, Any] = part["spec"]["template"]["spec"]
    return spec


def configured() -> dict[str, str]:
    (made,) = KUSTOMIZATION["configMapGenerator"]
    return dict(one.split("=", 1) for one in made["literals"])


def shown(folder: Path) -> dict[str, str]:
    """The certificate, where it is here."""
    files = {name: str(folder / name) for name in ("VIVA_TLS_CERT", "VIVA_TLS_KEY")}
    for file in files.values():
        Path(file).touch()
    return files


def test_every_file_is_in_the_set() -> None:
    files = {path.name for path in FOLDER.glob("*.yaml")} - {"kustomization.yaml"}
    assert files == set(KUSTOMIZATION["resources"])
    assert set(DEPLOYMENTS) == {"viva-server", "viva-worker"}


def test_settings_know_and_accept_what_they_are_given(tmp_path: Path) -> None:
    given = configured() | SECRETS
    assert set(given) <= set(NAMES)
    settings = Settings.from_env(given | shown(tmp_path))
    assert (settings.host, settings.port) == ("0.0.0.0", 8443)
    ports = pod(DEPLOYMENTS["viva-server"])["containers"][0]["ports"]
    assert ports == [{"name": "https", "containerPort": settings.port}]


def test_who_holds_calls_is_found_by_browsers_and_asked_for_its_figures(tmp_path: Path) -> None:
    component = yaml.safe_load((FOLDER / "calls" / "kustomization.yaml").read_text())
    assert (component["kind"], component["resources"]) == ("Component", ["rtc.yaml"])
    spec = pod(HOLDS_CALLS)
    (container,) = spec["containers"]
    assert spec["hostNetwork"], "browsers come by UDP to the node's own address"
    env = {one["name"]: one.get("value") for one in container["env"]}
    assert env.pop("VIVA_RTC_ADDRESSES") is None, "the node's"
    own = {name: value for name, value in env.items() if value is not None}
    settings = Settings.from_env(configured() | SECRETS | own | shown(tmp_path))
    assert settings.public_url is not None
    assert settings.rtc_server_url == settings.public_url.replace("https", "wss")
    assert settings.rtc_ports == (50_000, 50_999)
    (port,) = container["ports"]
    assert (port["name"], port["containerPort"]) == ("metrics", settings.rtc_metrics)
    assert container["livenessProbe"]["httpGet"] == {"path": "/metrics", "port": "metrics"}
    labels = HOLDS_CALLS["spec"]["template"]["metadata"]["labels"]
    assert HOLDS_CALLS["spec"]["selector"]["matchLabels"] == labels
    assert KEEPS_SOME["spec"]["selector"]["matchLabels"] == labels
    assert spec["terminationGracePeriodSeconds"] > settings.drain_seconds


@pytest.mark.parametrize("part", [*DEPLOYMENTS.values(), HOLDS_CALLS, *of_kind("Job").values()])
def test_commands_are_commands_and_nobody_is_root(part: dict[str, Any]) -> None:
    (container,) = pod(part)["containers"]
    program, *words = container["command"]
    assert program == "viva"
    parser().parse_args(words)
    assert pod(part)["securityContext"]["runAsNonRoot"]
    assert container["securityContext"]["capabilities"] == {"drop": ["ALL"]}
    assert pod(part)["automountServiceAccountToken"] is False


@pytest.mark.parametrize("name", [*DEPLOYMENTS])
def test_what_points_at_a_deployment_finds_it(name: str) -> None:
    labels = DEPLOYMENTS[name]["spec"]["template"]["metadata"]["labels"]
    assert DEPLOYMENTS[name]["spec"]["selector"]["matchLabels"] == labels
    budget = of_kind("PodDisruptionBudget")[name]["spec"]
    assert budget["selector"]["matchLabels"] == labels
    assert budget["maxUnavailable"] == 1
    scaled = of_kind("HorizontalPodAutoscaler")[name]["spec"]
    assert scaled["scaleTargetRef"]["name"] == name
    assert scaled["minReplicas"] == DEPLOYMENTS[name]["spec"]["replicas"] == 2


def test_the_service_finds_the_servers() -> None:
    labels = DEPLOYMENTS["viva-server"]["spec"]["template"]["metadata"]["labels"]
    service = of_kind("Service")["viva"]["spec"]
    assert service["selector"] == labels
    assert "sessionAffinity" not in service


def test_nobody_is_killed_before_they_have_left() -> None:
    server = pod(DEPLOYMENTS["viva-server"])
    pause_s = server["containers"][0]["lifecycle"]["preStop"]["sleep"]["seconds"]
    drain_s = int(configured()["VIVA_DRAIN_SECONDS"])
    assert server["terminationGracePeriodSeconds"] > pause_s + drain_s >= 3_600


def test_it_is_asked_under_its_own_name() -> None:
    (container,) = pod(DEPLOYMENTS["viva-server"])["containers"]
    host = configured()["VIVA_PUBLIC_URL"].removeprefix("https://")
    paths = {}
    for probe in ("startupProbe", "livenessProbe", "readinessProbe"):
        asked = container[probe]["httpGet"]
        assert (asked["scheme"], asked["port"]) == ("HTTPS", "https")
        assert asked["httpHeaders"] == [{"name": "Host", "value": host}]
        paths[probe] = asked["path"]
    assert paths["readinessProbe"] == "/health/ready"
    assert paths["livenessProbe"] == paths["startupProbe"] == "/health/live"
