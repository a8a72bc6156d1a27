/** A worker is stuck: in the default mode it goes on with something else, in strict mode it waits for the answer. */
import { join } from 'node:path';
import { TEAM_SETTINGS_FILE } from '../../../domain/project-paths.ts';
import { API, mustBeIn, PAGE, reportIn, type Scene, WEB, wakeCoordinator } from './cast.ts';
import { excerpt, must, mustHold } from './checks.ts';
import type { Scratch } from './scratch.ts';

interface Raised {
  readonly blocker: string;
  readonly message: string;
  readonly strict: boolean;
  readonly next?: { readonly plan: string; readonly title: string };
}

const DETAIL = 'The API may serve ids or names; the page needs to know which.';

const goOn: Scene = {
  name: 'Stuck, and going on',
  play: (cast) => {
    const { scratch, web } = cast;
    const question = 'Ids or names?';
    const { value } = web.coord<Raised>('blocker', 'raise', question, '--plan', '02-01', '--detail', DETAIL);
    const next = `${value.strict ? 'strict, ' : ''}next ${value.next?.plan ?? 'nothing'}`;
    must(next === 'next 02-02', 'worker-02 to be told to go on with plan 02-02', next);
    mustHold(scratch.status(WEB), [question, DETAIL], "worker-02's STATUS.md");
    const { id, content, from } = reportIn(scratch.inbox('coordinator'), 'blocker_raised', value.blocker);
    mustHold(content, [question, `STATUS.md#${value.blocker.toLowerCase()}`], `the message from ${from}`);
    must(!content.includes(DETAIL), 'the message to leave the detail in STATUS.md', content);
    const made = web.write(PAGE, '<h1>Fruit</h1>\n<ul></ul>\n');
    must(made.denied === undefined, 'worker-02 to work on meanwhile', `refused: ${made.denied}`);
    mustHold(wakeCoordinator(cast), [question, id], "what the coordinator's turn shows");
    return [
      'worker-02 raises a blocker. The full story stays in its STATUS.md, one line with a pointer wakes the coordinator, and worker-02 is told what to do meanwhile: plan 02-02.',
    ];
  },
};

const directive: Scene = {
  name: 'Answered',
  play: ({ scratch, coordinator, web }) => {
    const text = 'Serve names, not ids.';
    const { id } = coordinator.coord<{ id: string }>(
      'send',
      'worker-02',
      'directive',
      text,
      '--ref',
      'B1',
    ).value;
    coordinator.stop();
    mustHold(web.prompt('Go on.'), [text, id], "what worker-02's turn shows");
    const waits = scratch.inbox('worker-02').map((message) => message.id);
    must(waits.includes(id), 'the directive to wait until worker-02 lived on', 'it is gone from the inbox');
    const resolved = web.coord('blocker', 'resolve', 'B1', '--resolution', text);
    const left = scratch.inbox('worker-02').length;
    const archived = scratch.archive().filter((message) => message.id === id && message.read);
    const found = `${left} in the inbox, ${archived.length} in the archive`;
    must(left === 0 && archived.length === 1, 'the directive to be archived at the next hook', found);
    const again = `${resolved.context}${web.prompt('And on.')}`;
    must(!again.includes(text), 'the directive to be shown once', `again: "${excerpt(again)}"`);
    return [
      'the coordinator sends a directive. worker-02 is shown it once, at its next hook; only when it lives on to the hook after that does it count as read, so none dies with a session.',
    ];
  },
};

const strict: Scene = {
  name: 'Stuck, and waiting',
  play: (cast) => {
    const { scratch, coordinator, api } = cast;
    turnStrict(scratch);
    api.coord('plan', 'start', '01-02');
    const question = 'Prices in euro or dollar?';
    const { value } = api.coord<Raised>('blocker', 'raise', question);
    must(value.strict, 'the blocker to be strict', 'it is not');
    const text = 'export const prices = { apple: 1 };\n';
    const refused = api.write('prices.js', text);
    must(refused.denied !== undefined, 'the write of a strict worker to be refused', 'it was let through');
    mustHold(refused.denied, ['[coord] Refused', question], 'the refusal');
    const ending = api.beginStop();
    const early = ending.waitFor(1_000);
    must(early === undefined, "worker-01's turn to wait for the answer", 'it ended without one');
    wakeCoordinator(cast);
    const answer = 'In euro.';
    coordinator.coord('send', 'worker-01', 'response', answer, '--ref', value.message);
    coordinator.stop();
    const told = ending.waitFor(10_000);
    must(told !== undefined, "worker-01's turn to go on once answered", 'it still waits');
    mustHold(told.context, [answer], "what worker-01's turn goes on with");
    const made = api.write('prices.js', text);
    must(made.denied === undefined, 'the write to pass after the answer', `refused: ${made.denied}`);
    must(scratch.read(join(api.root, 'prices.js')) === text, 'the file that worker-01 wrote', 'not there');
    api.coord('blocker', 'resolve', value.blocker, '--resolution', answer);
    mustBeIn(scratch.status(API), '01-02', 'in_progress', "worker-01's STATUS.md");
    return [
      'strict mode is for work where a guess is worse than a pause. worker-01 raises a blocker; its next write is refused, and its turn cannot end until the coordinator answers. Then the turn goes on with the answer, and the same write passes.',
    ];
  },
};

/** By hand, in the file: a setting counts at the next hook, however it was changed. */
function turnStrict(scratch: Scratch): void {
  const file = scratch.path(TEAM_SETTINGS_FILE);
  const text = scratch.read(file) ?? '';
  const off = 'strict_blockers: false';
  mustHold(text, [off], TEAM_SETTINGS_FILE);
  scratch.write(file, text.replace(off, 'strict_blockers: true'));
}

export const SCENES_BLOCKERS: readonly Scene[] = [goOn, directive, strict];
