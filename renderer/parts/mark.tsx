// The sign of Nacre: a shell's inside, in layers.
export function Mark({ size = 28 }: { readonly size?: number }) {
  return (
    <svg className="mark" width={size} height={size} viewBox="0 0 32 32" aria-hidden="true">
      <defs>
        <linearGradient id="nacre" x1="0" y1="0" x2="1" y2="1">
          <stop offset="0" className="nacre-a" />
          <stop offset="0.5" className="nacre-b" />
          <stop offset="1" className="nacre-c" />
        </linearGradient>
      </defs>
      <path d="M16 3C8.3 3 3 9 3 16.2 3 23.5 8.6 29 16 29s13-5.5 13-12.8C29 9 23.7 3 16 3Z" fill="url(#nacre)" />
      <path d="M16 8.5c-4.9 0-8.2 3.6-8.2 8 0 4.500 3.500 8 8.200 8" className="mark-line" />
      <path
        d="M17 13.400c-2.700-.3-4.600 1.500-4.600 3.800 0 2.200 1.700 3.900 4 3.900 2.700 0 4.600-2 4.600-4.700 0-3.200-2.400-5.400-5.400-5.400"
        className="mark-line"
      />
    </svg>
  );
}
