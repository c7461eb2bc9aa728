"""Hold the exported package to what the modules of the optimisation tier need from it; run in the root of the course."""

import numpy as np

from tinytorch.core.layers import Linear
from tinytorch.core.spatial import Conv2d
from tinytorch.core.tensor import Tensor
from tinytorch.profiling import profiler

NEEDED = {
    "memoization": ["measure_latency", "profile_forward_pass"],
    "quantization": ["count_parameters", "measure_memory"],
    "compression": ["count_parameters"],
    "acceleration": ["count_flops", "profile_forward_pass"],
}


class Nothing:
    """A model without weights."""

    def forward(self, x):
        return x


for module, methods in NEEDED.items():
    missing = [name for name in methods if not callable(getattr(profiler.Profiler, name, None))]
    assert not missing, f"{module} needs {missing} of the profiler"

for model, shape in [(Linear(64, 32), (8, 64)), (Conv2d(3, 8, (3, 2)), (1, 3, 6, 6)), (Nothing(), (4, 4))]:
    profile = profiler.quick_profile(model, Tensor(np.random.randn(*shape)))
    spread = profiler.analyze_weight_distribution(model)
    assert profile["flops"] > 0 and spread["total_weights"] <= profile["parameters"]
    print(f"   {spread['total_weights']:,} weights, half of them below {spread['percentiles'][50]:.4f}\n")

assert not hasattr(profiler, "ProfilerComplete"), "the old export is still there"
print("the exported profiler is complete")
