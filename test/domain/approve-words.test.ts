/** `coord approve` where no parser reads it, and what only speaks of it. */
import { expect, test } from 'vitest';
import { approvesInPowerShell } from '../../src/domain/approve-words.ts';
import { isApproveCall } from '../../src/domain/shell/approve-calls.ts';

test.each([
  'coord approve A1',
  'coord.cmd approve A1 --deny',
  '& "C:\\Program Files\\coord\\bin\\coord.cmd" approve A1',
  '$env:CLAUDE_CODE_SESSION_ID = ""; coord approve A1',
  "coord 'approve' A1",
  'git status\ncoord approve A1',
  'if ($true) { coord approve A1 }',
  'iex "coord approve A1"',
  'Start-Process coord -ArgumentList approve,A1',
  "Start-Process coord -ArgumentList 'approve','A1'",
  'cmd /c coord approve A1',
  'node C:\\p\\scripts\\coord.cjs approve A1',
])('PowerShell calls it: %s', (text) => expect(approvesInPowerShell(text)).toBe(true));

test.each([
  'coord approvals',
  'coord approve --help',
  'coord send operator question "please run: coord approve A1"',
  'git commit -m "say that coord approve is a person\'s"',
  'Get-Content notes.md | Select-String "coord approve"',
  'coord status',
  '',
])('PowerShell only speaks of it: %s', (text) => expect(approvesInPowerShell(text)).toBe(false));

test.each([
  [['approve', 'A1'], false, true],
  [['approve', '--help'], false, false],
  [['approvals'], true, false],
  [['help', 'approve'], true, false],
  [['*', 'A1'], false, false],
  [['*', 'A1'], true, true],
  [['app*', 'A1'], true, true],
  [['pla*', 'A1'], true, false],
  [['(*', 'A1'], true, false],
  [[], true, false],
])('%j with approvals asked for (%s)', (args, isAnyVerb, found) =>
  expect(isApproveCall(args, isAnyVerb)).toBe(found),
);
