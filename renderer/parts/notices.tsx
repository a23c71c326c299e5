// What the assistant has to say once, such as damaged settings, as banners that the person dismisses.
import { Info, X } from 'lucide-react';
import { useParts, useWindow } from '../state/context.tsx';
import { useTexts } from '../texts/texts.ts';
import { IconButton } from './icon-button.tsx';

export function Notices() {
  const { say, tell } = useTexts();
  const { setup } = useParts();
  const notices = useWindow((state) => state.notices);
  if (notices.length === 0) return null;
  return (
    <section className="notices" aria-label={say('notice.region')}>
      {notices.map((notice) => (
        <div key={notice.message} className="notice" role="alert">
          <Info />
          <span>{tell(notice)}</span>
          <IconButton label={say('notice.dismiss')} onPress={() => setup.dismissNotice(notice.message)}>
            <X />
          </IconButton>
        </div>
      ))}
    </section>
  );
}
