"""A Ray cluster of two nodes on this machine, on which viva's recogniser is served.

Runs in an environment with Ray. Says a line of JSON when it serves; ``kill`` on its standard input
ends the node that is not the head as a power cut does, and it says which."""

from __future__ import annotations

import json
import socket
import sys

import ray
from ray import serve
from ray.cluster_utils import Cluster
from ray.serve.config import HTTPOptions

from deploy.ray_stt import Order, app

MIB = 1024 * 1024


def main(port: int) -> None:
    cluster = Cluster(
        initialize_head=True,
        head_node_args={**machine(), "include_dashboard": False},
    )
    nodes = [cluster.head_node, cluster.add_node(**machine())]
    ray.init(address=cluster.address, log_to_driver=False)
    serve.start(proxy_location="HeadOnly", http_options=HTTPOptions(host="127.0.0.1", port=port))
    serve.run(app(Order(device="cpu", cores=1, least_replicas=2, most_replicas=2, ongoing=4)))
    say({"serves": True, "nodes": len(nodes)})
    for line in sys.stdin:
        if line.strip() == "kill":
            node = nodes.pop()
            cluster.remove_node(node, allow_graceful=False)
            say({"killed": node.node_id, "nodes": len(nodes)})
    serve.shutdown()
    ray.shutdown()
    cluster.shutdown()


PORTS = (
    "metrics_agent_port",
    "metrics_export_port",
    "dashboard_agent_listen_port",
    "runtime_env_agent_port",
)


def machine() -> dict[str, int]:
    """Whose ports are known from the start is not waited for, which a busy machine fails at."""
    return {"num_cpus": 1, "object_store_memory": 80 * MIB, **{name: free_port() for name in PORTS}}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def say(told: dict[str, object]) -> None:
    sys.stdout.write(json.dumps(told) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main(int(sys.argv[1]))
