import type { AtPanel, Panel } from './service';

const INSTANCE = 'arn:aws:connect:us-east-1:000000000000:instance/demo-instance';

const stateOf = (name: string, type: string) => ({ agentStateARN: `${INSTANCE}/agent-state/${name}`, name, type });
const queue = (name: string) => ({ name, queueARN: `${INSTANCE}/queue/${name}`, queueId: `${INSTANCE}/queue/${name}` });
const STATES = [stateOf('Available', 'routable'), stateOf('Offline', 'offline')];

/** The agent's state by the names of the service: a contact goes before what the agent has chosen. */
function standOf({ state, since, contacts: [contact] }: Panel) {
  const named = (name: string, type: string, startTimestamp: string) => ({ ...stateOf(name, type), startTimestamp: new Date(startTimestamp) });
  if (contact?.state === 'connecting') return named('PendingBusy', 'system', contact.since);
  if (contact?.state === 'connected') return named('Busy', 'system', contact.since);
  if (contact?.state === 'ended') return named('AfterCallWork', 'system', contact.since);
  return { ...(STATES.find(({ name }) => name === state) ?? stateOf(state, 'offline')), startTimestamp: new Date(since) };
}

function contactOf({ contactId, state, since, attributes, withVideo }: AtPanel) {
  const can = withVideo ? { Video: 'SEND', ScreenShare: 'SEND' } : {};
  // Times are dates, not texts: they go as they are from window to window.
  const stand = { type: state, timestamp: new Date(since) };
  const agentIs = { connecting: 'connecting', connected: 'connected', ended: 'disconnected' }[state];
  const customerIs = state === 'ended' ? 'disconnected' : 'connected';
  const connection = (name: string, type: string, is: string, initial: boolean) => ({
    connectionId: `${contactId}-${name}`,
    type,
    initial,
    state: { type: is, timestamp: new Date(since) },
    endpoint: { type: 'phone_number', phoneNumber: name },
    softphoneMediaInfo: name === 'agent' ? {} : null,
    capabilities: can,
    videoCapability: withVideo ? 'SEND' : null,
    monitorStatus: 'NONE',
  });
  return {
    contactId,
    initialContactId: contactId,
    contactARN: `${INSTANCE}/contact/${contactId}`,
    type: 'voice',
    initiationMethod: 'WEBRTC_API',
    state: stand,
    queue: queue('visits'),
    attributes: Object.fromEntries(Object.entries(attributes).map(([name, value]) => [name, { name, value }])),
    segmentAttributes: { 'connect:Subtype': { ValueString: 'connect:WebRTC' } },
    contactFeatures: {},
    connections: [connection('agent', 'agent', agentIs, false), connection('customer', 'inbound', customerIs, true)],
  };
}

/** What the panel tells of itself, in the form that `amazon-connect-streams` reads. */
export function snapshotOf(panel: Panel) {
  const visits = queue('visits');
  // Each agent has a queue of their own: the library reads the agent's id out of its name.
  const own = queue(`agent/${panel.agentId}`);
  const profile = `${INSTANCE}/routing-profile/visits`;
  return {
    snapshot: {
      state: standOf(panel),
      agentAvailabilityState: { state: panel.state, timeStamp: new Date(panel.since) },
      contacts: panel.contacts.map(contactOf),
      skew: 0,
      snapshotTimestamp: new Date(),
    },
    configuration: {
      name: panel.agentId,
      username: panel.agentId,
      agentARN: `${INSTANCE}/agent/${panel.agentId}`,
      softphoneEnabled: true,
      softphoneAutoAccept: false,
      extension: '',
      agentPreferences: {},
      permissions: ['outboundCall', 'videoContact'],
      dialableCountries: ['us'],
      agentStates: STATES,
      routingProfile: {
        name: 'Visits',
        routingProfileId: profile,
        routingProfileARN: profile,
        queues: [own, visits],
        channelConcurrencyMap: { VOICE: 1, CHAT: 0, TASK: 0 },
        defaultOutboundQueue: visits,
      },
    },
  };
}
