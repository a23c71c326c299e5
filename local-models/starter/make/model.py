# The Starter's network: Llama's architecture, small enough to train on two cores; its output is its embedding.
import math

import torch
from torch import nn
from torch.nn import functional

WIDTH, LAYERS, HEADS, FORWARD, CONTEXT, BASE, EPSILON = 160, 4, 5, 448, 4096, 10000.0, 1e-5


class Norm(nn.Module):
    def __init__(self):
        super().__init__()
        self.weight = nn.Parameter(torch.ones(WIDTH))

    def forward(self, x):
        return x * torch.rsqrt(x.pow(2).mean(-1, keepdim=True) + EPSILON) * self.weight


def turns(length):
    """Cosines and sines of the rotary positions, for the half-split form."""
    half = WIDTH // HEADS // 2
    speeds = BASE ** (-torch.arange(half, dtype=torch.float32) / half)
    angles = torch.arange(length, dtype=torch.float32)[:, None] * speeds
    return torch.cat([angles.cos(), angles.cos()], -1), torch.cat([angles.sin(), angles.sin()], -1)


def rotate(x, cosines, sines):
    left, right = x.chunk(2, -1)
    return x * cosines + torch.cat([-right, left], -1) * sines


class Layer(nn.Module):
    def __init__(self):
        super().__init__()
        self.attn_norm, self.ffn_norm = Norm(), Norm()
        self.q, self.k, self.v, self.o = (nn.Linear(WIDTH, WIDTH, bias=False) for _ in range(4))
        self.gate, self.up = (nn.Linear(WIDTH, FORWARD, bias=False) for _ in range(2))
        self.down = nn.Linear(FORWARD, WIDTH, bias=False)

    def forward(self, x, cosines, sines, mask):
        batch, length, _ = x.shape
        h = self.attn_norm(x)
        # One multiplication for three is faster.
        queries, v = (h @ torch.cat([self.q.weight, self.k.weight, self.v.weight]).T).view(batch, length, 3 * HEADS, -1).transpose(1, 2).split([2 * HEADS, HEADS], 1)
        q, k = rotate(queries, cosines, sines).chunk(2, 1)
        weights = (q @ k.transpose(-1, -2) / math.sqrt(WIDTH // HEADS) + mask).softmax(-1)
        x = x + self.o((weights @ v).transpose(1, 2).reshape(batch, length, WIDTH))
        h = self.ffn_norm(x)
        gate, up = (h @ torch.cat([self.gate.weight, self.up.weight]).T).chunk(2, -1)
        return x + self.down(functional.silu(gate) * up)


class Starter(nn.Module):
    def __init__(self, vocabulary):
        super().__init__()
        self.embedding = nn.Embedding(vocabulary, WIDTH)
        self.layers = nn.ModuleList(Layer() for _ in range(LAYERS))
        self.norm = Norm()
        for name, weight in self.named_parameters():
            if weight.dim() == 2:
                shrink = math.sqrt(2 * LAYERS) if name.endswith(('o.weight', 'down.weight')) else 1
                nn.init.normal_(weight, std=0.02 if 'embedding' in name else 1 / math.sqrt(weight.shape[1]) / shrink)

    def forward(self, ids, wanted=None):
        """Scores for every place, or only for those where `wanted` (a mask) is true: most of a prompt is not learned."""
        length = ids.shape[1]
        cosines, sines = turns(length)
        mask = torch.full((length, length), float('-inf')).triu(1)
        x = self.embedding(ids)
        for layer in self.layers:
            x = layer(x, cosines, sines, mask)
        x = self.norm(x)
        return (x if wanted is None else x[wanted]) @ self.embedding.weight.T
