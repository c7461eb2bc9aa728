# %% [markdown]
"""
## Motivation: Arithmetic, Not Memory

A product of two n by n matrices touches n^2 numbers and computes n^3 products. If the time grows like the products, the
product is compute-bound, and only a better way of computing helps.
"""

# %%
def motivate_acceleration(sides=(12, 24, 48)):
    """Measure how the time of a product grows with the side of the matrices."""
    import math
    from cairn.core.arrays import Array
    from cairn.profiling.profiler import Profiler
    squares = [Array([[0.5] * side] * side) for side in sides]
    runs = [[Profiler().measure_latency(lambda: square @ square, repeats=1) for square in squares] for _ in range(25)]
    times = [min(column) for column in zip(*runs)]  # the quietest run of each side: others use the machine too
    power = math.log(times[-1] / times[0]) / math.log(sides[-1] / sides[0])
    print(f"from {sides[0]} to {sides[-1]} rows: {times[0]:.2f} to {times[-1]:.2f} ms, time ~ side^{power:.2f}")
    assert power > 2.3, f"expected growth near side^3 (memory-bound would be 2), measured side^{power:.2f}"

if __name__ == "__main__":
    motivate_acceleration()
