# %% [markdown]
"""
## Motivation: How Little the Small Weights Carry

Weights are spread around zero. The smaller half of them does far less than half of the work.
"""

# %%
def motivate_compression():
    """Measure which share of the squared weights the smaller half carries."""
    from cairn.core.layers import Linear
    from cairn.profiling.profiler import analyze_weight_distribution
    layer = Linear(64, 32)
    limit = analyze_weight_distribution(layer)["percentiles"][50]
    squares = [value * value for value in layer.parameters()]
    share = sum(square for square in squares if square < limit * limit) / sum(squares)
    print(f"half of the weights are smaller than {limit:.4f}; they carry {share:.1%} of the squares")
    assert share < 0.15

if __name__ == "__main__":
    motivate_compression()
