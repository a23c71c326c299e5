// Where keys are kept. The desktop encrypts them with the OS keychain; where there is none, a file that only its owner can read, if the person agrees.
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { writeJson } from '../durable.ts';

export type SecretStore = ReturnType<typeof createSecretStore>;

/** What the operating system offers for encryption; null where it offers nothing. */
export type Keychain = { encrypt(text: string): Buffer; decrypt(bytes: Buffer): string };

const Secrets = z.record(z.string(), z.union([z.strictObject({ sealed: z.string() }), z.strictObject({ plain: z.string() })]));
type Secrets = z.infer<typeof Secrets>;

/**
 * Keeps secrets in `file` (mode 0600), which is read at each use, so that another process's change is seen. A secret that can't be read or decrypted counts
 * as absent: the person gives it again. `set` and `remove` throw a FaultError where the file can't be written.
 */
export function createSecretStore({ file, keychain }: { readonly file: string; readonly keychain: Keychain | null }) {
  const write = (secrets: Secrets): void => writeJson(file, secrets);
  return {
    /** `keychain`: encrypted by the operating system. `file`: readable by whoever can read the owner's files; used only when agreed to. */
    kind: keychain === null ? ('file' as const) : ('keychain' as const),
    get: (name: string): string | null => open(read(file)[name], keychain),
    set: (name: string, value: string): void =>
      write({ ...read(file), [name]: keychain === null ? { plain: value } : { sealed: keychain.encrypt(value).toString('base64') } }),
    remove(name: string): void {
      const { [name]: removed, ...rest } = read(file);
      if (removed !== undefined) write(rest);
    },
  };
}

function open(secret: Secrets[string] | undefined, keychain: Keychain | null): string | null {
  if (secret === undefined) return null;
  if ('plain' in secret) return secret.plain;
  try {
    return keychain?.decrypt(Buffer.from(secret.sealed, 'base64')) ?? null;
  } catch (_sealedElsewhere) {
    return null;
  }
}

function read(file: string): Secrets {
  try {
    return Secrets.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch (_missingOrDamaged) {
    return {};
  }
}
