// Stands where the Chime library imports its messaging client: calls need none of it.
export class ChimeSDKMessagingClient {}
export class GetMessagingSessionEndpointCommand {}
