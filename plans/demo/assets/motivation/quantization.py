# %% [markdown]
"""
## Motivation: What a Weight Costs

Python keeps a float in eight bytes, and the usual format of a model takes four. Ask what one byte would save.
"""

# %%
def motivate_quantization():
    """Compare the bytes of a layer's weights in FP32 with one byte each."""
    from array import array
    from cairn.core.layers import Linear
    from cairn.profiling.profiler import Profiler
    layer = Linear(64, 32)
    weights, count = layer.parameters(), Profiler().count_parameters(layer)
    single = array("f", weights).itemsize * count
    print(f"{count} weights take {single} bytes as FP32, and {count} with one byte each")
    assert single == 4 * count == 8320

if __name__ == "__main__":
    motivate_quantization()
