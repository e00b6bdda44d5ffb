"""The manifests are what Kubernetes' published API takes, and have the fields that KubeRay's (ray.io/v1) knows."""

import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml
from kubernetes import client

ROOT = Path(__file__).parents[2]
KUBERAY = ROOT / "deploy" / "kuberay"
SBATCH = ROOT / "deploy" / "slurm" / "sweep.sbatch"
# name of field: type; "!" marks what is required
CLUSTER = {
    "rayVersion": str,
    "authOptions": dict,
    "enableInTreeAutoscaling": bool,
    "autoscalerOptions": dict,
    "headGroupSpec!": dict,
    "workerGroupSpecs": list,
    "suspend": bool,
    "gcsFaultToleranceOptions": dict,
    "headServiceAnnotations": dict,
    "managedBy": str,
}
HEAD = {"rayStartParams": dict, "template!": dict, "serviceType": str, "enableIngress": bool, "headService": dict}
WORKER = {
    "groupName!": str,
    "replicas": int,
    "minReplicas!": int,
    "maxReplicas!": int,
    "numOfHosts": int,
    "idleTimeoutSeconds": int,
    "rayStartParams": dict,
    "template!": dict,
    "scaleStrategy": dict,
}
JOB = {
    "entrypoint": str,
    "submissionMode": str,
    "backoffLimit": int,
    "shutdownAfterJobFinishes": bool,
    "ttlSecondsAfterFinished": int,
    "activeDeadlineSeconds": int,
    "runtimeEnvYAML": str,
    "rayClusterSpec": dict,
    "clusterSelector": dict,
    "entrypointNumCpus": float,
    "suspend": bool,
}


def manifest(name: str) -> dict[str, Any]:
    (found,) = yaml.safe_load_all((KUBERAY / f"{name}.yaml").read_text())
    return found


def wrong(given: dict[str, Any], known: dict[str, type]) -> list[str]:
    """What the reference does not know, wants otherwise, or misses."""
    types = {name.rstrip("!"): type_ for name, type_ in known.items()}
    missing = {name.rstrip("!") for name in known if name.endswith("!")} - given.keys()
    return [name for name, value in given.items() if not isinstance(value, types.get(name, ()))] + sorted(missing)


def pods(spec: dict[str, Any]) -> list[dict[str, Any]]:
    groups = [spec["headGroupSpec"], *spec["workerGroupSpecs"]]
    return [group["template"]["spec"] for group in groups]


def test_the_cluster_has_known_fields_of_the_right_types() -> None:
    found = manifest("cluster")
    assert (found["apiVersion"], found["kind"]) == ("ray.io/v1", "RayCluster")
    spec = found["spec"]
    assert wrong(spec, CLUSTER) == []
    assert wrong(spec["headGroupSpec"], HEAD) == []
    assert [wrong(group, WORKER) for group in spec["workerGroupSpecs"]] == [[]]
    for group in (spec["headGroupSpec"], *spec["workerGroupSpecs"]):
        assert all(isinstance(value, str) for value in group["rayStartParams"].values())
    assert spec["authOptions"] == {"mode": "token"}


def test_the_job_has_known_fields_and_the_same_cluster() -> None:
    found = manifest("sweep")
    assert (found["apiVersion"], found["kind"]) == ("ray.io/v1", "RayJob")
    assert wrong(found["spec"], JOB) == []
    assert found["spec"]["rayClusterSpec"] == manifest("cluster")["spec"]
    assert found["spec"]["submissionMode"] in ("K8sJobMode", "HTTPMode", "SidecarMode", "InteractiveMode")
    assert set(yaml.safe_load(found["spec"]["runtimeEnvYAML"])) == {"env_vars"}


def test_pods_and_the_claim_are_what_kubernetes_takes() -> None:
    """Its models refuse what they do not know, what has another type and what misses something."""
    spec = manifest("cluster")["spec"]
    for group in (spec["headGroupSpec"], *spec["workerGroupSpecs"]):
        client.V1PodTemplateSpec.model_validate(group["template"])
    client.V1PersistentVolumeClaim.model_validate(manifest("storage"))
    for name in ("cluster", "sweep"):
        client.V1ObjectMeta.model_validate(manifest(name)["metadata"])
    wrong = spec["headGroupSpec"]["template"]
    wrong["spec"]["containers"][0]["readinessProbe"]["periodSecond"] = 1
    with pytest.raises(ValueError, match="periodSecond"):
        client.V1PodTemplateSpec.model_validate(wrong)


def test_no_trial_runs_on_the_head_and_no_pod_has_rights_it_does_not_need() -> None:
    spec = manifest("cluster")["spec"]
    assert spec["headGroupSpec"]["rayStartParams"]["num-cpus"] == "0"
    for pod in pods(spec):
        assert pod["securityContext"]["runAsNonRoot"]
        (container,) = pod["containers"]
        assert container["securityContext"] == {
            "allowPrivilegeEscalation": False,
            "readOnlyRootFilesystem": True,
            "capabilities": {"drop": ["ALL"]},
        }
        assert {"cpu", "memory"} == container["resources"]["limits"].keys()
        mounted = {mount["name"] for mount in container["volumeMounts"]}
        assert mounted == {volume["name"] for volume in pod["volumes"]}


def test_only_the_head_has_the_ledger_on_a_claim_that_is_there() -> None:
    head, *workers = pods(manifest("cluster")["spec"])
    (claimed,) = [volume["persistentVolumeClaim"] for volume in head["volumes"] if "persistentVolumeClaim" in volume]
    claim = manifest("storage")
    assert (claim["kind"], claim["metadata"]["name"]) == ("PersistentVolumeClaim", claimed["claimName"])
    assert not [volume for pod in workers for volume in pod["volumes"] if "persistentVolumeClaim" in volume]


def test_the_manifests_name_the_ray_that_everything_is_tested_with() -> None:
    (version,) = re.findall(r"^ray==(.+)$", (ROOT / "constraints.txt").read_text(), re.MULTILINE)
    assert manifest("cluster")["spec"]["rayVersion"] == version


@pytest.mark.skipif(shutil.which("bash") is None, reason="bash is not installed")
def test_the_slurm_script_is_one_that_bash_understands() -> None:
    subprocess.run(["bash", "-n", str(SBATCH)], check=True)
    text = SBATCH.read_text()
    assert text.startswith("#!/bin/bash\n")
    directives = re.findall(r"^#SBATCH (--[a-z-]+)", text, re.MULTILINE)
    assert {"--nodes", "--ntasks-per-node", "--cpus-per-task", "--time", "--signal"} <= set(directives)
    assert text.index("#SBATCH --output") < text.index("\nset -euo pipefail"), (
        "Slurm reads none after the first command"
    )
