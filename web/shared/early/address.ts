/** What the address of the page asks for. */
export type Way =
  | { kind: 'link'; code: string; secret: string | null }
  | { kind: 'code'; meetingCode: string }
  | { kind: 'confirm'; challengeId: string; secret: string | null }
  | { kind: 'nothing' };

/** Reads the address. Some mail gateways write `#` as `%23`, and so does our own way out of an app's browser. */
export function wayOf({ pathname, hash }: { pathname: string; hash: string }): Way {
  const [, page, rest = ''] = pathname.split('/');
  const [first = '', inPath] = plain(rest).split('#');
  const secret = plain(hash.slice(1)) || inPath || null;
  if (page === 'j' && first) return { kind: 'link', code: first, secret };
  if (page === 'v' && first) return { kind: 'code', meetingCode: first.toUpperCase() };
  if (page === 'm' && first) return { kind: 'confirm', challengeId: first, secret };
  return { kind: 'nothing' };
}

/** The address without its secret, which must not stay in the bar, in the history, or on a screenshot. */
export function bare(way: Way): string {
  switch (way.kind) {
    case 'link':
      return `/j/${encodeURIComponent(way.code)}`;
    case 'code':
      return `/v/${encodeURIComponent(way.meetingCode)}`;
    case 'confirm':
      return `/m/${encodeURIComponent(way.challengeId)}`;
    case 'nothing':
      return '/j/';
  }
}

/**
 * The secret of a link as long as the tab lives: phones load a page anew behind its back, and the address has it no more.
 * It goes once the visit session is kept.
 */
export const tabMemory = {
  read(code: string): string | null {
    return within(() => sessionStorage.getItem(`bedside-link-${code}`));
  },
  write(code: string, secret: string): void {
    within(() => sessionStorage.setItem(`bedside-link-${code}`, secret));
  },
  forget(code: string): void {
    within(() => sessionStorage.removeItem(`bedside-link-${code}`));
  },
};

function within<T>(act: () => T): T | null {
  try {
    return act();
  } catch {
    return null;
  }
}

function plain(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
