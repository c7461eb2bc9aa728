# %% [markdown]
"""
## Motivation: What a Token Costs Without a Memory

Token number n hears all tokens before it. A decoder that remembers nothing computes the whole square for each new one.
"""

# %%
def motivate_memoization(lengths=(32, 64, 128)):
    """Measure how the time for one more token grows with the length of the text."""
    import math
    from cairn.core.decoder import Decoder
    from cairn.profiling.profiler import Profiler
    decoder = Decoder(6)
    runs = [[Profiler().measure_latency(lambda: decoder.scores([1] * length), 1) for length in lengths] for _ in range(15)]
    times = [min(column) for column in zip(*runs)]  # the quietest run of each length: others use the machine too
    power = math.log(times[-1] / times[0]) / math.log(lengths[-1] / lengths[0])
    print("".join(f"{length:4d} tokens {ms:8.2f} ms\n" for length, ms in zip(lengths, times)) + f"time ~ length^{power:.2f}")
    assert power > 1.5, f"expected growth near length^2 (linear would be 1), measured length^{power:.2f}"

if __name__ == "__main__":
    motivate_memoization()
