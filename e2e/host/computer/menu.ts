// `Menu`, `Tray`, `Notification`, `nativeImage`: kept as objects, not drawn. A test may look at them and click.
import { EventEmitter } from 'node:events';
import type { MenuItemConstructorOptions } from 'electron';
import { onlyKnown } from '../absent.ts';

export type StandInMenu = { readonly items: readonly StandInItem[] };
export type StandInItem = { readonly label: string; readonly role: string | undefined; readonly submenu: StandInMenu | null; click(): void };

export function createMenus() {
  let applicationMenu: StandInMenu | null = null;
  const build = (template: readonly MenuItemConstructorOptions[]): StandInMenu => ({ items: template.map(itemOf) });
  const itemOf = ({ label, role, submenu, click }: MenuItemConstructorOptions): StandInItem => ({
    label: label ?? role ?? '',
    role,
    submenu: Array.isArray(submenu) ? build(submenu) : null,
    click: () => (click as (() => void) | undefined)?.(),
  });
  const Menu = onlyKnown('Menu', {
    buildFromTemplate: build,
    setApplicationMenu: (menu: StandInMenu | null) => {
      applicationMenu = menu;
    },
    getApplicationMenu: () => applicationMenu,
  });
  return { Menu, Tray: StandInTray, Notification: StandInNotification, nativeImage };
}

const image = { isEmpty: () => false };
const nativeImage = onlyKnown('nativeImage', {
  createFromBitmap: () => image,
  createFromPath: () => image,
  createFromDataURL: () => image,
  createEmpty: () => ({ isEmpty: () => true }),
});

class StandInTray extends EventEmitter {
  menu: StandInMenu | null = null;
  tip = '';
  #destroyed = false;

  setToolTip(tip: string): void {
    this.tip = tip;
  }
  setContextMenu(menu: StandInMenu | null): void {
    this.menu = menu;
  }
  destroy(): void {
    this.#destroyed = true;
  }
  isDestroyed(): boolean {
    return this.#destroyed;
  }
}

class StandInNotification extends EventEmitter {
  readonly title: string;
  readonly body: string;

  static isSupported(): boolean {
    return true;
  }
  constructor({ title = '', body = '' }: { title?: string; body?: string } = {}) {
    super();
    this.title = title;
    this.body = body;
  }
  show(): void {
    this.emit('show');
  }
  close(): void {
    this.emit('close');
  }
}
