// The icon in the system's tray, by which the person finds Nacre again while it works without a window.
import { Menu, type NativeImage, nativeImage, Tray } from 'electron';
import type { Language } from '../../contract/words.ts';
import desktopTexts from './texts.json' with { type: 'json' };

/** Null where the system has no tray. The caller keeps the result: a tray that nobody holds disappears. */
export function createTray({ language, open, quit }: { readonly language: Language; readonly open: () => void; readonly quit: () => void }): Tray | null {
  const texts = desktopTexts[language];
  try {
    const tray = new Tray(drawIcon(32));
    tray.setToolTip('Nacre');
    tray.setContextMenu(
      Menu.buildFromTemplate([
        { label: texts.open, click: open },
        { label: texts.quit, click: quit },
      ]),
    );
    tray.on('click', open);
    return tray;
  } catch (error) {
    process.stderr.write(`tray: ${String(error)}\n`);
    return null;
  }
}

/** The inside of a shell: rings around a point off the middle, in grey that reads on light and dark bars. */
function drawIcon(size: number): NativeImage {
  const pixels = Buffer.alloc(size * size * 4);
  const middle = (size - 1) / 2;
  for (let y = 0; y < size; y += 1) {
    for (let x = 0; x < size; x += 1) {
      const inside = Math.hypot(x - middle, y - middle) < size / 2 - 1;
      const ring = Math.hypot(x - middle * 0.7, y - middle * 1.2) % (size / 5) < size / 10;
      if (inside && ring) pixels.set([0x90, 0x80, 0x80, 0xff], (y * size + x) * 4);
    }
  }
  return nativeImage.createFromBitmap(pixels, { width: size, height: size, scaleFactor: 2 });
}
