# Makes the Starter's training examples: requests put together from the patterns, each with what should be answered. Seeded, endless, standard library only.
import json
import random
import re
from pathlib import Path

import beyond
import chinese
import english
import more
from form import CALLS, SAYINGS, prompt, written
from slots import SLOTS, odd, zodd

MODULES = {'en': english, 'zh': chinese}
WEIGHTS = {
    'remind time': 12, 'remind recurring': 9, 'ask when': 6, 'ask what': 4, 'ask fact': 1.5, 'ask file': 2, 'ask where': 2, 'ask which': 2, 'ask name': 2,
    'remember': 6, 'recall': 6, 'forget': 2.5, 'tasks': 3, 'cancel': 5.5, 'change': 5, 'list': 3.5, 'find': 4, 'read': 3.5, 'move': 4.5, 'rename': 2.5, 'folder': 2, 'delete': 2,
    'total': 3, 'count': 2, 'calc': 3.5, 'convert': 3, 'time': 1.2, 'date': 3, 'run': 1.5, 'background': 2,
    'say greet': 1.6, 'say thanks': 1.4, 'say bye': 1.6, 'say self': 1.6, 'say help': 1.6, 'say beyond': 16, 'follow': 14,
}
# Follow-ups: what came before, what is said now, the call. Values in braces come from what came before.
FOLLOW = {
    'en': [
        ('ask when', '[ok, |hm |] <when:times>[ please| then]', 'remind what={what}'), ('ask when', '[ok, |]<when:times>(, please|!|.|)', 'remind what={what}'), ('ask when', '(make it|let us say|say|maybe) <when:times>', 'remind what={what}'), ('ask when', '<when:recurring>[ please]', 'remind what={what}'),
        ('ask what', '[to |that I should |I have to |I need to |about ]<what:deeds>', 'remind when={when}'), ('ask what', '[of |about |the thing with |it is about ]<what:events>[ please]', 'remind when={when}'), ('ask what', 'that <what:clauses>', 'remind when={when}'),
        ('ask what bare', '[to ]<what:deeds> <when:times>', 'remind'), ('ask what bare', '<what:events>(,|) <when:times>', 'remind'), ('ask what bare', '<when:times>(:|,) <what:deeds>', 'remind'),
        ('ask fact', '[that ]<fact:facts>', 'remember'), ('ask fact', '<fact:facts>[, please]', 'remember'),
        ('ask where', '[to |into |in the folder |the folder |please to |put it in ]<to:folders>[ please| folder]', 'move what={what}'),
        ('rename', '[to |call it |name it |it should be called |please ]<to:files>', 'rename path={path}', 'ask name'), ('ask name bare', '[call it |name it |it is called |let us call it ]<name:folders>[ please]', 'folder'),
        ('ask file read', '[the file |it is |I mean |open |read |please ]<path:files>[ please]', 'read'), ('ask which bare', '[the one |the reminder |that |I mean ](about|with|for|to) <which:whichs2>', 'cancel'), ('ask which bare', '(the |my )<which:whichs>( one| reminder|)', 'cancel'), ('ask which bare', '(the |)<which:ordinals>( one|)', 'cancel'),
        ('remind', '(no, |no |sorry, |not then, |actually |oh wait, |)(make it |I meant |rather |better |change it to |move it to |let us say |it should be |)<when:newtimes>[ please| instead]', 'change which=last'), ('remind', '(no, |no |sorry, |actually |wait, )<when:clocks>[ please| instead]', 'change which=last'),
        ('remind', '(cancel|delete|remove|drop|undo|scrap|stop) (that|it|this|that one|the last one|this reminder|that reminder)[ please| again]', 'cancel which=last'), ('remind', '(no, |actually |)(I do not need it any more|delete it again|take it back)', 'cancel which=last'), ('remind', '(also|and|and also|and then|plus) (remind me |)to <what:deeds> <when:times>', 'remind'),
        ('tasks', '(cancel|delete|remove|drop|stop) (the |number |)<which:ordinals>( one|)[ please]', 'cancel'), ('tasks', '(cancel|delete|remove|drop) (them |)<which:(all|everything)>( of them|)[ please]', 'cancel'), ('tasks', '(move|change|push|reschedule|set) (the |)<which:ordinals>( one|) to <when:newtimes>', 'change'), ('tasks', '(cancel|delete|drop) the <which:whichs>( one| reminder)', 'cancel'), ('tasks', 'the <which:ordinals> one (can go|is done|is not needed)', 'cancel'),
        ('read', '(and|what about|now|and now|then|also|and what about|how about) <path:files>[?]', 'read'), ('list', '(and|what about|and in|now|and what is in|and inside|how about|what about in) (the |)<path:folders>( folder|)[?]', 'list'), ('date', '(and|what about|and what about|and what is|how about|then) <when:dateday>[?]', 'date'), ('calc', '(and|what about|and what is|now|how about|then) <sum:sums>[?]', 'calc'), ('total', '(and|what about|now|and the|how about) (the |)<column:columns>( column|)[?]', 'total path={path}'), ('find', '(and|what about|now|and also|how about) <name:finds>[?]', 'find'), ('recall', '(and|what about|and what about|how about) <about:abouts>[?]', 'recall'), ('count', '(and|what about|and in|how about) <path:csvs>[?]', 'count'), ('delete', '(and|also|and also) <path:files>', 'delete'),
    ],
    'zh': [
        ('ask when', '(嗯，|好，|那就|就|)<when:times>(吧|。|好了|)', 'remind what={what}'), ('ask when', '<when:times>', 'remind what={what}'), ('ask when', '<when:recurring>(吧|)', 'remind what={what}'), ('ask when', '(大概|改成|定在|)<when:times>(提醒|)', 'remind what={what}'),
        ('ask what', '(去|要|是|我要|)<what:deeds>', 'remind when={when}'), ('ask what', '(关于|是|)<what:events>(的事|)', 'remind when={when}'), ('ask what', '<what:clauses>', 'remind when={when}'),
        ('ask what bare', '<when:times>(，|)<what:deeds>', 'remind'), ('ask what bare', '<what:deeds>，<when:times>', 'remind'), ('ask what bare', '<when:times><what:events>', 'remind'),
        ('ask fact', '<fact:facts>', 'remember'), ('ask fact', '(就是|记：|)<fact:facts>', 'remember'),
        ('ask where', '(移到|放到|到|放进|放在|挪到|)<to:folders>(文件夹|里|吧|)', 'move what={what}'), ('rename', '(叫|改成|改为|就叫|名字是|改叫|)<to:files>(吧|)', 'rename path={path}', 'ask name'), ('ask name bare', '(叫|就叫|名字叫|名字是|)<name:folders>(吧|)', 'folder'),
        ('ask file read', '(是|就是|读|打开|我说的是|)<path:files>(吧|)', 'read'), ('ask which bare', '<which:whichs>(的|那个|的那个|那条)(提醒|)(吧|)', 'cancel'), ('ask which bare', '<which:nth>(吧|)', 'cancel'), ('ask which bare', '(关于|)<which:whichs>的', 'cancel'),
        ('remind', '(不对，|不，|错了，|还是|哦不，|不是，|)(改成|改到|应该是|换成|我是说|改为|定在|是|)<when:newtimes>(吧|才对|)', 'change which=last'), ('remind', '(不，|不对，|错了，|还是)<when:clocks>(吧|)', 'change which=last'), ('remind', '(取消|删掉|删了|撤销|不要了|去掉|停掉)(这个|它|刚才的|这条|吧|掉吧|刚才那个|那个提醒)', 'cancel which=last'), ('remind', '(刚才那个|这个|把它|把刚才的)(取消|删了|删掉|不要了|撤了)(吧|)', 'cancel which=last'), ('remind', '(还有|再|另外|也)(，|)<when:times>提醒我<what:deeds>', 'remind'),
        ('tasks', '(取消|删掉|去掉|删除|停掉)<which:nth>(吧|)', 'cancel'), ('tasks', '(都|全|)(取消|删掉|清空)<which:(全部|所有|所有的)>(吧|)', 'cancel'), ('tasks', '(把|)<which:nth>(改到|改成|挪到|推迟到|移到)<when:newtimes>(吧|)', 'change'), ('tasks', '(把|)<which:whichs>(那个|的)(取消|删掉|删了)(吧|)', 'cancel'), ('tasks', '<which:nth>(不要了|完成了，删掉|可以删了)', 'cancel'),
        ('read', '(那|还有|再看看|再读|然后|接着读)<path:files>(呢|)(？|)', 'read'), ('list', '(那|还有|再看看|再看|)<path:folders>(里|文件夹|)(呢|)(？|)', 'list'), ('date', '(那|还有|那么|)<when:dateday>(呢|是几号)(？|)', 'date'), ('calc', '(那|还有|那么|再算|)<sum:sums>(呢|)(？|)', 'calc'), ('total', '(那|还有|)<column:columns>(列|)(呢|)(？|)', 'total path={path}'), ('find', '(那|还有|再找|再搜)<name:finds>(呢|)(？|)', 'find'), ('recall', '(那|还有|)<about:abouts>呢(？|)', 'recall'), ('count', '(那|还有|)<path:csvs>(呢|)(？|)', 'count'), ('delete', '(还有|再删|也删掉)<path:files>', 'delete'),
    ],
}
CODE = [re.sub(r'[()\[\]|<>]', lambda sign: '\\' + sign[0], code).replace('\\<odd\\>', '<odd>').replace('\\<small\\>', '<small>') for code in beyond.CODE]
HELD_OUT = {json.loads(line)['request'] for line in (Path(__file__).parent.parent / 'requests' / 'held-out.jsonl').read_text('utf8').splitlines()}


