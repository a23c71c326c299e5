// Before the stories: builds what has changed, and says on which host they will run.
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { findChromium } from './host/browser/chromium.ts';
import { electronBinary } from './launch.ts';

/** Playwright calls it once. */
export default function setUp(): void {
  execFileSync(process.execPath, [join(import.meta.dirname, '../scripts/build.mjs')], { stdio: 'inherit' });
  const binary = electronBinary();
  // Unpacks it now, where that is needed: two workers should not do it at once.
  const host = binary === null ? `the stand-in for Electron, on Node ${process.versions.node} and ${findChromium(console.log).name}` : `Electron (${binary})`;
  console.log(`Host: ${host}`);
}
