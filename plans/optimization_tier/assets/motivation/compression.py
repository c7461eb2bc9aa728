# %% [markdown]
"""
## 🔬 Motivation: How Much of a Model Is Small Weights

Weights are not all alike. Most lie close to zero, a few lie far out, and it is the few that move the result. Look at
the distribution before you remove anything: if the smaller half of the weights carries only a sliver of a layer's
energy (the sum of the squared weights), then half of the numbers we store are a poor bargain.
"""

# %% nbgrader={"grade": false, "grade_id": "motivation_compression", "solution": false}
def motivate_compression():
    """Measure how little of a layer's energy its smaller weights carry."""
    from tinytorch.profiling.profiler import Profiler, analyze_weight_distribution
    layer = Linear(512, 256)
    spread = analyze_weight_distribution(layer, percentiles=(25, 50, 75))
    weights = np.abs(layer.weight.data)
    share = {p: np.sum(weights[weights < limit] ** 2) / np.sum(weights**2) for p, limit in spread['percentiles'].items()}
    print(f"{Profiler().count_parameters(layer):,} parameters, {spread['sparsity_percent']:.1f}% of the weights are zero")
    for p, energy in share.items():
        print(f"the smallest {p}% of the weights carry {energy:5.1%} of the energy")
    assert spread['sparsity_percent'] == 0.0, "a fresh layer stores a number for every weight"
    assert share[50] < 0.10, f"expected the smaller half to carry under 10%, measured {share[50]:.1%}"

if __name__ == "__main__":
    motivate_compression()