class Generator:
    """`wild` is the share of values that are random letters instead of words: it teaches to copy."""

    def __init__(self, seed):
        self.random = random.Random(seed)
        self.wild = 0.1
        self.family = 0
        self.patterns = {language: self.sorted(language) for language in MODULES}

    def sorted(self, language):
        patterns = {}
        extra = more.ENGLISH if language == 'en' else more.CHINESE
        for (name, sub), found in MODULES[language].REQUESTS.items():
            patterns[f'{name} {sub}' if name == 'remind' else name] = found + extra.get((name, sub), [])
        patterns['say beyond'] = beyond.ENGLISH if language == 'en' else beyond.CHINESE
        return patterns

    def expand(self, pattern, language, top=True):
        """Segments of text, each with the argument it is, or None."""
        out, at = [], 0
        while at < len(pattern):
            sign = pattern[at]
            if sign == '\\':
                out.append((pattern[at + 1], None))
                at += 2
            elif sign in '([':
                end = closing(pattern, at)
                options = branches(pattern[at + 1 : end])
                optional = sign == '[' or (language == 'zh' and pattern[end + 1 : end + 2] == '?')
                if not optional or self.random.random() < 0.4:
                    out += self.expand(self.random.choice(options), language, top)
                at = end + (2 if sign == '(' and optional else 1)
            elif sign == '<':
                end = closing(pattern, at)
                argument, _, slot = pattern[at + 1 : end].rpartition(':')
                text = self.value(slot, language, argument)
                out += [(text, argument)] if argument else [(text, None)]
                at = end + 1
            elif language == 'zh' and pattern[at + 1 : at + 2] == '?':
                if self.random.random() < 0.5:
                    out.append((sign, None))
                at += 2
            else:
                out.append((sign, None))
                at += 1
        return out

    def value(self, slot, language, argument=''):
        if argument in ('what', 'fact', 'about', 'which') and slot in ('deeds', 'facts', 'abouts', 'events', 'whichs', 'clauses') and self.random.random() < self.wild:
            return self.gibberish(language)
        if slot[0] == '(':
            return self.flat(slot, language)
        if slot == 'code':
            # Brackets of code are no brackets of ours.
            return self.flat(self.random.choice(CODE), language)
        made = SLOTS.get(slot)
        if made:
            return self.flat(made(self, language), language)
        module = MODULES[language]
        names = {'times': 'TIMES', 'weekday': 'DAYS', 'month': 'MONTHS', 'subject': 'SUBJECTS', 'country': 'COUNTRIES', 'tongue': 'TONGUES'}
        name = names.get(slot, slot.upper())
        for owner, key in ((module, name), (module, name + 'S'), (beyond, ('Z' if language == 'zh' else '') + name), (beyond, name)):
            if hasattr(owner, key):
                found = getattr(owner, key)
                return self.flat(self.random.choice(found) if isinstance(found, list) else found, language)
        if slot == 'aboutwords':
            return self.flat(english.ABOUT_WORDS, language)
        raise KeyError(slot)

    def flat(self, pattern, language):
        return ''.join(text for text, _ in self.expand(pattern, language))

    def gibberish(self, language):
        if language == 'zh' and self.random.random() < 0.8:
            return ''.join(zodd(self) for _ in range(self.random.randint(1, 3)))
        return ' '.join(odd(self) for _ in range(self.random.randint(1, 5)))

    def request(self, pattern, language):
        """The text and its arguments, with the slips of real typing in both."""
        pattern, _, fixed = pattern.partition('@')
        self.family = self.random.randrange(8)
        segments = self.expand(pattern, language)
        segments = [(self.slips(text, language, bool(argument)), argument) for text, argument in joined(segments)]
        style = self.random.random()
        if language == 'en' and style < 0.25:
            segments = [(text.lower(), argument) for text, argument in segments]
        elif language == 'en' and style < 0.5 and segments and segments[0][0]:
            segments[0] = (segments[0][0][0].upper() + segments[0][0][1:], segments[0][1])
        arguments = {}
        text = ''
        for part, argument in segments:
            if argument:
                part = part.strip()
                before = arguments.get(argument)
                arguments[argument] = part if before is None else before + (' ' if language == 'en' else '') + part
                part = self.quoted(part, argument)
            text += part
        text = re.sub(r' +', ' ', text).strip()
        arguments = {name: re.sub(r' +', ' ', value).strip() for name, value in arguments.items()}
        if fixed:
            name, _, value = fixed.partition('=')
            arguments[name] = value
        if language == 'en' and self.random.random() < 0.12 and text[-1:].isalnum() and not arguments.get('to', '').count('.'):
            text += self.random.choice(['.', '.', '!', '?'])
        elif language == 'zh' and self.random.random() < 0.1:
            text = text.replace('，', self.random.choice([',', ' ', '，']))
        return text, arguments

    def slips(self, text, language, argument):
        if language == 'zh' or len(text) < 5 or self.random.random() > (0.03 if argument else 0.06):
            return text
        at = self.random.randrange(1, len(text) - 2)
        if not (text[at].isalpha() and text[at + 1].isalpha()):
            return text
        return self.random.choice([text[:at] + text[at + 1 :], text[:at] + text[at + 1] + text[at] + text[at + 2 :], text[:at] + text[at] + text[at:]])

    def quoted(self, text, argument):
        marks = [('"', '"'), ('"', '"'), ('“', '”'), ("'", "'"), ('`', '`'), ('「', '」'), ('《', '》')]
        if argument == 'command':
            left, right = self.random.choice(marks[:3] + [('`', '`')] * 2)
        elif argument in ('path', 'name', 'to', 'column') and self.random.random() < 0.12:
            left, right = self.random.choice(marks)
        else:
            return text
        return left + text + right

    def answered(self, kind, language):
        """A request of this kind and what is answered to it: a call, or the name of a saying."""
        while True:
            text, arguments = self.request(self.random.choice(self.patterns[language][kind]), language)
            name = kind.split()[0]
            if text in HELD_OUT or not text or (name in CALLS and any(not arguments.get(each) for each in CALLS[name])):
                continue
            return text, arguments, (name, {each: arguments[each] for each in CALLS[name]}) if name in CALLS else kind

    def follow(self, language):
        rule = self.random.choice(FOLLOW[language])
        kind, pattern, call = rule[:3]
        kind = rule[3] if len(rule) > 3 else kind
        bare, kind = kind.endswith((' bare', ' read')), re.sub(' (bare|read)$', '', kind)
        while True:
            before = self.answered(self.random.choice(['remind time', 'remind recurring']) if kind == 'remind' else kind, language)
            name, _, given = call.partition(' ')
            needs = re.findall(r'\{(\w+)\}', given)
            if any(need not in before[1] for need in needs):
                continue
            # Without what the call would need from before: a reminder of nothing, a new folder.
            if bare and kind in ('ask what', 'ask name') and before[1]:
                continue
            if kind == 'ask which' and re.search('改|推迟|change|move|resched|postpone|edit|挪|修', before[0]):
                continue
            if rule[0] == 'ask file read' and not re.search('read|open|show|view|look|print|display|读|看|打开|念|显示|说|写', before[0]):
                continue
            break
        text, arguments = self.request(pattern, language)
        if given:
            key, _, value = given.partition('=')
            arguments[key] = before[1][needs[0]] if needs else value
        said = before[2]
        context = (before[0], SAYINGS[language][said] if isinstance(said, str) else 'ok')
        return context, text, (name, {each: arguments[each] for each in CALLS[name]})

    def example(self):
        """The prompt and what the model should write."""
        language = self.random.choice(['en', 'zh'])
        kind = self.random.choices(list(WEIGHTS), list(WEIGHTS.values()))[0]
        if kind == 'follow':
            context, text, answer = self.follow(language)
            return prompt(text, context), written(answer, language)
        text, _, answer = self.answered(kind, language)
        context = None
        if self.random.random() < 0.12:
            other = self.answered(self.random.choice([one for one in WEIGHTS if one != 'follow']), language)
            # After a question for a detail a bare detail would be its answer; whole requests are new ones.
            context = (other[0], SAYINGS[language][other[2]] if isinstance(other[2], str) else 'ok')
        return prompt(text, context), written(answer, language)

    def echo(self):
        text = self.gibberish(self.random.choice(['en', 'zh']))
        return f'<|user|>{text}<|end|><|tool|>', text


