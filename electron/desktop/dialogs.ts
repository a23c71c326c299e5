// What only a desktop can do for the assistant: choose a folder or a file, and open a link in the person's browser.
import { type BrowserWindow, dialog, type OpenDialogOptions, shell } from 'electron';

export type Dialogs = ReturnType<typeof createDialogs>;

/** `owner` is the window to which a dialog belongs; null while there is none. */
export function createDialogs(owner: () => BrowserWindow | null) {
  const choose = async (options: OpenDialogOptions): Promise<string | null> => {
    const window = owner();
    const chosen = window === null ? await dialog.showOpenDialog(options) : await dialog.showOpenDialog(window, options);
    return chosen.canceled ? null : (chosen.filePaths[0] ?? null);
  };
  return {
    folder: () => choose({ properties: ['openDirectory', 'createDirectory'] }),
    modelFile: () => choose({ properties: ['openFile'], filters: [{ name: 'GGUF', extensions: ['gguf'] }] }),
    openLink,
  };
}

/** The contract has checked the address already; this is the last door, so it looks again. */
async function openLink(address: string): Promise<void> {
  const { protocol } = new URL(address);
  if (protocol === 'https:' || protocol === 'mailto:') await shell.openExternal(address);
}
