/** What scripted sessions and agents of a development cycle say and write. */
import type { CycleRole } from '../../src/domain/cycle/cycle.ts';
import type { ModelRequest } from '../kit/model-request.ts';

/** The answer of `coord cycle next --json`, in what a command printed. */
export function nextIn(text: string): Record<string, unknown> | undefined {
  const line = text.split('\n').find((one) => one.startsWith('{"cycle":') && one.includes('"action":'));
  return line === undefined ? undefined : (JSON.parse(line) as Record<string, unknown>);
}

/** Each agent is known by its own words. */
const WORDS: Readonly<Record<CycleRole, string>> = {
  ra: 'You are the requirements analyst of a development cycle',
  ep: 'You are the exploration planner of a development cycle',
  cd: 'You are the code developer of a development cycle',
  vas: 'You are the validation archivist of a development cycle',
};

/** Undefined: no agent of a cycle asks. */
export function roleOf(request: ModelRequest): CycleRole | undefined {
  if (request.agentId === undefined) return undefined;
  return (Object.keys(WORDS) as CycleRole[]).find((role) => request.systemText.includes(WORDS[role]));
}

export const REQUIREMENTS = '# Greeting\n\nA file greets.\n\n## Edge cases\n\n- nobody is there\n';
export const EXPLORATION =
  '## Architecture\n\nOne file.\n\n## Integration points\n\n- check.js\n\n## Risks\n\n- none\n';
