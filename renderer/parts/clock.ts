// The time, for what grows older on the screen while nothing else changes.
import { useEffect, useState } from 'react';

/** Milliseconds since 1970, renewed every `every` milliseconds; with null the time stands still. */
export function useNow(every: number | null): number {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    if (every === null) return;
    setNow(Date.now());
    const timer = setInterval(() => setNow(Date.now()), every);
    return () => clearInterval(timer);
  }, [every]);
  return now;
}
