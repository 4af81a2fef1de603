import { Unreachable } from '../api/problem';
import { base64url, digest, randomText } from '../device/key';
import type { SignInConfig } from './config';

// The authorization code flow with PKCE (RFC 6749, 7636) at the practice's identity provider. Tokens live in the memory of the
// page alone: after a reload the provider's own session signs in again.

/** The sign-in cannot go on by itself: the person has to sign in again. */
export class SignInEnded extends Error {
  constructor(cause?: unknown) {
    super('the sign-in has ended', { cause });
    this.name = 'SignInEnded';
  }
}

interface Endpoints {
  authorization_endpoint: string;
  token_endpoint: string;
  end_session_endpoint?: string;
}

interface Tokens {
  access_token: string;
  refresh_token?: string;
  expires_in?: number;
}

/** A sign-in on its way from one of our windows to another. */
export interface HandedOver {
  config: SignInConfig;
  found: Endpoints;
  tokens: Tokens;
}

/** What must outlast the way to the provider and back. */
interface Begun {
  state: string;
  verifier: string;
  config: SignInConfig;
  /** The path to come back to. */
  page: string;
}

const BEGUN = 'bedside-sign-in';
const BEFORE = 'bedside-signed-in';
/** Renewed so much before its end, so that no request carries a token that ends on its way. */
const MARGIN_MS = 30_000;

/** Leaves for the provider. */
export async function beginSignIn(config: SignInConfig): Promise<void> {
  const { authorization_endpoint } = await endpoints(config);
  const begun: Begun = { state: randomText(), verifier: randomText() + randomText(), config, page: location.pathname };
  sessionStorage.setItem(BEGUN, JSON.stringify(begun));
  const query = new URLSearchParams({
    response_type: 'code',
    client_id: config.clientId,
    redirect_uri: location.origin + begun.page,
    scope: 'openid',
    state: begun.state,
    code_challenge: base64url(await digest(begun.verifier)),
    code_challenge_method: 'S256',
  });
  const target = new URL(authorization_endpoint);
  for (const [name, value] of query) target.searchParams.set(name, value);
  location.assign(target);
}

/** Whether somebody was signed in here before this page was loaded anew: then the provider may simply be asked again. */
export function wasSignedIn(): boolean {
  return sessionStorage.getItem(BEFORE) !== null;
}

/** Finishes the way back from the provider, if that is what brought us here. */
export async function returnedSignIn(): Promise<SignIn | null> {
  const given = new URLSearchParams(location.search);
  const begun = taken();
  if (!given.has('code') && !given.has('error')) return null;
  // Neither code nor state may stay in the address or in the history.
  history.replaceState(null, '', location.pathname);
  const code = given.get('code');
  if (!begun || !code || given.get('state') !== begun.state) {
    sessionStorage.removeItem(BEFORE);
    throw new SignInEnded();
  }
  const found = await endpoints(begun.config);
  const tokens = await exchange(found, {
    grant_type: 'authorization_code',
    code,
    redirect_uri: location.origin + begun.page,
    client_id: begun.config.clientId,
    code_verifier: begun.verifier,
  });
  sessionStorage.setItem(BEFORE, 'yes');
  return new SignIn(begun.config, found, tokens);
}

/** Somebody who is signed in. */
export class SignIn {
  private until: number;
  private renewing: Promise<string> | null = null;

  constructor(
    readonly config: SignInConfig,
    private readonly found: Endpoints,
    private tokens: Tokens,
  ) {
    this.until = endOf(tokens);
  }

  /** An access token that holds; renewed where it has run out, or was `refused` by the API, if the provider allows it. */
  async token(refused?: string): Promise<string> {
    const { access_token } = this.tokens;
    if (Date.now() < this.until - MARGIN_MS && access_token !== refused) return access_token;
    this.renewing ??= this.renew().finally(() => (this.renewing = null));
    return this.renewing;
  }

  /** A new access token, in place of one that was refused before its time. */
  async renewed(): Promise<string> {
    this.until = 0;
    return this.token();
  }

  /** What another window of ours needs to go on with this sign-in. */
  handOver(): HandedOver {
    return { config: this.config, found: this.found, tokens: this.tokens };
  }

  static from({ config, found, tokens }: HandedOver): SignIn {
    return new SignIn(config, found, tokens);
  }

  /** Ends the sign-in here and, where the provider can, there. */
  signOut(): void {
    sessionStorage.removeItem(BEFORE);
    this.until = 0;
    this.tokens = { access_token: '' };
    const { end_session_endpoint } = this.found;
    if (!end_session_endpoint) return location.assign(location.pathname);
    const target = new URL(end_session_endpoint);
    target.searchParams.set('client_id', this.config.clientId);
    target.searchParams.set('post_logout_redirect_uri', location.origin + location.pathname);
    location.assign(target);
  }

  private async renew(): Promise<string> {
    const { refresh_token } = this.tokens;
    if (!refresh_token) throw new SignInEnded();
    const fresh = await exchange(this.found, {
      grant_type: 'refresh_token',
      refresh_token,
      client_id: this.config.clientId,
    });
    // A provider that gives no new one lets the old one be used again (RFC 6749, 6).
    this.tokens = { refresh_token, ...fresh };
    this.until = endOf(fresh);
    return fresh.access_token;
  }
}

function endOf({ expires_in }: Tokens): number {
  return Date.now() + (expires_in ?? 300) * 1000;
}

function taken(): Begun | null {
  const text = sessionStorage.getItem(BEGUN);
  sessionStorage.removeItem(BEGUN);
  return text === null ? null : (JSON.parse(text) as Begun);
}

async function endpoints({ issuer }: SignInConfig): Promise<Endpoints> {
  const { ok, body } = await answer(`${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`, {});
  if (!ok) throw new Unreachable();
  return body as Endpoints;
}

async function exchange({ token_endpoint }: Endpoints, form: Record<string, string>): Promise<Tokens> {
  const { ok, body } = await answer(token_endpoint, { method: 'POST', body: new URLSearchParams(form) });
  if (!ok) throw new SignInEnded(body);
  return body as Tokens;
}

async function answer(url: string, request: RequestInit): Promise<{ ok: boolean; body: unknown }> {
  try {
    const response = await fetch(url, { ...request, credentials: 'omit', cache: 'no-store', signal: AbortSignal.timeout(20_000) });
    const body: unknown = await response.json();
    // What the provider cannot do at the moment is no end of the sign-in.
    if (response.status >= 500) throw new Unreachable();
    return { ok: response.ok, body };
  } catch (error) {
    throw error instanceof Unreachable ? error : new Unreachable(error);
  }
}
