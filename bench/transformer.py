# bench/ · The training step of the worlds' transformer in numpy, float32, as fast as it comes: the yardstick of bench/transformer.ts.
# Usage: python3 transformer.py DIRECTORY, which holds given.json, weights.f32 and tokens.i32. Writes a line of JSON with the
# gradient of the mean loss, then answers every line on its input by one training step (forward, backward, AdamW) and its seconds.
import json
import sys
import time

import numpy as np


class Decoder:
    """Tensors lie in one flat array as in shape.ts: query, key and value are neighbours and so one map, gate and up too."""

    def __init__(self, shape, weights, rows, columns):
        self.shape, self.rows, self.columns = shape, rows, columns
        self.weights, self.gradient = weights, np.zeros_like(weights)
        self.first, self.second, self.steps = np.zeros_like(weights), np.zeros_like(weights), 0
        self.w, self.d = self.parts(self.weights), self.parts(self.gradient)
        half = shape["width"] // shape["heads"] // 2
        angles = np.outer(np.arange(columns), shape["ropeBase"] ** (-np.arange(half) / half))
        self.turn = np.exp(1j * angles).astype(np.complex64)[:, None, :]
        self.future = np.triu(np.full((columns, columns), -np.inf, np.float32), 1)

    def parts(self, flat):
        vocabulary, width, hidden = (self.shape[k] for k in ("vocabulary", "width", "hidden"))
        at = 0

        def take(*dimensions):
            nonlocal at
            size = int(np.prod(dimensions))
            at += size
            return flat[at - size : at].reshape(dimensions)

        embedding = take(vocabulary, width)
        layers = [
            {
                "norm": take(width),
                "qkv": take(3 * width, width),
                "out": take(width, width),
                "norm2": take(width),
                "gate_up": take(2 * hidden, width),
                "down": take(width, hidden),
            }
            for _ in range(self.shape["layers"])
        ]
        return {"embedding": embedding, "layers": layers, "norm": take(width)}

    def norm(self, x, gain):
        scale = 1 / np.sqrt(np.einsum("ni,ni->n", x, x) / x.shape[1] + np.float32(self.shape["normEpsilon"]))
        unit = x * scale[:, None]
        return unit * gain, unit, scale

    def norm_back(self, dy, kept, gain, d_gain):
        unit, scale = kept
        np.einsum("ni,ni->i", dy, unit, out=d_gain)
        dx = dy * gain
        dx -= unit * (np.einsum("ni,ni->n", dx, unit) / dx.shape[1])[:, None]
        dx *= scale[:, None]
        return dx

    def heads(self, x):
        """[rows · columns, width] as [rows, heads, columns, head width], without a copy."""
        return x.reshape(self.rows, self.columns, self.shape["heads"], -1).transpose(0, 2, 1, 3)

    def rotate(self, x, turn):
        """Turns queries and keys where they stand: pairs (2i, 2i + 1) as complex numbers."""
        pairs = x.view(np.complex64).reshape(self.rows, self.columns, -1, turn.shape[-1])
        pairs[:, :, : 2 * self.shape["heads"]] *= turn

    def forward(self, tokens):
        width, hidden = self.shape["width"], self.shape["hidden"]
        scale = np.float32((width // self.shape["heads"]) ** -0.5)
        x = self.w["embedding"][tokens]
        kept = []
        for w in self.w["layers"]:
            n, *norm = self.norm(x, w["norm"])
            qkv = n @ w["qkv"].T
            self.rotate(qkv, self.turn)
            q, k, v = (self.heads(part) for part in np.split(qkv, 3, axis=1))
            p = (q * scale) @ k.transpose(0, 1, 3, 2)
            p += self.future
            p -= p.max(-1, keepdims=True)
            np.exp(p, out=p)
            p /= p.sum(-1, keepdims=True)
            mixed = np.empty_like(x)
            self.heads(mixed)[...] = p @ v
            x = x + mixed @ w["out"].T
            n2, *norm2 = self.norm(x, w["norm2"])
            gate_up = n2 @ w["gate_up"].T
            gate, up = gate_up[:, :hidden], gate_up[:, hidden:]
            open_ = np.exp(-gate)
            open_ += 1
            np.reciprocal(open_, out=open_)
            silu = gate * open_
            middle = silu * up
            x = x + middle @ w["down"].T
            kept.append((n, norm, (q, k, v), p, mixed, n2, norm2, (gate, up, open_, silu), middle))
        n, *norm = self.norm(x, self.w["norm"])
        return n @ self.w["embedding"].T, n, norm, kept

    def backward(self, tokens, coefficients):
        """Gradient of Σ coefficients · log p(token) into self.gradient; coefficients [rows, columns], those of first tokens unread."""
        width, hidden = self.shape["width"], self.shape["hidden"]
        scale = np.float32((width // self.shape["heads"]) ** -0.5)
        ids = tokens.reshape(-1)
        logits, n, norm, kept = self.forward(ids)
        # Row t predicts token t + 1; the last of each row predicts nothing.
        c = np.zeros((self.rows, self.columns), np.float32)
        c[:, :-1] = coefficients[:, 1:]
        logits -= logits.max(-1, keepdims=True)
        np.exp(logits, out=logits)
        logits *= (-c.reshape(-1) / logits.sum(-1))[:, None]
        logits[np.arange(len(ids)), np.roll(ids, -1)] += c.reshape(-1)
        d_embedding = self.d["embedding"]
        np.matmul(logits.T, n, out=d_embedding)
        dx = self.norm_back(logits @ self.w["embedding"], norm, self.w["norm"], self.d["norm"])
        for w, d, (n, norm, (q, k, v), p, mixed, n2, norm2, (gate, up, open_, silu), middle) in zip(
            self.w["layers"][::-1], self.d["layers"][::-1], kept[::-1]
        ):
            np.matmul(dx.T, middle, out=d["down"])
            d_middle = dx @ w["down"]
            d_gate_up = np.empty((len(dx), 2 * hidden), np.float32)
            np.multiply(d_middle, silu, out=d_gate_up[:, hidden:])
            # silu′ = open · (1 + gate − silu)
            slope = np.subtract(gate, silu, out=silu)
            slope += 1
            slope *= open_
            slope *= up
            np.multiply(d_middle, slope, out=d_gate_up[:, :hidden])
            np.matmul(d_gate_up.T, n2, out=d["gate_up"])
            dx += self.norm_back(d_gate_up @ w["gate_up"], norm2, w["norm2"], d["norm2"])
            np.matmul(dx.T, mixed, out=d["out"])
            d_mixed = self.heads(dx @ w["out"])
            d_qkv = np.empty((len(dx), 3 * width), np.float32)
            dq, dk, dv = (self.heads(part) for part in np.split(d_qkv, 3, axis=1))
            dv[...] = p.transpose(0, 1, 3, 2) @ d_mixed
            d_scores = d_mixed @ v.transpose(0, 1, 3, 2)
            d_scores -= np.einsum("bhts,bhts->bht", d_scores, p)[..., None]
            d_scores *= p
            d_scores *= scale
            dq[...] = d_scores @ k
            dk[...] = d_scores.transpose(0, 1, 3, 2) @ q
            self.rotate(d_qkv, self.turn.conj())
            np.matmul(d_qkv.T, n, out=d["qkv"])
            dx += self.norm_back(d_qkv @ w["qkv"], norm, w["norm"], d["norm"])
        one_hot = np.zeros((self.shape["vocabulary"], len(ids)), np.float32)
        one_hot[ids, np.arange(len(ids))] = 1
        d_embedding += one_hot @ dx
        return self.gradient

    def adam_w(self, rate, decay, longest, beta1=0.9, beta2=0.98, epsilon=1e-8):
        """I. Loshchilov & F. Hutter (2019), arXiv 1711.05101, on the gradient shortened to length `longest`."""
        self.steps += 1
        self.gradient *= min(1, longest / np.sqrt(self.gradient @ self.gradient))
        self.first *= beta1
        self.first += (1 - beta1) * self.gradient
        self.second *= beta2
        self.second += (1 - beta2) * np.square(self.gradient)
        root = np.sqrt(self.second / (1 - beta2**self.steps))
        root += epsilon
        self.weights *= 1 - rate * decay
        self.weights -= (rate / (1 - beta1**self.steps)) * self.first / root


def product_speed():
    """GFLOP/s of a product of two matrices: tells a fast BLAS from the reference one."""
    a = np.ones((1024, 1024), np.float32)
    a @ a
    begun = time.perf_counter()
    a @ a
    return 2 * 1024**3 / (time.perf_counter() - begun) / 1e9


directory = sys.argv[1]
given = json.load(open(f"{directory}/given.json"))
rows, columns, optimiser = given["rows"], given["columns"], given["optimiser"]
tokens = np.fromfile(f"{directory}/tokens.i32", np.int32).reshape(rows, columns)
decoder = Decoder(given["shape"], np.fromfile(f"{directory}/weights.f32", np.float32), rows, columns)
coefficients = np.full((rows, columns), -1 / (rows * (columns - 1)), np.float32)
gradient = decoder.backward(tokens, coefficients).astype(float).tolist()
print(json.dumps({"numpy": np.__version__, "speed": product_speed(), "gradient": gradient}), flush=True)
for _ in sys.stdin:
    begun = time.perf_counter()
    decoder.backward(tokens, coefficients)
    decoder.adam_w(optimiser["learningRate"], optimiser["weightDecay"], optimiser["maxGradientNorm"])
    print(time.perf_counter() - begun, flush=True)
