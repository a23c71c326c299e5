// A button that shows only a picture; its name is read out and shown as a tooltip.
import type { ReactNode } from 'react';
import { Button, type ButtonProps, Tooltip, TooltipTrigger } from 'react-aria-components';

interface Props extends Omit<ButtonProps, 'children' | 'aria-label'> {
  readonly label: string;
  readonly children: ReactNode;
}

export function IconButton({ label, children, className, ...rest }: Props) {
  return (
    <TooltipTrigger delay={600} closeDelay={0}>
      <Button {...rest} aria-label={label} className={`icon-button ${typeof className === 'string' ? className : ''}`}>
        {children}
      </Button>
      <Tooltip className="tooltip" placement="top" offset={6}>
        {label}
      </Tooltip>
    </TooltipTrigger>
  );
}
