# The form in which the Starter is spoken to and speaks: its marks, the scaffold of its calls, its fixed sentences, its chat template.
import json
from pathlib import Path

USER, NACRE, TOOL, SYSTEM, END = '<|user|>', '<|nacre|>', '<|tool|>', '<|system|>', '<|end|>'
CONTROL = [USER, NACRE, TOOL, SYSTEM, END]

# Every call the model may write, with its arguments in the order in which they are written; the table that turns them into calls of Nacre's tools.
ROOT = Path(__file__).parents[3]
CALLS = {name: call['values'] for name, call in json.loads((ROOT / 'electron' / 'models' / 'starter' / 'calls.json').read_text('utf8'))['calls'].items()}

# What it says where it calls nothing. Fixed sentences: a model this small should not make up others.
SAYINGS = json.loads((Path(__file__).parent.parent / 'sayings.json').read_text('utf8'))


def scaffold():
    """Pieces of a call that are one token each."""
    openings = sorted({'{"%s": "' % names[0] for names in CALLS.values() if names})
    links = sorted({'", "%s": "' % name for names in CALLS.values() for name in names[1:]})
    return ['<call>', '<with>', '</call>', *openings, *links, '"}', '{}']


def written(answer, language):
    """What the model writes for an expected answer: (call, arguments) or the name of a saying."""
    if isinstance(answer, str):
        return SAYINGS[language][answer]
    name, arguments = answer
    return f'<call>{name}<with>{json.dumps(arguments, ensure_ascii=False)}</call>'


def prompt(request, before=None):
    """`before` is the request and the answer before this one, the answer of a call being `ok`."""
    turns = f'{USER}{before[0]}{END}{NACRE}{before[1]}{END}' if before else ''
    return f'{turns}{USER}{request}{END}{NACRE}'


# The list of the scaffold in the comment makes the engine guard it: what a person types is never read as one of these tokens.
TEMPLATE = (
    '{# ' + ' '.join(scaffold()) + ' #}'
    + "{%- for message in messages -%}"
    + "{%- if message['role'] == 'assistant' -%}{{- '<|nacre|>' -}}{%- if message['content'] -%}{{- message['content'] -}}{%- endif -%}"
    + "{%- if message['tool_calls'] -%}{%- for call in message['tool_calls'] -%}"
    + "{{- '<call>' + call['function']['name'] + '<with>' -}}{{- call['function']['arguments'] | tojson -}}{{- '</call>' -}}"
    + "{%- endfor -%}{%- endif -%}{{- '<|end|>' -}}"
    + "{%- elif message['role'] == 'tool' -%}{{- '<|tool|>' + message['content'] + '<|end|>' -}}"
    + "{%- elif message['role'] == 'system' -%}{{- '<|system|>' + message['content'] + '<|end|>' -}}"
    + "{%- else -%}{{- '<|user|>' + message['content'] + '<|end|>' -}}{%- endif -%}"
    + "{%- endfor -%}{%- if add_generation_prompt -%}{{- '<|nacre|>' -}}{%- endif -%}"
)
