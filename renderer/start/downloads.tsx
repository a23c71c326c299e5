// Models on their way: how far each is, and stopping it or trying again.
import { Button } from 'react-aria-components';
import type { Download } from '../../electron/contract/model.ts';
import { useParts, useWindow } from '../state/context.tsx';
import { size } from '../texts/figures.ts';
import { useTexts } from '../texts/texts.ts';

export function Downloads({ onRetry }: { readonly onRetry: (source: string) => void }) {
  const downloads = useWindow((state) => state.downloads);
  const shown = Object.values(downloads).filter((each) => each.state !== 'done');
  return shown.map((download) => <OneDownload key={download.id} download={download} onRetry={onRetry} />);
}

function OneDownload({ download, onRetry }: { readonly download: Download; readonly onRetry: (source: string) => void }) {
  const { say, tell, locale } = useTexts();
  const { store, setup } = useParts();
  const { received, total, state, source, fault } = download;
  const share = total === null || total === 0 ? null : received / total;
  const sizes = total === null ? size(received, locale) : say('download.of', { received: size(received, locale), total: size(total, locale) });
  return (
    <div className="download">
      <p className="download-source" translate="no">
        {source}
      </p>
      {state === 'running' && <progress aria-label={say('download.label', { source })} max={1} {...(share === null ? {} : { value: share })} />}
      <p className="download-state" role={state === 'failed' ? 'alert' : undefined}>
        <span>{state === 'running' ? sizes : fault === null ? say(`download.${state}`) : tell(fault)}</span>
        {state === 'running' ? (
          <Button className="text-button" onPress={() => void store.ask('model.stop-download', { download: download.id })}>
            {say('download.stop')}
          </Button>
        ) : (
          <>
            <Button className="text-button" onPress={() => onRetry(source)}>
              {say('download.again')}
            </Button>
            <Button className="text-button" onPress={() => setup.dismissDownload(download.id)}>
              {say('notice.dismiss')}
            </Button>
          </>
        )}
      </p>
    </div>
  );
}
