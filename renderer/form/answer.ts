// What the assistant answers to something that changes while one types.
import { useEffect, useState } from 'react';
import type { Reply } from '../../electron/contract/fault.ts';
import type { RequestInput, RequestName, RequestOutput } from '../../electron/contract/request.ts';
import { useParts } from '../state/context.tsx';

/** Asked `pause` milliseconds after the last change, with null not at all; until then the answer before stands. That to an earlier question never wins. */
export function useAnswer<N extends RequestName>(name: N, input: RequestInput<N> | null, pause: number): Reply<RequestOutput<N>> | null {
  const { store } = useParts();
  const [answer, setAnswer] = useState<Reply<RequestOutput<N>> | null>(null);
  const asked = JSON.stringify(input);
  useEffect(() => {
    if (asked === 'null') return;
    let isOld = false;
    const timer = setTimeout(() => void store.request(name, JSON.parse(asked)).then((reply) => isOld || setAnswer(reply)), pause);
    return () => {
      isOld = true;
      clearTimeout(timer);
    };
  }, [store, name, asked, pause]);
  return answer;
}
