// The job of check-link on Node with the AWS SDK: the same calls, the same comparison, the same form of answer.
import { createHmac, timingSafeEqual } from "node:crypto";
import { DynamoDBClient, GetItemCommand, QueryCommand } from "@aws-sdk/client-dynamodb";
import { GenerateMacCommand, GetPublicKeyCommand, KMSClient } from "@aws-sdk/client-kms";
import { serve } from "./runtime.mjs";

const { HMAC_KEY, SIGNING_KEY, VISITS_TABLE } = process.env;
const dynamodb = new DynamoDBClient({});
const kms = new KMSClient({});

async function init() {
  const message = new TextEncoder().encode("bedside-pepper-1");
  const mac = new GenerateMacCommand({ KeyId: HMAC_KEY, MacAlgorithm: "HMAC_SHA_256", Message: message });
  const [pepper] = await Promise.all([kms.send(mac), kms.send(new GetPublicKeyCommand({ KeyId: SIGNING_KEY }))]);
  return pepper.Mac;
}

function hmac(pepper, label, parts) {
  const context = createHmac("sha256", pepper).update(label);
  for (const part of parts) {
    const length = Buffer.alloc(8);
    length.writeBigUInt64BE(BigInt(Buffer.byteLength(part)));
    context.update(length).update(part);
  }
  return context.digest();
}

async function get(pk, sk) {
  const Key = { PK: { S: pk }, SK: { S: sk } };
  return (await dynamodb.send(new GetItemCommand({ TableName: VISITS_TABLE, Key, ConsistentRead: true }))).Item;
}

async function open(pepper, code, secret) {
  const location = await get(`CODE#${hmac(pepper, "bedside lookup", [code]).toString("base64url")}`, "CODE");
  if (!location) return undefined;
  const query = new QueryCommand({
    TableName: VISITS_TABLE,
    ConsistentRead: true,
    KeyConditionExpression: "PK = :pk",
    ExpressionAttributeValues: { ":pk": { S: `V#${location.visitId.S}` } },
  });
  const rows = (await dynamodb.send(query)).Items ?? [];
  const link = rows.find((row) => row.SK.S.startsWith("LINK#") && row.code.S === code);
  const visit = rows.find((row) => row.SK.S === "#VISIT");
  if (!link || !visit) return undefined;
  const expected = Buffer.from(link.secretMac.S, "base64url");
  const given = hmac(pepper, "bedside link secret", [code, secret]);
  if (expected.length !== given.length || !timingSafeEqual(expected, given)) return undefined;
  return { link, visit, practice: await get(`T#${visit.tenant.S}`, "TENANT") };
}

const time = (millis) => new Date(millis).toISOString();

function checked({ link, visit, practice }) {
  const now = Date.now();
  const [opensAt, expiresAt] = [Number(visit.opensAt.N), Number(link.expiresAt.N)];
  return {
    valid: true,
    role: link.role.S,
    visit: {
      visitId: visit.visitId.S,
      scheduledAt: time(Number(visit.scheduledAt.N)),
      duration: Number(visit.duration.N),
      timezone: visit.timezone.S,
      modality: visit.modality.S,
      clinicianName: visit.clinicianName.S,
    },
    practice: { name: practice.name.S, supportPhone: practice.supportPhone.S },
    opensAt: time(opensAt),
    expiresAt: time(expiresAt),
    expiresIn: Math.max(0, Math.floor((expiresAt - now) / 1000)),
    serverTime: time(now),
    joinable: opensAt > now ? { now: false, reason: "NOT_OPEN_YET", opensInMs: opensAt - now } : { now: true },
    requires: { factors: [], waitingRoom: true },
    resumable: false,
    warnings: [],
  };
}

async function handle(pepper, event) {
  const { code, secret } = JSON.parse(event.body);
  const opened = await open(pepper, code, secret);
  const body = opened ? checked(opened) : { valid: false, status: 401, code: "TOKEN_INVALID" };
  const headers = { "content-type": "application/json", "cache-control": "no-store" };
  return { statusCode: opened ? 200 : 401, headers, body: JSON.stringify(body), isBase64Encoded: false };
}

serve(async () => {
  const pepper = await init();
  return (event) => handle(pepper, event);
});
