// A server on loopback that keeps a ledger of what was posted to it: the one witness that no crash of ours can touch.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

export type LedgerServer = {
  /** The address of a ledger of its own. */
  open(name: string): string;
  /** How often each number took effect in that ledger. */
  effects(name: string): ReadonlyMap<number, number>;
  close(): Promise<void>;
};

/** A post with a key takes effect once, however often it is sent. */
export async function startLedger(): Promise<LedgerServer> {
  const ledgers = new Map<string, { readonly effects: Map<number, number>; readonly keys: Set<string> }>();
  const server = createServer((request, response) => {
    void text(request).then((body) => {
      const ledger = ledgers.get(request.url?.slice(1) ?? '');
      const key = request.headers['idempotency-key'];
      const known = typeof key === 'string' && ledger?.keys.has(key) === true;
      if (typeof key === 'string') ledger?.keys.add(key);
      if (!known) ledger?.effects.set(Number(body), (ledger.effects.get(Number(body)) ?? 0) + 1);
      response.end('ok');
    }, response.destroy.bind(response));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    open: (name) => {
      ledgers.set(name, { effects: new Map(), keys: new Set() });
      return `http://127.0.0.1:${port}/${name}`;
    },
    effects: (name) => ledgers.get(name)?.effects ?? new Map(),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
