# %% [markdown]
"""
## Two Helpers You Will Reach For Again and Again

The `Profiler` can answer every question about a model, one method at a time. Before we optimise anything, though,
we nearly always ask the same two things, so each gets a helper of its own:

- **Where does the time go?** `quick_profile` runs one forward profile and prints it as a small table.
- **How are the weights spread?** `analyze_weight_distribution` says how many weights there are, how large they are,
  and how many of them lie so close to zero that a model might do without them.

Both hand back plain dictionaries, so a later module can use the numbers instead of reading them off the screen.
"""

# %% nbgrader={"grade": false, "grade_id": "profiling_helpers", "solution": true}
#| export
def quick_profile(model, input_tensor, profiler=None):
    """
    Profile one forward pass, print the result as a small table and return it.

    Args:
        model: Anything with a forward() method, or anything that can be called with a tensor.
        input_tensor: The Tensor that the model is run on.
        profiler: The Profiler to measure with; a fresh one if None.

    Returns:
        The dictionary of Profiler.profile_forward_pass(). Units: 'flops' for one sample, 'latency_ms' in
        milliseconds (median of 20 runs), every '*_memory_mb' in MiB, 'computational_efficiency' between 0 and 1
        of an assumed peak of 100 GFLOP/s, 'bottleneck' either 'compute' or 'memory'.

    Raises:
        TypeError: if the model has no forward() and cannot be called.
        Exception: whatever the model itself raises for this input. The profiler's own methods swallow such errors
            and would report a latency near zero, so the model is run once before anything is measured.
    """
    ### BEGIN SOLUTION
    run = getattr(model, 'forward', model)
    if not callable(run):
        raise TypeError(f"cannot profile a {type(model).__name__}: it has no forward() and cannot be called")
    run(input_tensor)

    profile = (profiler or Profiler()).profile_forward_pass(model, input_tensor)
    rows = [
        ('Parameters', f"{profile['parameters']:,}"),
        ('FLOPs per sample', f"{profile['flops']:,}"),
        ('Latency', f"{profile['latency_ms']:.3f} ms"),
        ('Peak memory', f"{profile['peak_memory_mb']:.3f} MB"),
        ('Bottleneck', profile['bottleneck']),
        ('Efficiency', f"{profile['computational_efficiency']:.2%} of peak"),
    ]
    print(f"📊 {type(model).__name__} on an input of shape {tuple(input_tensor.shape)}")
    for name, value in rows:
        print(f"   {name:<17} {value:>16}")
    return profile
    ### END SOLUTION

def analyze_weight_distribution(model, percentiles=(10, 25, 50, 75, 90)):
    """
    Describe how the weights of a model are spread around zero.

    A weight is an element of a parameter with at least two dimensions. Biases and other vectors are left out: they
    often start at zero, and would make a model look sparse that is not.

    Args:
        model: Anything with a parameters() method, or with a single tensor called weight.
        percentiles: Which percentiles of the absolute values to report, each from 0 to 100.

    Returns:
        A dictionary with 'total_weights' (a count), 'mean', 'std', 'min' and 'max' of the weights, 'percentiles'
        (percentile -> absolute value below which that percentage of the weights lies), 'near_zero_percent'
        (threshold -> percentage of weights with an absolute value below it) and 'sparsity_percent' (percentage of
        weights that are exactly zero). Percentages run from 0 to 100. A model without weights has a count and a
        sparsity of 0, and nan for everything that cannot be said of nothing.

    Raises:
        ValueError: if a percentile is not between 0 and 100.
    """
    ### BEGIN SOLUTION
    if not all(0 <= percentile <= 100 for percentile in percentiles):
        raise ValueError(f"percentiles lie between 0 and 100, got {tuple(percentiles)}")
    if hasattr(model, 'parameters'):
        tensors = list(model.parameters())
    else:
        tensors = [model.weight] if getattr(model, 'weight', None) is not None else []
    matrices = [np.ravel(tensor.data) for tensor in tensors if np.ndim(tensor.data) >= 2]
    weights = np.concatenate(matrices) if matrices else np.array([])
    some, sizes = weights.size > 0, np.abs(weights)

    def share(chosen):
        return float(np.mean(chosen) * 100) if some else float('nan')

    return {
        'total_weights': int(weights.size),
        **{name: float(getattr(np, name)(weights)) if some else float('nan') for name in ('mean', 'std', 'min', 'max')},
        'percentiles': {p: float(np.percentile(sizes, p)) if some else float('nan') for p in percentiles},
        'near_zero_percent': {limit: share(sizes < limit) for limit in (0.001, 0.01, 0.1)},
        'sparsity_percent': share(weights == 0) if some else 0.0,
    }
    ### END SOLUTION

