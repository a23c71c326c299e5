// Fonts for the Chromium from npm on computers that have none: without a font, text has no height and a page with a list box ends the browser.
import { existsSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/** Writes a fontconfig file into the folder of an unpacked Chromium, and returns its path. The system's own fonts come first; a Chinese one from npm is added. */
export function configureFonts(folder: string): string {
  const path = join(folder, 'nacre-fonts.conf');
  const chinese = dirname(createRequire(import.meta.url).resolve('@expo-google-fonts/noto-sans-sc/package.json'));
  const folders = [join(folder, 'fonts', 'fonts'), join(chinese, '400Regular'), join(chinese, '700Bold')];
  const system = existsSync('/etc/fonts/fonts.conf') ? '<include>/etc/fonts/fonts.conf</include>' : '';
  const lines = [system, ...folders.map((each) => `<dir>${each}</dir>`), `<cachedir>${join(folder, 'font-cache')}</cachedir>`];
  writeFileSync(path, `<?xml version="1.0"?>\n<!DOCTYPE fontconfig SYSTEM "fonts.dtd">\n<fontconfig>\n${lines.join('\n')}\n</fontconfig>\n`);
  return path;
}
