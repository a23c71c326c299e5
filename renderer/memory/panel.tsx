// Everything that is remembered on one page: searched, sorted by layer, corrected, forgotten, and taken back.
import { Search, Undo2 } from 'lucide-react';
import { useState } from 'react';
import { Button, Input, Radio, RadioGroup, SearchField } from 'react-aria-components';
import { useNow } from '../parts/clock.ts';
import { Frame } from '../parts/dialog.tsx';
import { useParts } from '../state/context.tsx';
import { clock, dayName } from '../texts/figures.ts';
import { useTexts } from '../texts/texts.ts';
import { Remembered } from './item.tsx';
import { type Page, usePage } from './reading.ts';

/** The layers that hold something today. */
const layers = ['all', 'profile', 'fact', 'turn'] as const;

export function MemoryPanel({ onClose }: { readonly onClose: () => void }) {
  const { say } = useTexts();
  const [query, setQuery] = useState('');
  const [layer, setLayer] = useState<(typeof layers)[number]>('all');
  const { page, older } = usePage(query.trim(), layer === 'all' ? undefined : layer);
  return (
    <Frame title={say('memory.title')} size="wide" onClose={onClose}>
      <div className="memory-tools">
        <SearchField className="memory-search" aria-label={say('memory.search')} value={query} onChange={setQuery} maxLength={500} autoFocus>
          <Search />
          <Input placeholder={say('memory.hint')} />
        </SearchField>
        <RadioGroup className="segments" value={layer} onChange={(chosen) => setLayer(chosen as typeof layer)} aria-label={say('memory.layers')}>
          {layers.map((each) => (
            <Radio key={each} className="segment" value={each}>
              {say(`memory.layer.${each}`)}
            </Radio>
          ))}
        </RadioGroup>
      </div>
      {page !== null && <Items page={page} />}
      {page?.items.length === 0 && (
        <p className="panel-empty">{page.query === '' ? say(layer === 'all' ? 'memory.empty' : 'memory.emptyLayer') : say('search.nothing', { query })}</p>
      )}
      {page?.more && (
        <Button className="button memory-older" onPress={older}>
          {say('memory.older')}
        </Button>
      )}
    </Frame>
  );
}

/** Found ones stand by how well they fit, all others by day; above them the change that can be taken back. */
function Items({ page: { items, query, undo } }: { readonly page: Page }) {
  const { say, locale } = useTexts();
  const { gestures } = useParts();
  const now = useNow(600_000);
  const dayOf = (at: number | null) => (at === null ? say('memory.noTime') : dayName(at, now, locale));
  const timeOf = (at: number | null) => (at === null ? '' : clock(at, locale));
  const rows = items.map((item, index) => {
    const [before, day, time] = [items[index - 1], dayOf(item.at), timeOf(item.at)];
    const isFirst = query === '' && (before === undefined || dayOf(before.at) !== day);
    return <Remembered key={item.id} item={item} day={isFirst ? day : null} when={query === '' ? time : `${day} ${time}`} />;
  });
  return (
    <>
      {undo !== null && (
        <div className="memory-undo">
          <span>{`${dayOf(undo.at)} ${timeOf(undo.at)} · ${say(`memory.change.${undo.what}`)}`}</span>
          <Button className="text-button" onPress={() => void gestures.takeBack(undo.id)}>
            <Undo2 />
            {say('toast.undo')}
          </Button>
        </div>
      )}
      <ul className="memory-items" aria-label={say('memory.title')}>
        {rows}
      </ul>
    </>
  );
}
