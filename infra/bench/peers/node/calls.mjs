// The calls that a function makes, on Node with the AWS SDK, and none of the work between them: no template, no
// cryptography, no check. The event tells them step by step; the calls of one step are made at once.
import { serve } from "./runtime.mjs";

const CLIENTS = {
  dynamodb: ["@aws-sdk/client-dynamodb", "DynamoDBClient"],
  kms: ["@aws-sdk/client-kms", "KMSClient"],
  sesv2: ["@aws-sdk/client-sesv2", "SESv2Client"],
  sms: ["@aws-sdk/client-pinpoint-sms-voice-v2", "PinpointSMSVoiceV2Client"],
  chime: ["@aws-sdk/client-chime-sdk-meetings", "ChimeSDKMeetingsClient"],
  connect: ["@aws-sdk/client-connect", "ConnectClient"],
};
/** The members that the wire has in base64 and the SDK takes as bytes. */
const BLOBS = new Set(["B", "Message", "Plaintext", "CiphertextBlob", "Data"]);

function decoded(given) {
  if (Array.isArray(given)) return given.map((one) => decoded(one));
  if (given === null || typeof given !== "object") return given;
  const member = ([name, value]) => {
    const isBlob = typeof value === "string" && BLOBS.has(name);
    return [name, isBlob ? Buffer.from(value, "base64") : decoded(value)];
  };
  return Object.fromEntries(Object.entries(given).map(member));
}

/** The modules and clients of these services, and of no other. */
async function load(services) {
  const loaded = services.map(async (service) => {
    const [name, client] = CLIENTS[service];
    const module = await import(name);
    return [service, { module, client: new module[client]({}) }];
  });
  return Object.fromEntries(await Promise.all(loaded));
}

async function call({ module, client }, { service, operation, input }) {
  try {
    await client.send(new module[`${operation}Command`](decoded(input)));
  } catch (error) {
    // What was written once is refused the second time: an answer like any other.
    if (error.$fault !== "client") throw error;
  }
}

serve(async () => async ({ steps }) => {
  const loaded = await load([...new Set(steps.flat().map(({ service }) => service))]);
  for (const step of steps) await Promise.all(step.map((one) => call(loaded[one.service], one)));
  return { statusCode: 200, headers: { "content-type": "application/json" }, body: "{}", isBase64Encoded: false };
});
