"""The optimisation tier holds together: profiling helpers, module numbers, and motivations that keep quiet."""

import ast
import sys
import time
from pathlib import Path

import numpy as np
import pytest

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from tinytorch.core.layers import Linear  # noqa: E402
from tinytorch.core.spatial import Conv2d  # noqa: E402
from tinytorch.core.tensor import Tensor  # noqa: E402
from tinytorch.profiling.profiler import Profiler, analyze_weight_distribution, quick_profile  # noqa: E402
from tito.core.modules import next_module, numbered_modules, resolve_module  # noqa: E402

SOURCE = ROOT / "modules" / "source"
MOTIVATED = ["15_memoization", "16_quantization", "17_compression", "18_acceleration"]


@pytest.mark.parametrize("method", ["measure_latency", "profile_forward_pass", "count_parameters", "measure_memory", "count_flops"])
def test_the_exported_profiler_has_what_the_tier_needs(method):
    assert callable(getattr(Profiler(), method))


@pytest.mark.parametrize("kernel, flops", [(3, 6 * 6 * 9 * 2 * 4 * 2), ((3, 1), 6 * 6 * 3 * 2 * 4 * 2)])
def test_operations_of_a_convolution_are_counted_for_every_kernel(kernel, flops):
    profile = quick_profile(Conv2d(2, 4, kernel_size=kernel), Tensor(np.ones((1, 2, 6, 6))))
    assert profile["flops"] == flops


def test_weights_are_described_without_the_biases():
    layer = Linear(10, 20)
    layer.weight.data[:5] = 0.0
    found = analyze_weight_distribution(layer)
    assert found["total_weights"] == 200
    assert found["sparsity_percent"] == 50.0


@pytest.mark.parametrize("name, folder", [("14", "14_profiling"), ("9", "09_convolutional_networks"), ("memoization", "15_memoization"), ("16_quantization", "16_quantization"), ("99", "99")])
def test_a_number_and_a_short_name_mean_a_module(name, folder):
    assert resolve_module(name, SOURCE) == folder


def test_modules_follow_each_other_as_their_folders_say():
    assert [number for number in numbered_modules(SOURCE)] == [f"{number:02d}" for number in range(1, 21)]
    assert next_module("14_profiling", SOURCE) == "15_memoization"
    assert next_module("20_capstone", SOURCE) is None


@pytest.mark.parametrize("module", MOTIVATED)
def test_a_motivation_proves_its_claim_and_runs_only_when_it_is_asked_to(module):
    short = module.partition("_")[2]
    tree = ast.parse((SOURCE / module / f"{short}_dev.py").read_text(encoding="utf-8"))
    unguarded = [node for node in tree.body if isinstance(node, ast.Expr) and f"motivate_{short}" in ast.unparse(node)]
    assert not unguarded
    (function,) = (node for node in tree.body if getattr(node, "name", "") == f"motivate_{short}")
    names = {"np": np, "Tensor": Tensor, "Linear": Linear}
    exec(compile(ast.Module([function], []), module, "exec"), names)
    start = time.perf_counter()
    names[f"motivate_{short}"]()
    assert time.perf_counter() - start < 10
