// A button with three dots, and the menu behind it.
import { Ellipsis } from 'lucide-react';
import type { ReactNode } from 'react';
import { Menu, MenuTrigger, Popover } from 'react-aria-components';
import { IconButton } from './icon-button.tsx';

export function More({ label, className = '', children }: { readonly label: string; readonly className?: string; readonly children: ReactNode }) {
  return (
    <MenuTrigger>
      <IconButton label={label} className={className}>
        <Ellipsis />
      </IconButton>
      <Popover className="popover" placement="bottom end">
        <Menu className="menu" aria-label={label}>
          {children}
        </Menu>
      </Popover>
    </MenuTrigger>
  );
}
