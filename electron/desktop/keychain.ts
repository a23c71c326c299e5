// The operating system's encryption for keys. Linux without a keyring only scrambles with a password that everyone knows: that counts as none.
import { safeStorage } from 'electron';
import type { Keychain } from '../models/secrets.ts';

/** Null where the system offers no encryption. Call once the app is ready. */
export function findKeychain(): Keychain | null {
  if (!safeStorage.isEncryptionAvailable()) return null;
  if (process.platform === 'linux' && ['basic_text', 'unknown'].includes(safeStorage.getSelectedStorageBackend())) return null;
  return { encrypt: (text) => safeStorage.encryptString(text), decrypt: (bytes) => safeStorage.decryptString(bytes) };
}
