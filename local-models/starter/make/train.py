# Trains the Starter from nothing and writes a checkpoint every minute: `train.py OUT [--steps N] [--minutes M] [--threads T]`.
# The same steps give the same network; `--minutes` ends sooner where the machine is slow.
import argparse
import os
import random
import time
from concurrent.futures import ThreadPoolExecutor

# One core a thread: small matrices are multiplied slower by several together. To be said before torch is loaded.
os.environ.setdefault('OPENBLAS_NUM_THREADS', '1')
import torch
from torch.nn import functional

from form import SAYINGS
from generate import Generator
from model import Starter
from tokenizer import Tokenizer, build

SEED, TOKENS, POOL = 20261127, 2048, 40
HIDDEN_RATE, EMBEDDING_RATE, NORM_RATE = 0.02, 0.004, 0.002


def vocabulary():
    generator = Generator(SEED)
    generator.wild = 0
    texts = [text for _ in range(12000) for text in generator.example()]
    return build(texts + [text for each in SAYINGS.values() for text in each.values()] * 20, 1400)


class Muon(torch.optim.Optimizer):
    """Momentum made orthogonal: fewer steps for the matrices inside."""

    def __init__(self, weights, lr):
        super().__init__(weights, {'lr': lr})

    @torch.no_grad()
    def move(self, weight, rate):
        kept = self.state[weight].setdefault('momentum', torch.zeros_like(weight))
        kept.mul_(0.95).add_(weight.grad)
        x = weight.grad.add(kept, alpha=0.95)
        tall = x.shape[0] > x.shape[1]
        x = x.T if tall else x
        x = x / (x.norm() + 1e-7)
        for _ in range(4):
            a = x @ x.T
            x = 3.4445 * x + (-4.775 * a + 2.0315 * a @ a) @ x
        x = x.T if tall else x
        weight.mul_(1 - rate * 0.05).add_(x, alpha=-rate * max(1, weight.shape[0] / weight.shape[1]) ** 0.5)

    def step(self, pool):
        for group in self.param_groups:
            list(pool.map(lambda weight: self.move(weight, group['lr']), group['params']))


def batches(generator, tokenizer, progress):
    """Examples of like length together: (ids, what follows, weight of each place)."""
    while True:
        done = progress()
        generator.wild = 0.5 + (0.12 - 0.5) * min(1, done / 0.4)
        echoes = 0.3 + (0.02 - 0.3) * min(1, done / 0.2)
        examples, total = [], 0
        while total < TOKENS * POOL:
            asked, answer = generator.echo() if generator.random.random() < echoes else generator.example()
            front = tokenizer.encode(asked)
            ids = front + tokenizer.encode(answer + '<|end|>')
            if len(ids) <= 160:
                examples.append((ids, len(front)))
                total += len(ids)
        examples.sort(key=lambda example: len(example[0]))
        found, batch = [], []
        for example in examples:
            if batch and (len(batch) + 1) * len(example[0]) > TOKENS:
                found.append(batch)
                batch = []
            batch.append(example)
        generator.random.shuffle(found)
        for batch in found:
            length = max(len(ids) for ids, _ in batch) - 1
            ids = torch.zeros(len(batch), length, dtype=torch.long)
            after, weights = ids.clone(), torch.zeros(len(batch), length)
            for row, (tokens, front) in enumerate(batch):
                ids[row, : len(tokens) - 1] = torch.tensor(tokens[:-1])
                after[row, : len(tokens) - 1] = torch.tensor(tokens[1:])
                weights[row, front - 1 : len(tokens) - 1] = 1
                # What is decided first, call or saying and which, matters most.
                weights[row, front - 1 : front + 1] = 2
            yield ids, after, weights


def slopes(model, ids, after, weights, whole):
    """The loss of one part of a batch, as its share of the whole, and its gradients."""
    wanted = weights > 0
    losses = functional.cross_entropy(model(ids, wanted), after[wanted], reduction='none')
    loss = (losses * weights[wanted]).sum() / whole
    return loss.item(), torch.autograd.grad(loss, list(model.parameters()))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('out')
    parser.add_argument('--steps', type=int, default=24000)
    parser.add_argument('--minutes', type=float, default=115)
    parser.add_argument('--threads', type=int, default=2, help='each works on its part of every batch')
    parser.add_argument('--again', help='a checkpoint to go on from, with a schedule of its own')
    options = parser.parse_args()
    torch.set_num_threads(1)
    pool = ThreadPoolExecutor(options.threads)
    torch.manual_seed(SEED)
    random.seed(SEED)
    kept = torch.load(options.again) if options.again else None
    tokens = kept['tokens'] if kept else vocabulary()
    tokenizer, generator = Tokenizer(tokens), Generator(SEED + (kept['step'] if kept else 1))
    model = Starter(len(tokens))
    if kept:
        model.load_state_dict(kept['model'])
    matrices = [weight for name, weight in model.named_parameters() if weight.dim() == 2 and 'embedding' not in name]
    norms = [weight for weight in model.parameters() if weight.dim() == 1]
    optimisers = [Muon(matrices, HIDDEN_RATE), torch.optim.AdamW([{'params': [model.embedding.weight], 'lr': EMBEDDING_RATE}, {'params': norms, 'lr': NORM_RATE}], betas=(0.9, 0.98), weight_decay=0)]
    rates = [group['lr'] for optimiser in optimisers for group in optimiser.param_groups]
    print(f'{sum(weight.numel() for weight in model.parameters()):,} parameters, {len(tokens)} tokens', flush=True)
    state = {'step': 0, 'seconds': 0.0}
    progress = lambda: max(state['step'] / options.steps, state['seconds'] / 60 / options.minutes)
    feed = batches(generator, tokenizer, progress)
    seen, running, saved = 0, None, -40.0
    began = time.monotonic()
    while progress() < 1:
        ids, after, weights = next(feed)
        done = progress()
        scale = min(1, (state['step'] + 1) / 60) * (1 if done < 0.3 else max(0.01, (1 - done) / 0.7))
        for group, rate in zip([group for optimiser in optimisers for group in optimiser.param_groups], rates):
            group['lr'] = rate * scale
        parts = zip(*(tensor.chunk(options.threads) for tensor in (ids, after, weights)))
        found = list(pool.map(lambda part: slopes(model, *part, weights.sum()), parts))
        for weight, *grads in zip(model.parameters(), *(grads for _, grads in found)):
            weight.grad = sum(grads)
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimisers[0].step(pool)
        optimisers[1].step()
        seen += int(ids.numel())
        loss = sum(loss for loss, _ in found)
        running = loss if running is None else 0.98 * running + 0.02 * loss
        state['step'] += 1
        state['seconds'] = time.monotonic() - began
        if state['step'] % 25 == 0:
            print(f"step {state['step']} {done:.0%} loss {running:.4f} {seen:,} tokens {seen / state['seconds']:.0f}/s {state['seconds']:.0f} s", flush=True)
        if state['seconds'] - saved > 60 or progress() >= 1:
            saved = state['seconds']
            torch.save({'model': model.state_dict(), 'tokens': tokens, 'step': state['step'] + (kept['step'] if kept else 0), 'seconds': state['seconds'], 'seen': seen}, options.out)


if __name__ == '__main__':
    main()
