import { serverNow } from './clock';

/** A key that never leaves this device: it proves that whoever comes back is who came in (RFC 9449). */
export interface DeviceKey {
  readonly pair: CryptoKeyPair;
  /** The public half (RFC 7517), members as the thumbprint takes them. */
  readonly jwk: { crv: string; kty: string; x: string; y: string };
}

/** A new key; `null` where the browser has no WebCrypto, which is so outside of secure origins. */
export async function newDeviceKey(): Promise<DeviceKey | null> {
  const { subtle } = globalThis.crypto;
  if (!subtle) return null;
  try {
    const pair = await subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, false, ['sign', 'verify']);
    const { crv, kty, x, y } = await subtle.exportKey('jwk', pair.publicKey);
    return crv && kty && x && y ? { pair, jwk: { crv, kty, x, y } } : null;
  } catch {
    return null;
  }
}

/** A `DPoP` proof for one request, by the server's clock. */
export async function proof(key: DeviceKey, method: string, url: string, token?: string): Promise<string> {
  const header = { typ: 'dpop+jwt', alg: 'ES256', jwk: key.jwk };
  const claims = {
    jti: randomText(),
    htm: method,
    htu: url,
    iat: Math.floor(serverNow() / 1000),
    ...(token === undefined ? {} : { ath: base64url(await digest(token)) }),
  };
  const input = `${base64url(bytes(JSON.stringify(header)))}.${base64url(bytes(JSON.stringify(claims)))}`;
  const signed = await crypto.subtle.sign({ name: 'ECDSA', hash: 'SHA-256' }, key.pair.privateKey, bytes(input));
  return `${input}.${base64url(new Uint8Array(signed))}`;
}

/** 144 random bits as text: fit for an id, and for an `Idempotency-Key` that owns a link. */
export function randomText(): string {
  return base64url(crypto.getRandomValues(new Uint8Array(18)));
}

/** SHA-256. */
export async function digest(text: string): Promise<Uint8Array> {
  return new Uint8Array(await crypto.subtle.digest('SHA-256', bytes(text)));
}

/** Base64 for addresses, without padding (RFC 4648, 5). */
export function base64url(octets: Uint8Array): string {
  const text = Array.from(octets, (octet) => String.fromCharCode(octet)).join('');
  return btoa(text).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}

function bytes(text: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(text);
}
