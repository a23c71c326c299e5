// A model endpoint that follows a plan, for measuring everything but the model: it asks for one tool call a request, then says it is done.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

export type Plan = {
  /** How many tool calls are asked for. */
  readonly steps: number;
  readonly tool: string;
  /** The arguments of the n-th call, counted from 1. */
  argumentsOf(step: number): unknown;
};

export type Request = {
  /** Milliseconds on this process's clock (performance.now) when the request had arrived whole. */
  readonly at: number;
  /** Milliseconds since the end of the reply before; null at the first. */
  readonly sinceReply: number | null;
  readonly body: Body;
  readonly bytes: number;
};

export type Body = {
  readonly model?: string;
  readonly stream?: boolean;
  readonly tools?: readonly { readonly function: { readonly name: string } }[];
  readonly messages?: readonly { readonly role: string; readonly content: unknown; readonly tool_calls?: unknown }[];
};

export type ScriptedServer = {
  /** The base address of an OpenAI-compatible API. */
  readonly url: string;
  /** The requests that carried tools, oldest first. Others, such as a check of the connection, are answered and not kept. */
  readonly requests: readonly Request[];
  /** Called when a request with tools has arrived, before it is answered. */
  onRequest(listener: (request: Request) => void): void;
  close(): Promise<void>;
};

/** Listens on 127.0.0.1 on a free port. The caller closes it. */
export async function startServer(plan: Plan): Promise<ScriptedServer> {
  const requests: Request[] = [];
  let listener: (request: Request) => void = () => undefined;
  let replyEnded: number | null = null;

  const answer = async (incoming: IncomingMessage, response: ServerResponse): Promise<void> => {
    const raw = await text(incoming);
    if (incoming.method !== 'POST') return sendJson(response, { object: 'list', data: [{ id: 'm1', object: 'model' }] });
    const at = performance.now();
    const body = JSON.parse(raw) as Body;
    const planned = (body.tools ?? []).some((tool) => tool.function.name === plan.tool);
    if (planned) {
      const request = { at, sinceReply: replyEnded === null ? null : at - replyEnded, body, bytes: Buffer.byteLength(raw) };
      requests.push(request);
      listener(request);
    }
    const step = requests.length;
    const call = planned && step <= plan.steps ? { id: `call_${step}`, name: plan.tool, arguments: JSON.stringify(plan.argumentsOf(step)) } : null;
    response.once('finish', () => {
      replyEnded = performance.now();
    });
    if (body.stream === true) sendStream(response, call, Math.ceil(raw.length / 4));
    else
      sendJson(response, {
        id: 'x',
        object: 'chat.completion',
        created: 1,
        model: 'm1',
        choices: [{ index: 0, finish_reason: 'stop', message: { role: 'assistant', content: 'ok' } }],
      });
  };

  const server = createServer((incoming, response) => void answer(incoming, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    requests,
    onRequest: (wanted) => {
      listener = wanted;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

type Call = { readonly id: string; readonly name: string; readonly arguments: string };

function sendStream(response: ServerResponse, call: Call | null, promptTokens: number): void {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  const send = (part: object): void =>
    void response.write(`data: ${JSON.stringify({ id: 'x', object: 'chat.completion.chunk', created: 1, model: 'm1', ...part })}\n\n`);
  const delta =
    call === null
      ? { role: 'assistant', content: 'All done.' }
      : {
          role: 'assistant',
          content: null,
          tool_calls: [{ index: 0, id: call.id, type: 'function', function: { name: call.name, arguments: call.arguments } }],
        };
  send({ choices: [{ index: 0, delta, finish_reason: null }] });
  send({ choices: [{ index: 0, delta: {}, finish_reason: call === null ? 'stop' : 'tool_calls' }] });
  send({ choices: [], usage: { prompt_tokens: promptTokens, completion_tokens: 10, total_tokens: promptTokens + 10 } });
  response.end('data: [DONE]\n\n');
}

function sendJson(response: ServerResponse, value: unknown): void {
  response.setHeader('content-type', 'application/json');
  response.end(JSON.stringify(value));
}
