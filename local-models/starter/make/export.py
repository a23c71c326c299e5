# Writes the trained network as GGUF, its matrices in Q8_0: `export.py CHECKPOINT OUT`.
import struct
import sys

import numpy
import torch

from form import END, NACRE, TEMPLATE
from model import BASE, CONTEXT, EPSILON, FORWARD, HEADS, LAYERS, WIDTH

ALIGNMENT = 32
F32, Q8_0 = 0, 8


def text(value):
    data = value.encode()
    return struct.pack('<Q', len(data)) + data


def pair(key, value):
    kind, form = {bool: (7, '<B'), int: (4, '<I'), float: (6, '<f')}.get(type(value), (None, None))
    if form:
        return text(key) + struct.pack('<I', kind) + struct.pack(form, value)
    if isinstance(value, str):
        return text(key) + struct.pack('<I', 8) + text(value)
    item = {str: 8, float: 6, int: 5}[type(value[0])]
    body = b''.join(text(one) if item == 8 else struct.pack('<f' if item == 6 else '<i', one) for one in value)
    return text(key) + struct.pack('<IIQ', 9, item, len(value)) + body


def quantised(values):
    """Q8_0: 32 values share a scale in half precision."""
    blocks = values.astype(numpy.float32).reshape(-1, 32)
    scales = numpy.abs(blocks).max(1, keepdims=True) / 127
    whole = numpy.rint(blocks / numpy.where(scales == 0, 1, scales)).astype(numpy.int8)
    return numpy.concatenate([scales.astype(numpy.float16).view(numpy.int8).reshape(-1, 2), whole], 1).tobytes()


def permuted(weight):
    """llama.cpp turns neighbouring pairs where training turned halves."""
    return weight.reshape(HEADS, 2, WIDTH // HEADS // 2, WIDTH).swapaxes(1, 2).reshape(WIDTH, WIDTH)


def tensors(state):
    names = {'q': 'attn_q', 'k': 'attn_k', 'v': 'attn_v', 'o': 'attn_output', 'gate': 'ffn_gate', 'up': 'ffn_up', 'down': 'ffn_down'}
    yield 'token_embd.weight', state['embedding.weight'].numpy()
    for at in range(LAYERS):
        for part in ('attn_norm', 'ffn_norm'):
            yield f'blk.{at}.{part}.weight', state[f'layers.{at}.{part}.weight'].numpy()
        for part, name in names.items():
            weight = state[f'layers.{at}.{part}.weight'].numpy()
            yield f'blk.{at}.{name}.weight', permuted(weight) if part in 'qk' else weight
    yield 'output_norm.weight', state['norm.weight'].numpy()


def encode(state, tokens):
    ids = {token[0]: at for at, token in enumerate(tokens)}
    pairs = {
        'general.architecture': 'llama', 'general.name': 'Nacre Starter', 'general.file_type': 7,
        'llama.vocab_size': len(tokens), 'llama.context_length': CONTEXT, 'llama.embedding_length': WIDTH, 'llama.block_count': LAYERS,
        'llama.feed_forward_length': FORWARD, 'llama.attention.head_count': HEADS, 'llama.attention.head_count_kv': HEADS,
        'llama.rope.dimension_count': WIDTH // HEADS, 'llama.rope.freq_base': BASE, 'llama.attention.layer_norm_rms_epsilon': EPSILON,
        'tokenizer.ggml.model': 'llama', 'tokenizer.ggml.pre': 'default',
        'tokenizer.ggml.tokens': [token[0] for token in tokens], 'tokenizer.ggml.scores': [token[1] for token in tokens],
        'tokenizer.ggml.token_type': [token[2] for token in tokens],
        'tokenizer.ggml.bos_token_id': ids[NACRE], 'tokenizer.ggml.eos_token_id': ids[END], 'tokenizer.ggml.unknown_token_id': 0,
        'tokenizer.ggml.add_bos_token': False, 'tokenizer.ggml.add_space_prefix': False, 'tokenizer.chat_template': TEMPLATE,
    }
    head, body = [], b''
    for name, values in tensors(state):
        kind = F32 if values.ndim == 1 else Q8_0
        head.append(text(name) + struct.pack('<I', values.ndim) + b''.join(struct.pack('<Q', size) for size in reversed(values.shape)) + struct.pack('<IQ', kind, len(body)))
        bytes_ = values.astype('<f4').tobytes() if kind == F32 else quantised(values)
        body += bytes_ + b'\0' * (-len(bytes_) % ALIGNMENT)
    front = b'GGUF' + struct.pack('<IQQ', 3, len(head), len(pairs)) + b''.join(pair(*item) for item in pairs.items()) + b''.join(head)
    return front + b'\0' * (-len(front) % ALIGNMENT) + body


if __name__ == '__main__':
    kept = torch.load(sys.argv[1])
    with open(sys.argv[2], 'wb') as out:
        out.write(encode({name: value.float() for name, value in kept['model'].items()}, kept['tokens']))
