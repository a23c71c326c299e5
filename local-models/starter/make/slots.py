# Values that are made rather than listed: names of files, numbers, sums, words that nobody has ever seen.
import random as chance
import string

import beyond
import chinese
import english
from tokenizer import level_one

LEVEL_ONE = level_one()
HOURS = 'one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve'.split('|')
ZHOURS = '一|两|三|四|五|六|七|八|九|十|十一|十二'.split('|')
ORDINALS = 'first|second|third|fourth|last|1st|2nd|3rd|fifth|sixth'.split('|')
UNITS = {
    'en': ['km|kilometres|miles|metres|m|feet|ft|inches|cm|yards|mm|kilometers|meters|mi', 'kg|kilos|pounds|lbs|grams|g|ounces|oz|tonnes|stone', 'celsius|fahrenheit|C|F|degrees celsius|kelvin', 'litres|l|ml|cups|gallons|pints|tablespoons|teaspoons|fl oz|liters', 'seconds|minutes|hours|days|weeks|years|months', 'MB|GB|kB|TB|bytes', 'km/h|mph|m/s|knots', 'hectares|acres|square metres|square feet'],
    'zh': ['公里|千米|英里|米|英尺|英寸|厘米|码|毫米|里|海里', '公斤|千克|磅|克|盎司|吨|斤|两', '摄氏度|华氏度|开尔文', '升|毫升|杯|加仑|品脱', '秒|分钟|小时|天|周|年|个月|秒钟', 'MB|GB|KB|TB|字节', '公里每小时|英里每小时|米每秒', '公顷|亩|平方米|英亩'],
}
COMMANDS = ['npm (run |)(<odd>|build|lint|start|check|install)', 'make (<odd>|all|install|lint|clean|)', 'python3 <odd>.py', 'python <odd>.py --<odd>', './<odd>.sh', 'git (status|pull|log|diff)', 'node <odd>.js', 'cargo (build|test|run)', 'pytest', 'ls -la', 'go test ./...', 'df -h', 'echo <odd>', 'uptime', 'pytest <odd>', 'bash <odd>.sh <small>', 'npx <odd>', 'du -sh <odd>', 'date', 'java -jar <odd>.jar', 'wc -l <odd>.txt']


def odd(generator):
    random = generator.random
    if random.random() < 0.15:
        return ''.join(random.choice(string.ascii_letters + string.digits) for _ in range(random.randint(2, 8)))
    word = ''.join(random.choice('b|c|d|f|g|h|j|k|l|m|n|p|r|s|t|v|w|z|st|tr|pl|gr|sh|ch|br|'.split('|')) + random.choice('a|e|i|o|u|ai|ea|oo|ou|y'.split('|')) + random.choice('|||n|r|s|t|l|m|ck|nd|x'.split('|')) for _ in range(random.randint(1, 3)))
    return word.capitalize() if random.random() < 0.25 else word


def zodd(generator):
    return ''.join(generator.random.choice(LEVEL_ONE) for _ in range(generator.random.randint(1, 3)))


def number(generator, _):
    return str(generator.random.choice([generator.random.randint(2, 99), generator.random.randint(2, 9999), generator.random.randint(100, 999999)]))


def name(generator, language):
    random = generator.random
    stem = random.choice(chinese.STEMS if language == 'zh' and random.random() < 0.5 else english.STEMS)
    if random.random() < 0.4:
        stem = zodd(generator) if language == 'zh' and random.random() < 0.4 else odd(generator)
    more = random.choice(['', '', '', '', f'_{random.randint(1, 30)}', f'{random.randint(1, 9999)}', f' {random.choice(english.STEMS)}' if language == 'en' else f'{random.randint(2020, 2027)}', f'-{odd(generator)}', f'_{odd(generator)}', f'_final', f' {random.randint(2020, 2027)}'])
    if random.random() < 0.12:
        stem, more = random.choice(['IMG', 'DSC', 'scan', 'Screenshot', 'VID', 'doc']), random.choice(['_', '-', '']) + number(generator, language)
    return stem + more


def files(generator, language):
    random = generator.random
    place = '' if random.random() < 0.85 else folders(generator, language) + '/'
    return place + name(generator, language) + '.' + random.choice(english.EXTENSIONS)


def csvs(generator, language):
    place = '' if generator.random.random() < 0.85 else folders(generator, language) + '/'
    return place + name(generator, language) + '.csv'


def folders(generator, language):
    random = generator.random
    if random.random() < 0.35:
        return zodd(generator) + zodd(generator) if language == 'zh' and random.random() < 0.6 else odd(generator).capitalize()
    return random.choice(chinese.FOLDERS if language == 'zh' and random.random() < 0.8 else english.FOLDERS)


def columns(generator, language):
    if generator.random.random() < 0.3:
        return zodd(generator) if language == 'zh' else odd(generator)
    return generator.random.choice((chinese if language == 'zh' else english).COLUMNS)