def closing(pattern, start):
    pairs = {'(': ')', '[': ']', '<': '>'}
    depth = 0
    opening, end = pattern[start], pairs[pattern[start]]
    for at in range(start, len(pattern)):
        if pattern[at] == '\\':
            continue
        if pattern[at] == opening and pattern[at - 1 : at] != '\\':
            depth += 1
        if pattern[at] == end and pattern[at - 1 : at] != '\\':
            depth -= 1
            if depth == 0:
                return at
    raise ValueError(f'{pattern} is not closed at {start}')


def branches(text):
    parts, depth, last = [], 0, 0
    for at, sign in enumerate(text):
        if sign in '([<' and text[at - 1 : at] != '\\':
            depth += 1
        elif sign in ')]>' and text[at - 1 : at] != '\\':
            depth -= 1
        elif sign == '|' and depth == 0:
            parts.append(text[last:at])
            last = at + 1
    return [*parts, text[last:]]


def joined(segments):
    """Neighbouring text without an argument becomes one segment."""
    out = []
    for text, argument in segments:
        if out and argument is None and out[-1][1] is None:
            out[-1] = (out[-1][0] + text, None)
        else:
            out.append((text, argument))
    return out


if __name__ == '__main__':
    generator = Generator(7)
    for _ in range(60):
        print(*generator.example())
