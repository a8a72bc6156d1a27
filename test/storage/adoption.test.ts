/** A document that another tool or a person made becomes coord's, and nothing that it said is lost. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { emptyState } from '../../src/domain/state-document.ts';
import { readState } from '../../src/storage/document-kinds.ts';
import { changeState, createState } from '../../src/storage/documents.ts';
import { parseFrontMatter } from '../../src/storage/front-matter.ts';
import { isLong } from '../kit/long.ts';

const root = mkdtempSync(join(tmpdir(), 'coord-adoption-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

let home = '';
let count = 0;
beforeEach(() => freshHome());

function freshHome(): void {
  count += 1;
  home = join(root, String(count));
  mkdirSync(join(home, '.planning'), { recursive: true });
}

function file(): string {
  return join(home, '.planning', 'STATE.md');
}

function adopt(text: string): string {
  writeFileSync(file(), text);
  const made = createState(home, emptyState('shop', '2026-01-01T00:00:00.000Z'));
  expect(made).toEqual({ done: true, value: 'adopted' });
  return readFileSync(file(), 'utf8');
}

/** Another phase: every managed section is rendered anew. */
function rewrite(turn: number): string {
  const changed = changeState(home, (state) => ({
    done: true as const,
    document: {
      ...state,
      milestones: [{ at: `2026-01-0${turn}T00:00:00.000Z`, phase: '01', event: 'plan_complete' as const }],
    },
    value: undefined,
  }));
  expect(changed.done).toBe(true);
  return readFileSync(file(), 'utf8');
}

const GSD = `# Project State

## Project Reference

See: .planning/PROJECT.md (updated 2026-02-01)

**Core value:** one thing

## Current Position

Phase: 2 of 5 (State coherence)

## Blockers

* ours since January

## Phases

| a | b |
|---|---|
`;

describe('a STATE.md of another tool', () => {
  test.each([
    { title: 'without front matter', before: '' },
    { title: 'with front matter', before: '---\ngsd_version: 1.0 # theirs\nmode: yolo\n---\n\n' },
    { title: 'with an empty front matter', before: '---\n---\n' },
    { title: 'with a front matter of comments', before: '---\n# nothing yet\n---\n' },
    { title: 'with a BOM', before: '\ufeff' },
  ])('$title keeps its text over every rewrite', ({ before }) => {
    adopt(`${before}${GSD}`);
    for (let turn = 1; turn < 4; turn += 1) {
      const text = rewrite(turn);
      expect(text).toContain(GSD);
      expect(text.match(/^# Project state: shop$/gm)).toHaveLength(1);
      expect(text).toContain(`2026-01-0${turn}T00:00:00.000Z 01 plan_complete`);
    }
    const loaded = readState(home);
    expect(loaded.done && loaded.value.document.revision).toBe(3);
  });

  test('keeps its keys and comments, and a value under a key that coord needs', () => {
    adopt(
      `---\n# who decides\nowner: ann # not bob\nproject: The Shop\nphases: 5\nmilestones:\n  - v1\n---\n${GSD}`,
    );
    const text = rewrite(1);
    expect(text).toContain('# who decides\nowner: ann # not bob\n');
    const read = parseFrontMatter(text);
    expect('code' in read ? read : read.data['adopted']).toEqual({
      project: 'The Shop',
      phases: 5,
      milestones: ['v1'],
    });
  });

  test.each([
    { title: 'text alone', text: 'just a word\n' },
    { title: 'an unclosed code block', text: 'Intro\n\n```\ncode # Phases\n' },
    { title: 'an unclosed comment', text: '<!-- draft\n\n## Phases\n' },
    { title: 'no newline at its end', text: '# Title\n\nend' },
    { title: 'Windows newlines', text: '# Title\r\n\r\n## Workers\r\n\r\nann, bob\r\n' },
    {
      title: 'the very title of coord',
      text: '# Project state: shop\n\nwords\n\n## Milestones\n\nold ones\n',
    },
  ])('$title stays', ({ text }) => {
    adopt(text);
    for (let turn = 1; turn < 4; turn += 1) expect(rewrite(turn)).toContain(text);
  });

  test('adopting again changes nothing', () => {
    adopt(GSD);
    const before = readFileSync(file(), 'utf8');
    expect(createState(home, emptyState('shop', '2026-01-01T00:00:00.000Z'))).toEqual({
      done: true,
      value: 'there',
    });
    expect(readFileSync(file(), 'utf8')).toBe(before);
  });
});

const line = fc.oneof(
  fc.constantFrom(
    '# H',
    '## H',
    '## Phases',
    '# Project state: x',
    'Setext',
    '===',
    '---',
    '- item',
    '> quote',
  ),
  fc.constantFrom('```', '~~~', '    code', '<div>', '<!--', '-->', '| a | b |', '[x]: y', '\\', ''),
  fc.string({ maxLength: 12 }),
);

/** Whole, or cut in two: what stood before its first heading stays before coord's. */
function isKept(body: string, text: string): boolean {
  for (let cut = 0; cut <= text.length; cut += 1) {
    if (body.includes(text.slice(0, cut).trim()) && body.includes(text.slice(cut))) return true;
  }
  return false;
}

test('any text at all is adopted and kept', () => {
  const foreign = fc
    .tuple(fc.array(line, { minLength: 1, maxLength: 12 }), fc.boolean())
    .map(([lines, isEnded]) => `${lines.join('\n')}${isEnded ? '\n' : ''}`)
    .filter((text) => text.trim() !== '' && !text.startsWith('---'));
  fc.assert(
    fc.property(foreign, (text) => {
      freshHome();
      adopt(text);
      for (let turn = 1; turn < 3; turn += 1) {
        const body = rewrite(turn);
        if (!isKept(body, text)) throw new Error(body);
      }
    }),
    { numRuns: isLong ? 1_500 : 60 },
  );
});