def finds(generator, language):
    random = generator.random
    if random.random() < 0.35:
        return zodd(generator) + zodd(generator) if language == 'zh' else odd(generator)
    return random.choice([random.choice((chinese if language == 'zh' else english).STEMS), generator.value('topics', language).removeprefix('the '), name(generator, language), generator.value('things', language)])


def movables(generator, language):
    random = generator.random
    if random.random() < 0.5:
        return files(generator, language)
    kind = generator.value('kinds', language)
    if language == 'zh':
        return random.choice(['所有', '全部', '所有的', '每个', '', '那些', '这些', '全部的', '我的', '一切']) + kind if random.random() < 0.75 else random.choice([f'{when}的所有{kind}' for when in ('上个月', '上周', '今年', '昨天', '这个月', '去年', '今天', '本周')] + [f'所有{when}的{kind}' for when in ('上个月', '上周', '今年', '昨天', '去年')])
    when = random.choice(['', '', '', ' from last month', ' from last week', ' from this year', ' from yesterday', ' from last year', ' from this month', ' from 2025', ' older than a month', ' of this week'])
    return random.choice(['all ', 'all the ', 'all my ', 'the ', 'my ', 'every ', 'these ', '', 'all of the ']) + kind + when


def whichs(generator, language):
    random = generator.random
    if language == 'en':
        value = generator.value('events', language)
        for article in ('the ', 'my ', 'a '):
            value = value.removeprefix(article)
        return value
    return generator.value(random.choice(['events', 'events', 'deeds']), language)


def whichs2(generator, language):
    return generator.value(generator.random.choice(['events', 'events', 'deeds']), language)


def sums(generator, language):
    random = generator.random
    def n():
        return str(random.choice([random.randint(1, 12), random.randint(1, 99), random.randint(10, 5000), round(random.uniform(0.1, 99), random.randint(1, 2))]))
    share, sign = str(random.randint(1, 99)), random.choice(['+', '-', '*', '/', ' + ', ' - ', ' * ', ' / ', 'x', ' x ', '×', '÷'])
    if language == 'zh':
        word = random.choice(['加', '减', '乘', '乘以', '除以', '加上', '减去', '乘上', '×', '÷', '+', '-', '*', '/'])
        return random.choice([f'{n()}{word}{n()}', f'{n()}{word}{n()}', f'{n()}的{share}%', f'{n()}的百分之{random.choice(["十", "二十", "三十", "五", "十五", "五十", "八十"])}', f'{n()}{word}{n()}{random.choice(["加", "减", "+", "-"])}{n()}', f'({n()}{sign}{n()}){sign}{n()}', f'{n()}{sign}{n()}', f'{n()}的平方', f'百分之{share}的{n()}', f'{n()}和{n()}的和', f'{n()}打{random.randint(5, 9)}折'])
    word = random.choice(['plus', 'minus', 'times', 'divided by', 'multiplied by', 'and', 'over', '+', '-', '*', '/'])
    return random.choice([f'{n()} {word} {n()}', f'{n()} {word} {n()}', f'{share}% of {n()}', f'{share} percent of {n()}', f'{n()} {word} {n()} {random.choice(["plus", "minus", "times"])} {n()}', f'({n()}{sign}{n()}){sign}{n()}', f'{n()}{sign}{n()}', f'{n()}{sign}{n()}{random.choice("+-*")}{n()}', f'{n()} squared', f'half of {n()}', f'the square root of {n()}', f'{n()} + {share}%', f'{n()} minus {share}%'])


def units(generator, language):
    return generator.random.choice(UNITS[language][generator.family].split('|'))


def amounts(generator, language):
    random = generator.random
    value = random.choice([random.randint(1, 20), random.randint(1, 500), round(random.uniform(0.1, 50), 1), random.randint(100, 9000)])
    gap = '' if language == 'zh' and random.random() < 0.85 else random.choice([' ', ' ', ' ', ''])
    return f'{value}{gap}{units(generator, language)}'


def dateday(generator, language):
    random = generator.random
    return random.choice(['<dates>', 'today', 'tomorrow', 'yesterday', '<month> <small>', 'next <weekday>', 'in <spoken> (days|weeks)', 'the <small>th', 'last <weekday>', 'christmas', 'new year', '<count> days from now', '<spoken> (weeks|days) ago', '<count> (days|weeks) ago'] if language == 'en' else ['<dates>', '今天', '明天', '昨天', '后天', '前天', '<month><small>(日|号)', '下<weekday>', '<zcount>(天|周)(后|前)', '上<weekday>', '春节', '元旦', '国庆节', '<count>天(后|前)', '大后天', '<zcount>个月(后|前)'])


def nth(generator, _):
    return generator.random.choice(['第(一|二|三|四|五|六|七)(个|条|项)', '第<small>(个|条)', '最后一个', '最后一条', '头一个', '倒数第二个'])


