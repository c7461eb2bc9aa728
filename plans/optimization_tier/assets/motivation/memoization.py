# %% [markdown]
"""
## 🔬 Motivation: What Generation Costs Without a Memory

You have built a transformer that writes one token after another. Each new token looks back at all tokens before it,
so a plain implementation computes the keys and values of the *whole* text again for every single step:
1 + 2 + 3 + ... + n rows of work for a text of n tokens. Twice the text, four times the work.

Do not take our word for it. Profile it with the tools you built yourself, and only then reach for a remedy.
"""

# %% nbgrader={"grade": false, "grade_id": "motivation_memoization", "solution": false}
def motivate_memoization(lengths=(64, 128, 256), width=24):
    """Measure how the time to generate a text grows with its length."""
    from tinytorch.core.layers import Linear
    from tinytorch.profiling.profiler import Profiler
    to_key, to_value = Linear(width, width), Linear(width, width)
    text = np.random.randn(max(lengths), width)
    def generate(length):  # every step computes the keys and values of all tokens so far
        return [(to_key(Tensor(text[:step])), to_value(Tensor(text[:step]))) for step in range(1, length + 1)]
    runs = [[Profiler().measure_latency(generate, length, 0, 1) for length in lengths] for _ in range(16)]
    times = np.min(runs[1:], axis=0)  # the quietest run of each length, after a warmup
    power = np.log(times[-1] / times[0]) / np.log(lengths[-1] / lengths[0])
    print("".join(f"{length:5d} tokens: {ms:8.1f} ms\n" for length, ms in zip(lengths, times)) + f"time ~ length^{power:.2f}")
    assert power > 1.5, f"expected growth near length^2 (linear would be 1), measured length^{power:.2f}"
    assert np.isclose(generate(8)[3][0].data, generate(8)[7][0].data[:4]).all(), "old keys never change"

if __name__ == "__main__":
    motivate_memoization()
