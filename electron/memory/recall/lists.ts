// Words of a language that say little by themselves, as plain lists: which words a search leaves out, weighs less, or takes for another.
const set = (words: string): ReadonlySet<string> => new Set(words.split(' '));

/** Said in nearly every sentence: neither indexed nor searched. */
export const stopWords = set(
  'a an the and or but if of to in on at by for with from as into about over after before than then so that this these those there here it its he she they them his her ' +
    'their him we us our you your i me my mine be is are was were been being am have has had do does did done would could should will shall can may might must not no nor what ' +
    'which who whom whose when where why how many much long ever any some all more most other such own same very just also too s t re ve ll d m don doesn didn isn wasn aren ' +
    'weren won wouldn couldn shouldn let get got go likely 的 我的 你的 他的 她的 它的 了 是 在 我 你 您 他 她 它 们 我们 你们 他们 和 与 或 就 都 也 很 吗 呢 吧 啊 什么 怎么 哪 哪里 哪个 谁 多少 几 这 那 ' +
    '这个 那个 有 没有 不 说 过 把 被 给 对 跟 会 要 想 能 一 一个 时候 为什么',
);

/** They say what kind of answer is wanted more often than they stand in it. */
export const askingWords = set(
  'mention describe discuss share tell say talk kind type sort thing name time event happen new recent recently currently specific during way different various certain ' +
    'related based example experience want feel like think use term refer',
);

/** A sentence of nothing but these and of names is small talk. */
export const smallTalk = set(
  'thanks thank thx hey hi hello hiya wow great awesome amazing cool nice sounds sound glad good happy excited exciting congrats congratulations bye goodbye take care talk soon ' +
    'catch later wait hear hearing see seeing really definitely absolutely totally yeah yes yep yup nope sure right course keep way up well oh ah haha lol welcome luck ' +
    'appreciate impressive incredible inspiring wonderful fantastic lovely perfect agreed agree ok okay sorry please best proud stoked super man buddy dude pal guys lot day ' +
    'today know think feel going always still even 谢谢 哈哈 好的 太好了 嗯 你好 再见 不错',
);

/** Forms that no rule of endings finds: the first of each group stands for all. */
const irregular =
  'take took taken|see saw seen|come came|give gave given|find found|think thought|tell told|say said|know knew known|feel felt|leave left|buy bought|bring brought|' +
  'build built|begin began begun|break broke broken|choose chose chosen|draw drew drawn|drink drank drunk|drive drove driven|eat ate eaten|fall fell fallen|fight fought|' +
  'fly flew flown|forget forgot forgotten|grow grew grown|hear heard|hold held|keep kept|lead led|learn learnt|lose lost|make made|meet met|pay paid|ride rode ridden|' +
  'ring rang rung|rise rose risen|run ran|sell sold|send sent|sing sang sung|sit sat|sleep slept|speak spoke spoken|spend spent|stand stood|steal stole stolen|' +
  'swim swam swum|teach taught|throw threw thrown|understand understood|wake woke woken|wear wore worn|win won|write wrote written|catch caught|hang hung|' +
  'hide hid hidden|shoot shot|show shown|become became|get got gotten|go went gone|child children|man men|woman women|person people|foot feet|tooth teeth|mouse mice|' +
  'wife wives|life lives|knife knives|big bigger biggest|good better best|bad worse worst';

export const baseForms: ReadonlyMap<string, string> = new Map(
  irregular.split('|').flatMap((group) => {
    const forms = group.split(' ');
    return forms.map((form): [string, string] => [form, forms[0] ?? form]);
  }),
);
