// Where keys are kept. The desktop encrypts them with the OS keychain; where there is none, a file that only its owner can read, if the person agrees.
export type SecretStore = {
  /** `keychain`: encrypted by the operating system. `file`: readable by whoever can read the owner's files; used only when agreed to. */
  readonly kind: 'keychain' | 'file';
  get(name: string): string | null;
  set(name: string, value: string): void;
  remove(name: string): void;
};

/** What the operating system offers for encryption; null where it offers nothing. */
export type Keychain = { encrypt(text: string): Buffer; decrypt(bytes: Buffer): string };
