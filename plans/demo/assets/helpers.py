# %% [markdown]
"""
## Two Helpers

`quick_profile` prints one forward pass as a small table. `analyze_weight_distribution` says how weights are spread
around zero. Both hand back what they found.
"""

# %%
#| export
def quick_profile(model, x, profiler=None):
    """Profile a call of the model on x, print it as a table, and return it.

    Latency is in milliseconds, memory in bytes. Raises whatever the model raises.
    """
    report = (profiler or Profiler()).profile_forward_pass(model, x)
    for name, value in report.items():
        print(f"{name:<14}{value:>14,.3f}")
    return report


def analyze_weight_distribution(model, percentiles=(25, 50, 75)):
    """Count the numbers of a model, and say below which size so many percent of them lie.

    A model without numbers has a count of 0 and no percentiles. Raises ValueError if a percentile is not in 0 to 100.
    """
    if not all(0 <= percentile <= 100 for percentile in percentiles):
        raise ValueError("percentiles lie between 0 and 100")
    sizes = sorted(abs(value) for value in model.parameters())
    return {
        "total": len(sizes),
        "zero_percent": 100 * sum(size == 0 for size in sizes) / max(len(sizes), 1),
        "percentiles": {p: sizes[min(p * len(sizes) // 100, len(sizes) - 1)] for p in percentiles if sizes},
    }

# %% nbgrader={"grade": true, "grade_id": "check-profiling-helpers", "points": 5}
from cairn.core.arrays import Array
from cairn.core.layers import Linear, Sequential

assert quick_profile(Linear(4, 2), Array([[1.0] * 4]))["parameters"] == 10
spread = analyze_weight_distribution(Linear(16, 15))
assert spread["total"] == 255 and spread["percentiles"][25] <= spread["percentiles"][75]
assert analyze_weight_distribution(Sequential()) == {"total": 0, "zero_percent": 0.0, "percentiles": {}}
