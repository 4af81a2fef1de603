import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { test } from 'node:test';

type Handler = (event: { request: { uri: string } }) => { uri?: string; statusCode?: number };

/** The very code that the template gives to CloudFront. */
function handler(): Handler {
  const template = readFileSync(resolve(import.meta.dirname, '../../template.yaml'), 'utf8');
  const [, code = ''] = /FunctionCode: \|\n((?: {8}.*\n)+)/.exec(template) ?? [];
  return new Function(`${code}; return handler;`)() as Handler;
}

test('the edge finds the page of each address, and nothing but pages and their files', () => {
  const at = (uri: string) => handler()({ request: { uri } });
  const pages = {
    '/': 'lander', '/j/K7QX2MPA': 'join', '/j/K7QX2MPA%23T9WMR4VX8KQ2PLNA': 'join', '/v/R6TB3YHN': 'join', '/m/x': 'join',
    '/check': 'check', '/portal': 'portal', '/desk': 'desk', '/desk/': 'desk',
  };
  for (const [uri, page] of Object.entries(pages)) assert.equal(at(uri).uri, `/${page}/index.html`, uri);
  for (const uri of ['/assets/join-1.js', '/widget.js', '/icon.svg', '/config.json']) assert.equal(at(uri).uri, uri);
  for (const uri of ['/demo', '/__proto__', '/constructor', '/join/index.html', '/x']) assert.equal(at(uri).statusCode, 404, uri);
});
