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

/** What a tab remembers the secret of a link by: the address has it no more. It is forgotten once the visit session is kept. */
export const secretOf = (code: string): string => `link-${code}`;

function plain(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
