# %% [markdown]
"""
## 🔬 Motivation: Where a CNN Spends Its Time

A convolution uses every weight again at every position of the picture. So it does a great deal of arithmetic on very
few bytes: it is **compute-bound**, and faster memory would not help it. An activation such as ReLU touches each number
once: it is **memory-bound**. Profile both on the same input, and see which of them is worth your time.
"""

# %% nbgrader={"grade": false, "grade_id": "motivation_acceleration", "solution": false}
def motivate_acceleration(channels=20, side=5):
    """Compare the convolution of a CNN with the activation behind it."""
    from tinytorch.core.activations import ReLU
    from tinytorch.core.spatial import Conv2d
    from tinytorch.profiling.profiler import Profiler
    picture = Tensor(np.random.randn(1, channels, side, side))
    layers = {'Conv2d': Conv2d(channels, channels, kernel_size=3), 'ReLU': ReLU()}
    found = {name: Profiler().profile_forward_pass(layer, picture) for name, layer in layers.items()}
    for name, profile in found.items():
        print(f"{name:7s} {profile['flops']:8,} FLOPs {profile['latency_ms']:9.3f} ms  {profile['bottleneck']}-bound")
    share = found['Conv2d']['latency_ms'] / sum(profile['latency_ms'] for profile in found.values())
    print(f"the convolution takes {share:.1%} of the time")
    assert found['Conv2d']['bottleneck'] == 'compute' and found['ReLU']['bottleneck'] == 'memory'
    assert share > 0.9, f"expected the convolution to dominate, measured {share:.1%}"

if __name__ == "__main__":
    motivate_acceleration()
