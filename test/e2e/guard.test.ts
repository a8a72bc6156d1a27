/** The guard in the real client, in bypassPermissions mode: what no permission stops, coord does. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Turn } from '../kit/messages-api.ts';
import type { ToolResult } from '../kit/model-request.ts';
import type { Project } from '../kit/project.ts';
import { fingerprint } from './disk.ts';
import { ALLOWED, FORBIDDEN, type Ground, groundOf, scratch, TOOL_CASES } from './guard-cases.ts';
import { bash, call, type Played, Scene, say, write } from './kit.ts';

describe('a worker in its own worktree', () => {
  let scene: Scene;
  let at: Ground;
  let before: Record<string, string>;
  let after: Record<string, string>;
  let played: Played;
  const resultOf = new Map<unknown, ToolResult | undefined>();

  beforeAll(async () => {
    scene = await Scene.open(scratch());
    at = groundOf(scene.project);
    before = fingerprint(scene.project, at.mine);
    const steps: { turn: Turn; of?: unknown }[] = [
      { turn: call('ToolSearch', { query: 'select:NotebookEdit,Monitor' }) },
      ...TOOL_CASES.flatMap((one) => [
        ...(one.before ? [{ turn: one.before(at) }] : []),
        { turn: { calls: [one.call(at)] }, of: one },
      ]),
      ...FORBIDDEN.map((one) => ({ turn: bash(one[1](at)), of: one })),
      ...ALLOWED.map((one) => ({ turn: bash(one[1](at)), of: one })),
      { turn: write('written.txt', 'by Write\n'), of: 'own Write' },
    ];
    played = await scene.play({
      name: 'worker',
      cwd: at.mine,
      steps: [...steps.map(({ turn }) => turn), say('over')],
    });
    after = fingerprint(scene.project, at.mine);
    for (const [index, { of }] of steps.entries())
      if (of !== undefined) resultOf.set(of, played.results[index]);
    expect(played.results).toHaveLength(steps.length);
  });
  afterAll(() => scene.close());

  it.each(TOOL_CASES)('is refused: $title', (one) => {
    const result = resultOf.get(one);
    expect(result?.text).toMatch(/^\[coord\] Refused|hook error: \[coord\] Refused/);
    expect(result?.text).toContain(one.owner);
    expect(result?.isError).toBe(true);
  });

  it.each(FORBIDDEN)('is refused in the shell: %s', (...one) => {
    const found = FORBIDDEN.find(([title]) => title === one[0]);
    const result = resultOf.get(found);
    expect(result?.text).toContain('[coord] Refused');
    expect(result?.isError).toBe(true);
  });

  it('leaves everything outside of its worktree as it was', () => {
    expect(after).toEqual(before);
  });

  it.each(ALLOWED)('goes unhindered: %s', (...one) => {
    const found = ALLOWED.find(([title]) => title === one[0]);
    const [, , file, text] = one;
    expect(resultOf.get(found)).toMatchObject({ isError: false });
    expect(readFileSync(join(at.mine, file), 'utf8')).toContain(text);
  });

  it('goes unhindered: Write', () => {
    expect(resultOf.get('own Write')).toMatchObject({ isError: false });
    expect(readFileSync(join(at.mine, 'written.txt'), 'utf8')).toBe('by Write\n');
  });
});

/** The other half of the proof: each forbidden command does its harm where no guard stands. */
describe('unguarded', () => {
  let project: Project;
  beforeAll(() => {
    project = scratch();
  });
  afterAll(() => project.dispose());

  it.each(FORBIDDEN)('does harm: %s', (_title, command) => {
    const at = groundOf(project);
    const before = fingerprint(project, at.mine);
    execFileSync('bash', ['-c', command(at)], { cwd: at.mine, stdio: 'pipe' });
    expect(fingerprint(project, at.mine)).not.toEqual(before);
  });
});