# %% [markdown]
"""
### 🧪 Unit Test: Profiling Helpers
This test holds both helpers to what they promise.
**What we're testing**: a dense layer, a convolution with a rectangular kernel, and a model without weights
**Why it matters**: the modules that follow decide what to optimise from these numbers
**Expected**: exact counts, sensible units, and an error where nothing can be measured
"""

# %% nbgrader={"grade": true, "grade_id": "test_profiling_helpers", "locked": true, "points": 10}
def test_unit_profiling_helpers():
    """🔬 Test quick_profile and analyze_weight_distribution."""
    print("🔬 Unit Test: Profiling Helpers...")

    class Double:
        def forward(self, x):
            return x + x

    # A dense layer: 64 * 32 weights and 32 biases
    dense = Linear(64, 32)
    profile = quick_profile(dense, Tensor(np.ones((4, 64))))
    assert profile['parameters'] == 64 * 32 + 32
    assert profile['flops'] == 64 * 32 * 2
    assert profile['latency_ms'] > 0

    # A convolution whose kernel is 3 high and 2 wide
    conv = Conv2d(2, 4, kernel_size=(3, 2))
    profile = quick_profile(conv, Tensor(np.ones((1, 2, 5, 5))), profiler=Profiler())
    assert profile['parameters'] == 4 * 2 * 3 * 2 + 4
    assert profile['flops'] == 5 * 5 * 3 * 2 * 2 * 4 * 2

    # No weights at all
    assert quick_profile(Double(), Tensor(np.ones((2, 3))))['parameters'] == 0
    nothing = analyze_weight_distribution(Double())
    assert nothing['total_weights'] == 0 and nothing['sparsity_percent'] == 0.0
    assert np.isnan(nothing['mean']) and np.isnan(nothing['percentiles'][50])

    # Known weights: half of them zero, the biases not counted
    dense.weight.data = np.repeat([0.0, -0.5], 64 * 16).reshape(64, 32)
    spread = analyze_weight_distribution(dense, percentiles=(25, 75))
    assert spread['total_weights'] == 64 * 32
    assert spread['sparsity_percent'] == 50.0 and spread['near_zero_percent'][0.1] == 50.0
    assert spread['min'] == -0.5 and spread['max'] == 0.0 and spread['mean'] == -0.25
    assert spread['percentiles'] == {25: 0.0, 75: 0.5}
    assert analyze_weight_distribution(conv)['total_weights'] == 4 * 2 * 3 * 2

    # What cannot be measured is an error, not a latency of zero
    wrong = [
        (TypeError, lambda: quick_profile(object(), Tensor(np.ones((1, 1))))),
        (ValueError, lambda: quick_profile(conv, Tensor(np.ones((2, 2))))),
        (ValueError, lambda: analyze_weight_distribution(dense, percentiles=(50, 101))),
    ]
    for error, attempt in wrong:
        try:
            attempt()
        except error:
            continue
        assert False, f"expected a {error.__name__}"

    print("✅ Profiling helpers work correctly!")

if __name__ == "__main__":
    test_unit_profiling_helpers()
