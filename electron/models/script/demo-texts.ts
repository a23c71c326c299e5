// What the demo says, in both languages. It never pretends to understand.
const code = ['```ts', 'export function greet(name: string): string {', '  return `Hello, ' + '$' + '{name}!`;', '}', '```'].join('\n');
const math = '$$\\int_0^1 x^2\\,dx = \\tfrac{1}{3}$$';

export const demoTexts = {
  en: {
    hello: [
      'I am the **built-in demo**, not a language model: I answer from a short script and understand nothing. Try one of these:',
      '- **show me** a table, some code and a formula',
      '- **write** a file (choose a folder first; you will be asked before anything is written)',
      '- start a **background task**',
      'For real answers add a model: a GGUF file, an `hf:` address, or a remote endpoint.',
    ].join('\n\n'),
    show: [
      'This is the demo. A table:',
      '| Part | Runs on |\n|---|---|\n| Local model | your GPU |\n| Journal | your disk |\n| This demo | a script |',
      'Some code:',
      code,
      'And a formula:',
      math,
    ].join('\n\n'),
    beforeFile: 'This is the demo. I ask to write a small file; nothing happens unless you allow it.',
    file: 'Hello from the demo of Nacre.\n',
    beforeTask: 'This is the demo. I hand a small job to the background.',
    goal: 'Say hello from the background.',
    /** The result of a task. */
    inTask: 'Hello from the background! This was the demo of a task: a real model would have worked on the goal while you did something else.',
    afterCall: 'The tool answered:\n\n> {{result}}\n\nThat was the demo of a tool call.',
  },
  zh: {
    hello: [
      '我是**内置演示**，不是语言模型：我只按一小段脚本回答，并不理解内容。可以试试：',
      '- 说“**展示**一下”，看表格、代码和公式',
      '- 让我**写**一个文件（先选择文件夹；写入之前会先征求你的同意）',
      '- 启动一个**后台任务**',
      '想要真正的回答，请添加模型：GGUF 文件、`hf:` 地址，或远程接口。',
    ].join('\n\n'),
    show: [
      '这是演示。一张表格：',
      '| 部分 | 运行在 |\n|---|---|\n| 本地模型 | 你的显卡 |\n| 日志 | 你的硬盘 |\n| 本演示 | 一段脚本 |',
      '一段代码：',
      code,
      '以及一个公式：',
      math,
    ].join('\n\n'),
    beforeFile: '这是演示。我请求写一个小文件；没有你的允许，什么都不会发生。',
    file: '你好，这是 Nacre 的演示。\n',
    beforeTask: '这是演示。我把一件小事交给后台去做。',
    goal: '从后台问声好。',
    inTask: '来自后台的问候！这是任务的演示：真正的模型会在你忙别的事情时完成目标。',
    afterCall: '工具返回：\n\n> {{result}}\n\n以上是一次工具调用的演示。',
  },
} as const;

export type DemoTexts = Readonly<Record<keyof typeof demoTexts.en, string>>;
