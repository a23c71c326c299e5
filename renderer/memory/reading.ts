// Reads the page of memory: again while one types and after every change, older items when asked for. The answer to an earlier question never wins.
import { useCallback, useEffect, useRef, useState } from 'react';
import type { MemoryItem, MemoryKind } from '../../electron/contract/memory.ts';
import type { RequestOutput } from '../../electron/contract/request.ts';
import { useParts, useWindow } from '../state/context.tsx';

export type Page = RequestOutput<'memory.look'> & { readonly more: boolean; readonly query: string };

const pause = 150;
const pageSize = 50;

export function usePage(query: string, kind: MemoryKind | undefined) {
  const { store } = useParts();
  const changes = useWindow((state) => state.memoryChanges);
  const [page, setPage] = useState<Page | null>(null);
  const asked = useRef(0);
  const shown = useRef(0);
  const read = useCallback(
    async (limit: number, before?: MemoryItem) => {
      asked.current += 1;
      const mine = asked.current;
      const found = await store.ask('memory.look', { query, limit, kind, before });
      if (found === null || mine !== asked.current) return;
      const more = query === '' && found.items.length === limit;
      setPage((last) => ({ ...found, items: before === undefined ? found.items : [...(last?.items ?? []), ...found.items], more, query }));
    },
    [store, query, kind],
  );
  shown.current = query === '' ? (page?.items.length ?? 0) : 0;
  // biome-ignore lint/correctness/useExhaustiveDependencies: what changed is read again, as far down as one has come
  useEffect(() => {
    const timer = setTimeout(() => void read(Math.min(1000, Math.max(pageSize, shown.current))), query === '' ? 0 : pause);
    return () => clearTimeout(timer);
  }, [read, query, changes]);
  return { page, older: () => void read(pageSize, page?.items.at(-1)) };
}
