import type { DeviceInfo } from '../api/types';

/** What the page runs in, as far as its advice differs. */
export interface Browser {
  /** Name and main version, for the practice's support. */
  name: string;
  os: string;
  family: 'safari' | 'chrome' | 'firefox' | 'edge' | 'samsung' | 'other';
  system: 'ios' | 'android' | 'other';
  /** The app whose built-in browser this is: camera and microphone often do not work there. */
  app: string | null;
}

const APPS: [RegExp, string][] = [
  [/\bFBAN|\bFBAV|\bFB_IAB/, 'Facebook'],
  [/\bInstagram\b/, 'Instagram'],
  [/\bMessenger/, 'Messenger'],
  [/\bWhatsApp/, 'WhatsApp'],
  [/\bSnapchat\b/, 'Snapchat'],
  [/musical_ly|BytedanceWebview|\bTikTok/, 'TikTok'],
  [/\bLinkedInApp\b/, 'LinkedIn'],
  [/\bPinterest\b/, 'Pinterest'],
  [/\bTwitter/, 'X'],
  [/\bMicroMessenger\b/, 'WeChat'],
  [/\bLine\//, 'LINE'],
  [/\bGSA\//, 'Google'],
  [/\bYahooMobile|\bYMail/, 'Yahoo'],
];

/** Reads what the browser says of itself. */
export function browserOf(agent: string): Browser {
  const version = (pattern: RegExp) => pattern.exec(agent)?.[1] ?? '';
  const ios = /iPhone|iPad|iPod/.test(agent);
  const android = /Android/.test(agent);
  const [family, name] = familyOf(agent, version);
  return {
    family,
    name: name.trim(),
    system: ios ? 'ios' : android ? 'android' : 'other',
    os: systemOf(agent, version).trim(),
    app: appOf(agent, ios, android),
  };
}

function familyOf(agent: string, version: (pattern: RegExp) => string): [Browser['family'], string] {
  if (/\bEdg(A|iOS)?\//.test(agent)) return ['edge', `Edge ${version(/\bEdg(?:A|iOS)?\/(\d+)/)}`];
  if (/\bSamsungBrowser\//.test(agent)) return ['samsung', `Samsung Internet ${version(/SamsungBrowser\/(\d+)/)}`];
  if (/\b(Firefox|FxiOS)\//.test(agent)) return ['firefox', `Firefox ${version(/(?:Firefox|FxiOS)\/(\d+)/)}`];
  if (/\b(Chrome|CriOS|HeadlessChrome)\//.test(agent)) return ['chrome', `Chrome ${version(/(?:Chrome|CriOS)\/(\d+)/)}`];
  if (/\bSafari\//.test(agent)) return ['safari', `Safari ${version(/Version\/(\d+)/)}`];
  return ['other', 'Browser'];
}

function systemOf(agent: string, version: (pattern: RegExp) => string): string {
  if (/iPhone|iPad|iPod/.test(agent)) return `iOS ${version(/OS (\d+)/)}`;
  if (/Android/.test(agent)) return `Android ${version(/Android (\d+)/)}`;
  if (/Windows/.test(agent)) return 'Windows';
  if (/Mac OS X/.test(agent)) return 'macOS';
  if (/CrOS/.test(agent)) return 'ChromeOS';
  return 'Linux';
}

function appOf(agent: string, ios: boolean, android: boolean): string | null {
  const named = APPS.find(([pattern]) => pattern.test(agent));
  if (named) return named[1];
  // Android marks its web views; on iOS they lack the word that every browser says.
  if (android && /; wv\)/.test(agent)) return '';
  if (ios && !/Safari\//.test(agent)) return '';
  return null;
}

/** Whether a call can be held here at all. */
export function canCall(): boolean {
  return typeof RTCPeerConnection === 'function' && typeof navigator.mediaDevices?.getUserMedia === 'function';
}

/** An address that opens in the phone's own browser, where there is such a thing. */
export function outside(browser: Browser, url: URL): string | null {
  // The secret cannot stand in the fragment, which the address of another app needs for itself: pages know it by `%23` too.
  const plain = `${url.host}${url.pathname}${url.hash.replace('#', '%23')}`;
  if (browser.system === 'android') return `intent://${plain}#Intent;scheme=${url.protocol.replace(':', '')};end`;
  if (browser.system === 'ios') return `x-safari-${url.protocol}//${plain}`;
  return null;
}

/** What the practice's support is told of this device. */
export async function deviceInfo(): Promise<DeviceInfo> {
  const { name, os } = browserOf(navigator.userAgent);
  const devices = await navigator.mediaDevices?.enumerateDevices().catch(() => []);
  const has = (kind: MediaDeviceKind) => devices?.some((device) => device.kind === kind) ?? false;
  return { hasCamera: has('videoinput'), hasMicrophone: has('audioinput'), browser: name, os };
}
