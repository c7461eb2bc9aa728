# %% [markdown]
"""
## 🔬 Motivation: What FP32 Costs in Memory

Every weight you have trained so far is a 32-bit float. That is four bytes for each of them, whether the model needs
eight digits of precision or two. Profile a small network layer by layer: you will see where the bytes are, and how
quickly they add up when layers grow wider.
"""

# %% nbgrader={"grade": false, "grade_id": "motivation_quantization", "solution": false}
def motivate_quantization(widths=(784, 512, 256, 10)):
    """Break the FP32 memory of a network down by layer."""
    from tinytorch.profiling.profiler import Profiler
    layers = [Linear(inputs, outputs) for inputs, outputs in zip(widths, widths[1:])]
    mib = [Profiler().measure_memory(layer, (1, layer.in_features))['parameter_memory_mb'] for layer in layers]
    weights = sum(Profiler().count_parameters(layer) for layer in layers)
    held = sum(parameter.data.nbytes for layer in layers for parameter in layer.parameters())
    for layer, size in zip(layers, mib):
        print(f"{layer.in_features:4d} -> {layer.out_features:4d}: {size:6.3f} MB, {size / sum(mib):5.1%} of the model")
    print(f"{weights:,} weights hold {held / weights:.0f} bytes each; one byte each would leave {weights / held:.0%}")
    assert held == 4 * weights and np.isclose(sum(mib) * 2**20, held), "FP32 takes four bytes for every weight"

if __name__ == "__main__":
    motivate_quantization()
