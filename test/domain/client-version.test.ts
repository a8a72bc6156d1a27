import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { CLIENT_SINCE, clientVersionIn, isOldClient } from '../../src/domain/client-version.ts';

test.each([
  ['claude-code_2-1-329_agent', '2.1.329'],
  ['claude-code_2-1-329_harness', '2.1.329'],
  ['claude-code_10-0-0', '10.0.0'],
  ['claude-code_2-1', undefined],
  ['claude-code_2-1-329x_agent', undefined],
  ['other_2-1-329_agent', undefined],
  ['x claude-code_2-1-329_agent', undefined],
  ['', undefined],
  [undefined, undefined],
])('%j tells %j', (agent, version) => {
  expect(clientVersionIn(agent)).toBe(version);
});

test.each([
  ['2.1.294', true],
  ['2.1.99', true],
  ['2.0.999', true],
  ['1.9.999', true],
  ['2.1.295', false],
  ['2.1.1000', false],
  ['2.2.0', false],
  ['3.0.0', false],
  ['nonsense', false],
])('%s is old: %j', (version, is) => {
  expect(isOldClient(version)).toBe(is);
});

test('the manifest asks for the same', () => {
  const manifest = JSON.parse(
    readFileSync(new URL('../../.claude-plugin/plugin.json', import.meta.url), 'utf8'),
  );
  expect(manifest.engines['claude-code']).toBe(`>=${CLIENT_SINCE}`);
});
