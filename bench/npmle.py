# bench/ · Plain EM for the free joint law, written with numpy as one would: the yardstick of bench/npmle.ts.
# Usage: python3 npmle.py BASE.jsonl RL.jsonl ITERATIONS REPEATS dense|separable
import json
import sys
import time

import numpy as np


def counts(path):
    rows = [json.loads(line) for line in open(path)]
    return np.array([r["c"] for r in rows]), np.array([r["n"] for r in rows])


def table(c, n, grid):
    from math import lgamma

    log_choose = np.array([lgamma(m + 1) - lgamma(k + 1) - lgamma(m - k + 1) for k, m in zip(c, n)])
    inner = log_choose[:, None] + c[:, None] * grid - n[:, None] * np.logaddexp(0, grid)
    return np.hstack([(c == 0)[:, None], np.exp(inner), (c == n)[:, None]]).astype(float)


def dense(a, b, iterations):
    joint = (a[:, :, None] * b[:, None, :]).reshape(len(a), -1)
    w = np.full(joint.shape[1], 1 / joint.shape[1])
    for _ in range(iterations):
        w *= joint.T @ (1 / (joint @ w)) / len(a)
    return np.log(joint @ w).sum()


def separable(a, b, iterations):
    # The likelihood factorises: two small products an iteration instead of one large one.
    w = np.full((a.shape[1], b.shape[1]), 1 / (a.shape[1] * b.shape[1]))
    for _ in range(iterations):
        f = np.einsum("ij,ij->i", a @ w, b)
        w *= a.T @ (b / f[:, None]) / len(a)
    return np.log(np.einsum("ij,ij->i", a @ w, b)).sum()


base, later, iterations, repeats, how = sys.argv[1:]
(c0, n0), (c1, n1) = counts(base), counts(later)
reach = np.log(n0.max()) + 3
grid = np.linspace(-reach, reach, 80)
a, b = table(c0, n0, grid), table(c1, n1, grid)
for _ in range(int(repeats)):
    begun = time.perf_counter()
    log_likelihood = {"dense": dense, "separable": separable}[how](a, b, int(iterations))
    print(json.dumps({"seconds": time.perf_counter() - begun, "logLikelihood": log_likelihood}), flush=True)
