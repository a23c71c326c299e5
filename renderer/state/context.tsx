// Hands the store and what one can do with it to every component below.
import { createContext, type ReactNode, use } from 'react';
import { useStore } from 'zustand';
import type { Gestures } from './gestures.ts';
import type { Setup } from './setup.ts';
import type { Store } from './store.ts';
import type { WindowState } from './window-state.ts';

export interface Parts {
  readonly store: Store;
  readonly gestures: Gestures;
  readonly setup: Setup;
}

const PartsContext = createContext<Parts | null>(null);

export function PartsProvider({ parts, children }: { readonly parts: Parts; readonly children: ReactNode }) {
  return <PartsContext value={parts}>{children}</PartsContext>;
}

export function useParts(): Parts {
  const parts = use(PartsContext);
  if (parts === null) throw new Error('a component that needs the store is outside PartsProvider');
  return parts;
}

/** `select` must return the same object for the same state, or the component draws for ever. */
export function useWindow<T>(select: (state: WindowState) => T): T {
  return useStore(useParts().store, select);
}
