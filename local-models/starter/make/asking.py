# Writes electron/models/starter/asking.json: the words with which people ask, beside what they ask for. Where others are left over, something was lost: the guards ask back.
import json
import re
import unicodedata
from collections import Counter

from form import ROOT
from generate import Generator

KINDS = ['remind time', 'remind recurring', 'remember', 'forget', 'cancel', 'change', 'calc', 'convert', 'date']
SAMPLES, LEAST = 12000, 24
# Said of when, never of asking.
TIMES = set('每周天月年日号')


def plain(text):
    return re.sub(r'\s+', ' ', unicodedata.normalize('NFKC', text).lower()).strip()


def words_left(text, values):
    for value in sorted(map(plain, values), key=len, reverse=True):
        if value not in text:
            return set()
        text = text.replace(value, ' ', 1)
    return set(re.findall(r"[\u4e00-\u9fff]|[^\W\u4e00-\u9fff_']+(?:'[^\W\u4e00-\u9fff_]+)?", text))


def main():
    generator = Generator(77)
    asking = {}
    for language in ('en', 'zh'):
        for kind in KINDS:
            found = Counter()
            for _ in range(SAMPLES):
                request, _, answer = generator.answered(kind, language)
                found.update(words_left(plain(request), answer[1].values()) - TIMES)
            asking.setdefault(kind.split()[0], set()).update(word for word, times in found.items() if times >= LEAST)
    lines = [f'  "{name}": {json.dumps(" ".join(sorted(words)), ensure_ascii=False)}' for name, words in asking.items()]
    (ROOT / 'electron' / 'models' / 'starter' / 'asking.json').write_text('{\n' + ',\n'.join(lines) + '\n}\n', 'utf8')


if __name__ == '__main__':
    main()
