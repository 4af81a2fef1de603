// Stands in for the Contact Control Panel of Amazon Connect on the laptop: speaks by `postMessage` what the panel of the
// service speaks, so that the desk runs with `amazon-connect-streams` as it is.
import { type Panel, SignedOut, service } from './service';
import { snapshotOf } from './snapshot';
import { speakIn } from './sound';

const LOOK_MS = 500;

let panel: Panel | null = null;
let told = '';
/** How many acts were begun or have ended: a look that one of them overlaps may tell how it stood before. */
let acts = 0;
let underWay = 0;
let looking = false;

/** The page around this one; whoever may frame it stands in the policy of this page. */
const tell = (event: string, data: unknown) => parent.postMessage({ event, data }, '*');

function show(now: Panel): void {
  panel = now;
  const text = JSON.stringify(now);
  if (text === told) return;
  told = text;
  const [contact] = now.contacts;
  write('state', `${now.agentId}: ${now.state}`);
  write('contact', contact ? `Contact ${contact.state}` : 'No contact');
  const other = now.state === 'Available' ? 'Offline' : 'Available';
  buttons([
    ...(contact?.state === 'connecting' ? [button('Accept', () => service.act(contact.contactId, 'accept'))] : []),
    ...(contact?.state === 'connected' ? [button('Hang up', () => service.act(contact.contactId, 'hang-up'))] : []),
    ...(contact?.state === 'ended' ? [button('Clear contact', () => service.act(contact.contactId, 'clear'))] : []),
    button(`Become ${other}`, () => service.stand(other)),
  ]);
  speakIn(contact?.state === 'connected' ? contact.contactId : null);
  tell('agent::update', snapshotOf(now));
}

function write(id: string, text: string): void {
  const element = document.getElementById(id);
  if (element) element.textContent = text;
}

function buttons(all: HTMLElement[]): void {
  const out = document.createElement('a');
  out.href = '/local/connect/logout';
  out.textContent = 'Sign out';
  document.getElementById('buttons')?.replaceChildren(...all, out);
}

/** Does something, and shows how it stands then. */
async function does(act: Promise<Panel>): Promise<object> {
  acts += 1;
  underWay += 1;
  try {
    show(await act);
  } finally {
    acts += 1;
    underWay -= 1;
  }
  return {};
}

function button(label: string, press: () => Promise<Panel>): HTMLButtonElement {
  const made = document.createElement('button');
  made.type = 'button';
  made.textContent = label;
  made.onclick = () => void does(press()).catch(() => look());
  return made;
}

type Given = Record<string, any>;

/** The calls of the panel's API that the desk makes. */
const api: Readonly<Record<string, (given: Given) => Promise<unknown>>> = {
  acceptContact: ({ contactId }) => does(service.act(contactId, 'accept')),
  destroyConnection: ({ contactId }) => does(service.act(contactId, 'hang-up')),
  completeContact: ({ contactId }) => does(service.act(contactId, 'clear')),
  clearContact: ({ contactId }) => does(service.act(contactId, 'clear')),
  putAgentState: ({ state }) => does(service.stand(state.name)),
  createTransport: async ({ transportType, contactId }) =>
    transportType === 'web_rtc' ? { webRTCTransport: await service.transport(contactId, 'video') } : {},
  getAgentSnapshot: async () => ({ snapshot: snapshotOf(await service.look()).snapshot }),
  getAgentConfiguration: async () => ({ configuration: snapshotOf(await service.look()).configuration }),
  getAgentStates: async () => ({ states: snapshotOf(await service.look()).configuration.agentStates }),
};

async function answer({ method, params, requestId }: Given): Promise<void> {
  const respond = (data: unknown, err: string | null) => tell('api_response', { event: 'api_response', requestId, data, err });
  try {
    const call = api[method];
    if (!call) throw new Error(`${method} is not known at this panel`);
    respond(await call(params ?? {}), null);
  } catch (error) {
    respond(null, String(error));
  }
}

addEventListener('message', ({ source, data: message }: MessageEvent<{ event?: string; data?: Given } | null>) => {
  if (source !== parent || !message?.event) return;
  const { event, data } = message;
  if (event === 'synchronize') tell('acknowledge', { id: 'panel' });
  else if (event === 'configure' || event === 'outer_context_info') panel && tell('agent::update', snapshotOf(panel));
  else if (event === 'api_request' && data) void answer(data);
  // The softphone's tab is this one: the page around it is never in charge of the sound.
  else if (event === 'master_request' && data) {
    tell('master_response', { event: 'master_response', requestId: data['requestId'], data: { isMaster: false, takeOver: false }, err: null });
  }
});

async function look(): Promise<void> {
  if (underWay > 0 || looking) return;
  const before = acts;
  looking = true;
  try {
    const now = await service.look();
    if (before === acts) show(now);
  } catch (error) {
    // As the service's panel does: it goes to the page that signs in, which no frame shows.
    if (error instanceof SignedOut) location.reload();
  } finally {
    looking = false;
  }
}

setInterval(() => void look(), LOOK_MS);
await look();
tell('acknowledge', { id: 'panel' });