def mess(generator, language):
    random = generator.random
    letters = random.choice([string.ascii_lowercase, string.ascii_lowercase, string.punctuation.replace('\\', '').replace('<', '').replace('(', '').replace('[', '').replace('|', ''), string.digits + string.ascii_lowercase])
    return ''.join('\\' + random.choice(letters) for _ in range(random.randint(2, 14)))


def zmess(generator, language):
    return ''.join(generator.random.choice(LEVEL_ONE) for _ in range(generator.random.randint(2, 9)))


GOALS = {
    'en': ['(move|put|sort|collect) <movables> (into|to) (the folder |the |)<folders>( folder|)', '(rename|read|find|check|delete|look for|open) <files>', 'count the (rows|lines|entries) in <csvs>', '(add up|sum up|total) (the |)<columns> (column |)in <csvs>', '(make|create) a folder (called|named) <folders>', '(list|go through|tidy up|clean up) (the files in |)<folders>', '(find|look for|search for) (all files about |files with |)<finds>', '<deeds>', '(check|run) the (tests|build|backups) and report', 'move <movables> to <folders> and (tell me|report)'],
    'zh': ['把<movables>(移到|放到|整理到|放进|归到)<folders>(文件夹|里|)', '(重命名|读|找|检查|删除|打开)<files>', '(数|统计|数一下)<csvs>(有多少行|的行数)', '(合计|算一下|统计)<csvs>(里的|的)<columns>', '(建|新建)一个叫<folders>的文件夹', '(列出|整理|清理)<folders>(里的文件|文件夹|)', '(找|搜索|查找)(关于|)<finds>的文件', '<deeds>', '(跑|运行)(测试|构建|备份)(并汇报|)'],
}

SLOTS = {
    'odd': lambda g, l: odd(g), 'zodd': lambda g, l: zodd(g), 'number': number, 'small': lambda g, l: str(g.random.randint(1, 28)), 'two': lambda g, l: f'{g.random.randint(1, 12):02d}', 'smallhao': lambda g, l: f'{g.random.randint(1, 28)}(号|)',
    'hour': lambda g, l: str(g.random.randint(1, 12)), 'hour24': lambda g, l: f'{g.random.randint(0, 23):02d}' if g.random.random() < 0.5 else str(g.random.randint(0, 23)), 'minutes': lambda g, l: f'{g.random.choice([0, 5, 10, 15, 20, 30, 40, 45, 50, 55, g.random.randint(0, 59)]):02d}', 'part': lambda g, l: g.random.choice(chinese.PARTS),
    'spokenhour': lambda g, l: g.random.choice(HOURS), 'zhour': lambda g, l: g.random.choice(ZHOURS), 'spoken': lambda g, l: g.random.choice(english.NUMBERS), 'zcount': lambda g, l: g.random.choice(chinese.NUMBERS), 'count': lambda g, l: str(g.random.choice([1, 2, 3, 4, 5, 10, 15, 20, 25, 30, 40, 45, 90, g.random.randint(1, 120)])),
    'files': files, 'csvs': csvs, 'folders': folders, 'columns': columns, 'finds': finds, 'movables': movables, 'whichs': whichs, 'whichs2': whichs2, 'sums': lambda g, l: sums(g, l).translate(str.maketrans({'(': '\\(', ')': '\\)'})), 'units': units, 'amounts': amounts, 'dateday': dateday, 'dateday2': lambda g, l: g.random.choice(['<month> <small>', 'christmas', '<weekday>', 'next <weekday>', 'new year'] if l == 'en' else ['<month><small>号', '春节', '下<weekday>', '元旦', '国庆节', '周末']),
    'nth': nth, 'ordinals': lambda g, l: g.random.choice(ORDINALS), 'tnum': lambda g, l: f't{g.random.randint(1, 60)}', 'alls': lambda g, l: g.random.choice(['all', 'all', 'all', 'everything', 'every']), 'zalls': lambda g, l: g.random.choice(['所有', '全部', '所有', '全部', '一切']),
    'newtimes': lambda g, l: g.random.choice(['<clocks>', '<clocks>', '<dates>', '<dates> <clocks>' if l == 'en' else '<dates><clocks>']), 'lengths': lambda g, l: g.random.choice(['<count> (minutes|hours|days)', 'an hour', '(a|one|<spoken>) (hour|day|week|hours|days|weeks)', 'half an hour']), 'zlengths': lambda g, l: g.random.choice(['<count>(分钟|小时|天)', '(一|<zcount>)(天|个小时|小时|周|个星期)', '半小时', '半个小时']),
    'commands': lambda g, l: g.random.choice(COMMANDS), 'goals': lambda g, l: g.random.choice(GOALS[l]), 'mess': mess, 'zmess': zmess, 'q': lambda g, l: '"', 'ignore': lambda g, l: g.random.choice(['ignore', 'disregard', 'forget', 'override', 'bypass']), 'allergen': lambda g, l: g.random.choice(['花粉', '牛奶', '海鲜', '芒果', '猫毛', '花生', '鸡蛋']),
}
