// One participant: the Chime client as it is, and what a test asks of it.
import {
  ConsoleLogger, DefaultDeviceController, DefaultMeetingSession, LogLevel, MeetingSessionConfiguration,
} from 'amazon-chime-sdk-js';

const seen = { started: 0, startedAfter: null, stopped: [], roster: {}, muted: {}, volumes: {}, messages: [], tiles: {} };
let call;
let ears;

function showTile(tile) {
  if (!tile.tileId || tile.localTile || !tile.boundAttendeeId) return;
  const who = tile.boundAttendeeId.endsWith('#content') ? `${tile.boundExternalUserId}#content` : tile.boundExternalUserId;
  seen.tiles[who] = tile.tileId;
  let video = document.getElementById(`tile-${tile.tileId}`);
  if (!video) {
    video = Object.assign(document.createElement('video'), { id: `tile-${tile.tileId}`, muted: true, autoplay: true });
    document.body.append(video);
    call.bindVideoElement(tile.tileId, video);
  }
}

function dropTile(tileId) {
  document.getElementById(`tile-${tileId}`)?.remove();
  for (const [who, id] of Object.entries(seen.tiles)) if (id === tileId) delete seen.tiles[who];
}

window.join = async (meeting, attendee) => {
  const logger = new ConsoleLogger('chime', LogLevel.WARN);
  const devices = new DefaultDeviceController(logger);
  const session = new DefaultMeetingSession(new MeetingSessionConfiguration(meeting, attendee), logger, devices);
  call = session.audioVideo;
  const begun = performance.now();
  call.addObserver({
    audioVideoDidStart: () => {
      seen.started += 1;
      seen.startedAfter ??= performance.now() - begun;
    },
    audioVideoDidStop: status => seen.stopped.push(status.statusCode()),
    videoTileDidUpdate: showTile,
    videoTileWasRemoved: dropTile,
  });
  call.realtimeSubscribeToAttendeeIdPresence((id, present, user) => {
    if (present) seen.roster[id] = user; else delete seen.roster[id];
    if (present) call.realtimeSubscribeToVolumeIndicator(id, (_, volume, muted) => {
      if (volume !== null) seen.volumes[user] = volume;
      if (muted !== null) seen.muted[user] = muted;
    });
  });
  call.realtimeSubscribeToReceiveDataMessage('chat', message => seen.messages.push([message.senderExternalUserId, message.text()]));
  const audio = document.createElement('audio');
  document.body.append(audio);
  await call.bindAudioElement(audio);
  const plain = { echoCancellation: false, noiseSuppression: false, autoGainControl: false };
  await call.startAudioInput({ deviceId: (await call.listAudioInputDevices())[0].deviceId, ...plain });
  await call.startVideoInput((await call.listVideoInputDevices())[0].deviceId);
  call.start();
  call.startLocalVideoTile();
  window.call = call;
  window.speaker = audio;
};

window.seen = () => seen;

// Which of these tones are heard, by a spectrum with a line every 3 Hz.
window.hears = async tones => {
  const stream = window.speaker?.srcObject;
  if (!stream) return [];
  if (ears?.stream !== stream) {
    const context = ears?.context ?? new AudioContext();
    const analyser = new AnalyserNode(context, { fftSize: 16384, smoothingTimeConstant: 0 });
    context.createMediaStreamSource(stream).connect(analyser);
    ears = { stream, context, analyser };
  }
  await ears.context.resume();
  const lines = new Float32Array(ears.analyser.frequencyBinCount);
  ears.analyser.getFloatFrequencyData(lines);
  const width = ears.context.sampleRate / 16384;
  const loudest = tone => Math.max(...lines.slice(Math.floor((tone - 15) / width), Math.ceil((tone + 15) / width)));
  return tones.filter(tone => loudest(tone) > -55);
};

// What colour each tile has, and how many different pictures it shows in eight looks.
window.shows = async () => {
  const canvas = Object.assign(document.createElement('canvas'), { width: 32, height: 24 });
  const context = canvas.getContext('2d', { willReadFrequently: true });
  const shown = {};
  for (let look = 0; look < 8; look += 1) {
    for (const [who, id] of Object.entries(seen.tiles)) {
      const video = document.getElementById(`tile-${id}`);
      if (!video || video.readyState < 2) continue;
      context.drawImage(video, 0, 0, 32, 24);
      const pixels = context.getImageData(0, 0, 32, 24).data;
      const sum = [0, 0, 0];
      pixels.forEach((value, at) => { if (at % 4 < 3) sum[at % 4] += value; });
      const tile = (shown[who] ??= { colour: [0, 0, 0], pictures: new Set() });
      tile.colour = sum.map(all => Math.round(all / (32 * 24)));
      tile.pictures.add(pixels.join());
    }
    await new Promise(done => setTimeout(done, 120));
  }
  return Object.fromEntries(Object.entries(shown).map(([who, tile]) => [who, { colour: tile.colour, pictures: tile.pictures.size }]));
};
