// Plain Chromium has no schemes of ours: app://main/x is https://main.app.standin/x there, and back.

const suffix = '.standin';

export function toPage(url: string): string {
  const own = /^(\w+):\/\/([\w-]+)(\/.*)?$/.exec(url);
  if (own === null || ['http', 'https', 'file', 'data', 'blob', 'about'].includes(own[1] ?? '')) return url;
  return `https://${own[2]}.${own[1]}${suffix}${own[3] ?? '/'}`;
}

export function fromPage(url: string): string {
  const parsed = URL.parse(url);
  if (parsed === null || !parsed.hostname.endsWith(suffix)) return url;
  const [host, scheme] = parsed.hostname.slice(0, -suffix.length).split('.');
  return `${scheme}://${host}${parsed.pathname}${parsed.search}${parsed.hash}`;
}
