// The panel of Amazon Connect by its own library, `amazon-connect-streams`: a file of its own, fetched at desks of practices
// whose calls go by Connect and nowhere else.
import 'amazon-connect-streams';
import type { Media } from '../../../shared/api/types';
import type { ConnectConfig } from '../../../shared/sign-in/config';
import { type Contact, PanelRefused, type Panel, type Standing, agent, contacts, panelState } from './contacts';
import { type Transport, mediaOf } from './transport';

/** An answer that takes longer is given up: a panel that has died answers nothing. */
const PATIENCE_MS = 15_000;
const SIGN_IN_WINDOW = 'popup,width=480,height=720';

const STANDINGS: Readonly<Record<string, Standing>> = {
  incoming: 'ringing',
  pending: 'ringing',
  connecting: 'ringing',
  connected: 'taken',
  ended: 'over',
  missed: 'missed',
  rejected: 'missed',
  error: 'missed',
};

/** Why there is no answer, as far as the panel has told. */
const told = { acknowledged: false, signedOut: false, denied: false, blocked: false, silent: false };

function stand(changed: Partial<typeof told>): void {
  Object.assign(told, changed);
  if (told.blocked) panelState.value = 'blocked';
  else if (told.denied) panelState.value = 'denied';
  else if (told.signedOut) panelState.value = 'signed-out';
  else if (told.silent) panelState.value = 'silent';
  else panelState.value = told.acknowledged ? 'ready' : 'loading';
}

/** Shows the panel in an element, and follows it. Once in a page's life. */
export function openPanel(within: HTMLElement, config: ConnectConfig, title: string): Panel {
  followPolicy(config);
  connect.core.initCCP(within, {
    ccpUrl: config.ccpUrl,
    ...(config.loginUrl ? { loginUrl: config.loginUrl } : {}),
    // A window that nobody pressed for is not opened by browsers: the desk has a button.
    loginPopup: false,
    // A panel that has died is noticed too. The types of the library do not have it.
    loginOptions: { enableAckTimeout: true } as connect.LoginOptions,
    iframeTitle: title,
    softphone: { allowFramedSoftphone: true, allowFramedVideoCall: false },
    logConfig: { echoLevel: connect.LogLevel.ERROR },
  });
  follow();
  addEventListener('focus', () => {
    // Whoever has been away to sign in is back.
    if (panelState.value === 'silent' || panelState.value === 'signed-out') reload(within, config);
  });
  return {
    accept: (id) => toldBy((callbacks) => contactOf(id).accept(callbacks)),
    hangUp: (id) => toldBy((callbacks) => connectionOf(id).destroy(callbacks)),
    finish: (id) => toldBy((callbacks) => contactOf(id).clear(callbacks)),
    media: (id) => mediaBy(id),
    become: (name) => toldBy((callbacks) => become(name, callbacks)),
    again: () => reload(within, config),
    signIn: () => void open(config.loginUrl ?? config.ccpUrl, 'connect-sign-in', SIGN_IN_WINDOW),
  };
}

function follow(): void {
  const events = connect.core.getEventBus();
  events.subscribe(connect.EventType.ACKNOWLEDGE, () => stand({ acknowledged: true, silent: false }));
  events.subscribe(connect.EventType.ACK_TIMEOUT, () => stand({ silent: true }));
  connect.core.onAuthFail(() => stand({ signedOut: true }));
  connect.core.onAccessDenied(() => stand({ denied: true }));
  connect.agent((one) => {
    look(one);
    one.onRefresh(look);
  });
}

/** Whether the page's own policy keeps the panel out: nothing but the page is told of it. */
function followPolicy({ ccpUrl }: ConnectConfig): void {
  const { origin } = new URL(ccpUrl);
  document.addEventListener('securitypolicyviolation', ({ effectiveDirective, blockedURI }) => {
    if (effectiveDirective === 'frame-src' && blockedURI.startsWith(origin)) stand({ blocked: true });
  });
}

/** Takes over what the panel tells of agent and contacts. */
function look(one: connect.Agent): void {
  stand({ acknowledged: true, signedOut: false, silent: false });
  const choices = one.getAgentStates().map(({ name }) => name);
  agent.value = { name: one.getName(), state: one.getState().name, choices };
  const maySee = one.getPermissions().includes('videoContact');
  contacts.value = one.getContacts(connect.ContactType.VOICE).flatMap((contact) => read(contact, maySee) ?? []);
}

function read(contact: connect.Contact, maySee: boolean): Contact | null {
  const standing = STANDINGS[contact.getStatus().type];
  if (!standing) return null;
  return {
    id: contact.getContactId(),
    visitId: contact.getAttributes()['visitId']?.value ?? null,
    standing,
    since: Date.now() - Math.max(0, contact.getStatusDuration()),
    withVideo: maySee && contact.getContactSubtype() === 'connect:WebRTC' && contact.hasVideoRTCCapabilities(),
  };
}

function contactOf(id: string): connect.Contact {
  const found = new connect.Agent().getContacts().find((contact) => contact.getContactId() === id);
  if (!found) throw new PanelRefused(`no contact ${id}`);
  return found;
}

function connectionOf(id: string): connect.VoiceConnection {
  return contactOf(id).getAgentConnection() as connect.VoiceConnection;
}

async function mediaBy(id: string): Promise<Media> {
  try {
    const transport = (await inTime(connectionOf(id).getVideoConnectionInfo())) as Transport;
    return mediaOf(transport);
  } catch (error) {
    throw new PanelRefused(error);
  }
}

function become(name: string, callbacks: connect.SuccessFailOptions): void {
  const one = new connect.Agent();
  const wanted = one.getAgentStates().find((state) => state.name === name);
  if (!wanted) throw new PanelRefused(name);
  // In a call, the state comes after it.
  one.setState(wanted, callbacks, { enqueueNextState: true });
}

/** What the library tells by callbacks, as a promise. */
function toldBy(act: (callbacks: connect.SuccessFailOptions) => void): Promise<void> {
  return inTime(new Promise<void>((resolve, reject) => act({ success: () => resolve(), failure: (error) => reject(new PanelRefused(error)) })));
}

async function inTime<T>(answer: Promise<T>): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => (timer = setTimeout(() => reject(new PanelRefused('no answer')), PATIENCE_MS)));
  return Promise.race([answer, late]).finally(() => clearTimeout(timer));
}

function reload(within: HTMLElement, { ccpUrl }: ConnectConfig): void {
  stand({ acknowledged: false, signedOut: false, denied: false, silent: false });
  const frame = within.querySelector('iframe');
  if (frame) frame.src = ccpUrl;
}
