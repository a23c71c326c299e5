# The Starter's vocabulary, as llama.cpp's "llama" tokenizer reads it: marks, scaffold, bytes, characters, and pieces of words merged by frequency.
# Spaces, digits and Chinese characters stand alone, so that a value is copied token by token.
import re
from collections import Counter, defaultdict

from form import CONTROL, SYSTEM, scaffold

NORMAL, UNKNOWN, CONTROL_KIND, DEFINED, BYTE = 1, 2, 3, 4, 6
SPACE = '▁'


def level_one():
    """The 3,755 characters of everyday Chinese (GB 2312, first level)."""
    rows = [bytes([high, low]) for high in range(0xB0, 0xD8) for low in range(0xA1, 0xFF)]
    return [row.decode('gb2312') for row in rows if not (row[0] == 0xD7 and row[1] > 0xF9)]


def signs():
    latin = [chr(n) for n in range(33, 127)] + list('äöüßÄÖÜéèêàâçñóíáúåøæœ°€£')
    return latin + list('，。？！：；、（）《》“”‘’…—·×÷￥～％　')


def merges(counts, wanted):
    """The commonest pairs of letters in words, joined again and again; in order of joining."""
    words = {word: list(word) for word in counts}
    pairs, places = Counter(), defaultdict(set)

    def tally(word, sign):
        for pair in zip(words[word], words[word][1:]):
            pairs[pair] += sign * counts[word]
            places[pair].add(word)

    for word in words:
        tally(word, 1)
    found = []
    while len(found) < wanted:
        (left, right), seen = max(pairs.items(), key=lambda item: (item[1], item[0]))
        if seen < 3:
            break
        found.append(left + right)
        for word in sorted(places[left, right]):
            tally(word, -1)
            parts, at = words[word], 0
            while at < len(parts) - 1:
                if parts[at] == left and parts[at + 1] == right:
                    parts[at : at + 2] = [left + right]
                at += 1
            tally(word, 1)
    return list(dict.fromkeys(found))


def build(texts, wanted):
    """Tokens as (text, score, kind), in order of id."""
    counts = Counter(word for text in texts for word in re.findall(r'[A-Za-z]{2,}', text))
    counts = {word: min(count, 2000) for word, count in counts.items() if count > 1}
    characters = Counter(character for text in texts for character in text if ord(character) > 127)
    extra = [character for character, count in characters.items() if count > 1]
    singles = list(dict.fromkeys([SPACE, *signs(), *level_one(), *sorted(extra)]))
    pieces = merges(counts, wanted)
    return [
        ('<unk>', 0.0, UNKNOWN),
        *((mark, 0.0, CONTROL_KIND) for mark in CONTROL),
        *((mark, 0.0, DEFINED) for mark in scaffold()),
        *((f'<0x{n:02X}>', 0.0, BYTE) for n in range(256)),
        *((piece, -float(rank), NORMAL) for rank, piece in enumerate(pieces)),
        *((single, -float(len(pieces) + rank), NORMAL) for rank, single in enumerate(singles)),
    ]


class Tokenizer:
    def __init__(self, tokens):
        self.tokens = tokens
        self.ids = {text: at for at, (text, _, _) in enumerate(tokens)}
        self.scores = {text: score for text, score, kind in tokens if kind == NORMAL}
        self.marks = re.compile('(' + '|'.join(re.escape(text) for text in sorted([*CONTROL, *scaffold()], key=len, reverse=True)) + ')')
        self.known = {}

    def encode(self, text):
        """Text of our own: marks become their tokens."""
        return [token for part in self.marks.split(text) if part for token in ([self.ids[part]] if self.marks.fullmatch(part) else self.plain(part))]

    def plain(self, text):
        """Text of people: never a mark."""
        found = []
        for run in re.findall(r'[A-Za-z]+|[^A-Za-z]', text.replace(' ', SPACE)):
            if run not in self.known:
                self.known[run] = [token for part in self.joined(run) for token in self.single(part)]
            found += self.known[run]
        return found

    def single(self, part):
        return [self.ids[part]] if part in self.scores else [self.ids[f'<0x{byte:02X}>'] for byte in part.encode()]

    def joined(self, word):
        """As SentencePiece joins: the best pair first, the leftmost of equals."""
        parts = list(word)
        while True:
            best = max(((self.scores[a + b], -at) for at, (a, b) in enumerate(zip(parts, parts[1:])) if a + b in self.scores), default=None)
            if best is None:
                return parts
            at = -best[1]
            parts[at : at + 2] = [parts[at] + parts[at + 1]]

    def decode(self, ids):
        out = bytearray()
        for token in ids:
            text, _, kind = self.tokens[token]
            out += bytes([int(text[3:5], 16)]) if kind == BYTE else text.replace(SPACE, ' ').encode()
        return out.decode('utf8', 'replace')
