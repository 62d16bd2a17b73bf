"""What is read from vLLM's own metrics page."""

from __future__ import annotations

from bench.vllm_metrics import PrefixCache, prefix_cache, running

METRICS = """\
# HELP vllm:prefix_cache_queries_total Prefix cache queries, in tokens.
# TYPE vllm:prefix_cache_queries_total counter
vllm:prefix_cache_queries_total{engine="0",model_name="m"} 4000.0
vllm:prefix_cache_queries_total{engine="1",model_name="m"} 1.0e+03
vllm:prefix_cache_hits_total{engine="0",model_name="m"} 3200.0
vllm:prefix_cache_hits_total{engine="1",model_name="m"} 800.0
vllm:external_prefix_cache_queries_total{engine="0",model_name="m"} 7.0
vllm:num_requests_running{engine="0",model_name="m"} 2.0
vllm:num_requests_waiting{engine="0",model_name="m"} 5.0
"""


def test_vllms_counters_are_summed_over_its_engines() -> None:
    assert prefix_cache(METRICS) == PrefixCache(5_000, 4_000)
    assert running(METRICS) == 2
    assert prefix_cache("# nothing here\n") is None
    later = PrefixCache(6_000, 4_900).since(PrefixCache(5_000, 4_000))
    assert (later.rate, PrefixCache(0, 0).rate) == (0.9, 0.0)
