// Checks tokens with the npm library jose: `node verify.mjs JWKS_URL < CHECKS`.
//
// CHECKS is a JSON array of { token, typ, issuer?, audience? }; the answer is a JSON array of { valid, claims } or
// { valid, why }, in the same order. Exit status 3: the library is not there.

import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";
import { text } from "node:stream/consumers";

// `import` does not look where NODE_PATH points to; what `require` would find there is imported by its address.
const modules = process.env.BEDSIDE_NODE_PATH;
let jose;
try {
  jose = await import(modules ? pathToFileURL(createRequire(`${modules}/`).resolve("jose")).href : "jose");
} catch (error) {
  console.error(error.message);
  process.exit(3);
}

const keys = jose.createRemoteJWKSet(new URL(process.argv[2]));

async function check({ token, typ, issuer, audience }) {
  try {
    const { payload } = await jose.jwtVerify(token, keys, { algorithms: ["ES256"], typ, issuer, audience });
    return { valid: true, claims: payload };
  } catch (error) {
    return { valid: false, why: `${error.code ?? error.name}: ${error.message}` };
  }
}

const verdicts = [];
for (const one of JSON.parse(await text(process.stdin))) {
  verdicts.push(await check(one));
}
console.log(JSON.stringify(verdicts));
