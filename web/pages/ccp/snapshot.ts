import type { AtPanel, Panel } from './service';

const INSTANCE = 'arn:aws:connect:us-east-1:000000000000:instance/demo-instance';

const stateOf = (name: string, type: string) => ({ agentStateARN: `${INSTANCE}/agent-state/${name}`, name, type });
const STATES = [stateOf('Available', 'routable'), stateOf('Offline', 'offline')];

/** The agent's state by the names of the service: a contact goes before what the agent has chosen. */
function standOf({ state, since, contacts: [contact] }: Panel) {
  const named = (name: string, type: string, startTimestamp: string) => ({ ...stateOf(name, type), startTimestamp });
  if (contact?.state === 'connecting') return named('PendingBusy', 'system', contact.since);
  if (contact?.state === 'connected') return named('Busy', 'system', contact.since);
  if (contact?.state === 'ended') return named('AfterCallWork', 'system', contact.since);
  return { ...(STATES.find(({ name }) => name === state) ?? stateOf(state, 'offline')), startTimestamp: since };
}

function contactOf({ contactId, state, since, attributes, withVideo }: AtPanel) {
  const can = withVideo ? { Video: 'SEND', ScreenShare: 'SEND' } : {};
  const stand = { type: state, timestamp: since };
  const agentIs = { connecting: 'connecting', connected: 'connected', ended: 'disconnected' }[state];
  const customerIs = state === 'ended' ? 'disconnected' : 'connected';
  const connection = (name: string, type: string, is: string, initial: boolean) => ({
    connectionId: `${contactId}-${name}`,
    type,
    initial,
    state: { type: is, timestamp: since },
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
    queue: { name: 'Visits', queueARN: `${INSTANCE}/queue/visits`, queueId: `${INSTANCE}/queue/visits` },
    attributes: Object.fromEntries(Object.entries(attributes).map(([name, value]) => [name, { name, value }])),
    segmentAttributes: { 'connect:Subtype': { ValueString: 'connect:WebRTC' } },
    contactFeatures: {},
    connections: [connection('agent', 'agent', agentIs, false), connection('customer', 'inbound', customerIs, true)],
  };
}

/** What the panel tells of itself, in the form that `amazon-connect-streams` reads. */
export function snapshotOf(panel: Panel) {
  const profile = `${INSTANCE}/routing-profile/visits`;
  return {
    snapshot: {
      state: standOf(panel),
      agentAvailabilityState: { state: panel.state, timeStamp: panel.since },
      contacts: panel.contacts.map(contactOf),
      skew: 0,
      snapshotTimestamp: new Date().toISOString(),
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
        queues: [],
        channelConcurrencyMap: { VOICE: 1, CHAT: 0, TASK: 0 },
        defaultOutboundQueue: { name: 'Visits', queueARN: `${INSTANCE}/queue/visits`, queueId: `${INSTANCE}/queue/visits` },
      },
    },
  };
}
