/**
 * Projects of Get Shit Done as its versions leave them, made up for the tests: an early one (plain lists), one with
 * milestones that are folded away when they are shipped, and a late one (front matter everywhere, waves, verification).
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

export type Files = Readonly<Record<string, string>>;

export function putFiles(home: string, files: Files): void {
  for (const [path, text] of Object.entries(files)) {
    const file = join(home, '.planning', path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
}

const plan = (phase: string, number: string, objective: string) =>
  `---\nphase: ${phase}\nplan: ${number}\ntype: execute\nwave: 1\ndepends_on: []\nfiles_modified: [src/a.ts]\n---\n\n<objective>\n${objective}\n\nPurpose: so.\n</objective>\n`;

export const summary = (phase: string, number: string, more = '') =>
  `---\nphase: ${phase}\nplan: "${number}"\nsubsystem: core\nkey-decisions:\n  - "Kept it: simple"\nrequirements-completed: [A-01]\nduration: 12min\ncompleted: 2026-02-03\n${more}---\n\n# Phase ${phase} Plan ${number}: Summary\n\n**It works**\n`;

/** The first versions: a checklist, details with `Plans:`, a table; STATE.md without front matter. */
export const EARLY: Files = {
  'PROJECT.md': '# Teashop\n\n## What This Is\n\nA shop for tea.\n',
  'config.json': '{ "mode": "interactive" }\n',
  'ROADMAP.md': `# Roadmap: Teashop

## Overview

From an empty shop to tea in a cup.

## Domain Expertise

None

## Phases

**Phase Numbering:**
- Integer phases (1, 2, 3): planned
- Decimal phases (2.1, 2.2): urgent

- [x] **Phase 1: Foundation** - Shelves and a door
- [ ] **Phase 2: Brewing** - Water, heat, leaves
- [ ] **Phase 2.1: Leaking Kettle (INSERTED)** - It drips
- [ ] **Phase 3: Serving** - Cups

## Phase Details

### Phase 1: Foundation
**Goal**: A shop that opens
**Depends on**: Nothing (first phase)
**Research**: Unlikely (shelves are known)
**Plans**: 2 plans

Plans:
- [x] 01-01: Put up shelves
- [x] 01-02: Hang the door

### Phase 2: Brewing
**Goal**: Tea can be made
**Depends on**: Phase 1
**Plans**: 3 plans

Plans:
- [x] 02-01: Boil water
- [ ] 02-02: Weigh leaves
- [ ] 02-03: Time it

### Phase 2.1: Leaking Kettle (INSERTED)
**Goal**: The kettle holds water
**Depends on**: Phase 2
**Plans**: 1 plan

Plans:
- [ ] 02.1-01: Solder the seam

### Phase 3: Serving
**Goal**: A guest drinks tea
**Depends on**: Phase 2, Phase 2.1
**Plans**: TBD

Plans:
- [ ] TBD (planned later)

## Progress

| Phase | Plans Complete | Status | Completed |
|-------|----------------|--------|-----------|
| 1. Foundation | 2/2 | Complete | 2026-01-10 |
| 2. Brewing | 1/3 | In progress | - |
| 2.1. Leaking Kettle | 0/1 | Not started | - |
| 3. Serving | 0/TBD | Not started | - |
`,
  'STATE.md': `# Project State

## Project Reference

See: .planning/PROJECT.md (updated 2026-01-02)

**Core value:** hot tea

## Current Position

Phase: 2 of 4 (Brewing)
Plan: 2 of 3 in current phase
Status: In progress
Last activity: 2026-01-12 — Completed 02-01-PLAN.md

Progress: [█████░░░░░] 50%

## Accumulated Context

### Decisions

- Phase 1: Oak, not pine

### Pending Todos

- Ask for a second kettle
- [x] Buy cups

### Blockers/Concerns

- The water supply is blocked until Tuesday
- Leaves may run short (not blocking)
- ~~Door squeaks~~ RESOLVED

## Session Continuity

Last session: 2026-01-12 18:00
Stopped at: 02-01
Resume file: None
`,
  'phases/01-foundation/01-01-PLAN.md': plan('01-foundation', '01', 'Put up the shelves.'),
  'phases/01-foundation/01-01-SUMMARY.md': summary('01-foundation', '01'),
  'phases/01-foundation/01-02-PLAN.md': plan('01-foundation', '02', 'Hang the door.'),
  'phases/01-foundation/01-02-SUMMARY.md': summary('01-foundation', '02'),
  'phases/02-brewing/02-CONTEXT.md': '# Phase 2: Brewing - Context\n\n<domain>Tea</domain>\n',
  'phases/02-brewing/02-01-PLAN.md': plan('02-brewing', '01', 'Boil water.'),
  'phases/02-brewing/02-01-SUMMARY.md': summary('02-brewing', '01'),
  'phases/02-brewing/02-02-PLAN.md': plan('02-brewing', '02', 'Weigh leaves.'),
  'phases/02.1-leaking-kettle-inserted/02.1-01-PLAN.md': plan(
    '02.1-leaking-kettle-inserted',
    '01',
    'Solder.',
  ),
};

/** Milestones: shipped ones folded away, the open one below, a five-column table, a parking lot. */
export const MILESTONES: Files = {
  'ROADMAP.md': `# Roadmap: Observatory

## Milestones

- ✅ **v1.0 First Light** - Phases 1-3 (shipped 2025-11-30)
- 🚧 **v1.1 Deep Sky** - Phases 4-6 (in progress)
- 📋 **v2.0 Spectra** - Phases 7-9 (planned)

## Phases

<details>
<summary>✅ v1.0 First Light (Phases 1-3) - SHIPPED 2025-11-30</summary>

- [x] Phase 1: Dome (2/2 plans) — completed 2025-10-01
- [x] Phase 2: Mount (1/1 plans) — completed 2025-10-20

### Phase 3: Mirror
**Goal:** A mirror that holds its shape
**Plans:** 1 plan

Plans:
- [x] 03-01-PLAN.md — Grind it

</details>

### 🚧 v1.1 Deep Sky (In Progress)

**Milestone Goal:** See further.

- [x] **Phase 4: Camera** - Cooled (completed 2026-01-05)
- [ ] **Phase 5: Guiding** - Keep still
- [ ] **Phase 6: Stacking** - Add up

## Phase Details

### Phase 4: Camera
**Goal:** Pictures without noise
**Depends on:** Phase 3 (v1.0 complete)
**Success Criteria** (what must be TRUE):
  1. The sensor stays at -20 °C
  2. A dark frame has
     no hot pixels
**Plans:** 1/1 plans complete

Plans:
- [x] 04-01-PLAN.md — Cool the sensor

### Phase 5: Guiding
**Goal:** Stars stay round
**Depends on:** Phase 4
**Success Criteria** (what must be TRUE):

1. \`guide --start\` locks on a star
2. Drift is below one pixel

**Plans:** 2 plans

Plans:

**Wave 1**
- [ ] 05-01-PLAN.md — Find a star (GUIDE-01)

**Wave 2** *(blocked on Wave 1 completion)*
- [ ] 05-02-PLAN.md — Correct the mount (GUIDE-02, GUIDE-03)

### Phase 6: Stacking
**Goal:** Faint things become visible
**Depends on:** Phases 4 and 5
**Plans:** TBD

## Backlog

### Phase 999.1: Remote control from the house (BACKLOG)

**Goal:** Stay warm
**Plans:** 0 plans

Plans:
- [ ] TBD (promote when ready)

## Progress

| Phase | Milestone | Plans Complete | Status | Completed |
|-------|-----------|----------------|--------|-----------|
| 1. Dome | v1.0 | 2/2 | Complete | 2025-10-01 |
| 2. Mount | v1.0 | 1/1 | Complete | 2025-10-20 |
| 3. Mirror | v1.0 | 1/1 | Complete | 2025-11-30 |
| 4. Camera | v1.1 | 1/1 | Complete | 2026-01-05 |
| 5. Guiding | v1.1 | 0/2 | Planned | - |
| 6. Stacking | v1.1 | 0/? | Not started | - |
`,
  'STATE.md': `# Project State

## Current Position

Phase: 5 of 6 (Guiding)
Plan: 0 of 2
Status: Ready to execute

## Accumulated Context

### Pending Todos

None yet.

### Blockers/Concerns

None.
`,
  'phases/04-camera/04-01-PLAN.md': plan('04-camera', '01', 'Cool the sensor.'),
  'phases/04-camera/04-01-SUMMARY.md': summary('04-camera', '01'),
  'phases/05-guiding/05-01-PLAN.md': plan('05-guiding', '01', 'Find a star.'),
  'phases/05-guiding/05-02-PLAN.md': plan('05-guiding', '02', 'Correct the mount.'),
  'milestones/v1.0-ROADMAP.md': '# Milestone v1.0\n\n### Phase 1: Dome\n',
};

/** A late version: STATE.md has a front matter, plans go further than the roadmap, verification, todos in files. */
export const LATE: Files = {
  'ROADMAP.md': `# Roadmap: Ferry

## Phases

- [x] **Phase 1: Hull** - It floats (completed 2026-03-01)
- [ ] **Phase 2: Engine** - It moves
- [ ] **Phase 3: Harbour** - It arrives
- [ ] **Phase 4: Timetable** - On time

## Phase Details

### Phase 1: Hull

**Goal**: It floats
**Mode:** mvp
**Depends on**: Nothing
**Requirements**: HULL-01
**Success Criteria** (what must be TRUE):
  1. No water gets in
**Plans**: 2/2 plans complete

Plans:
- [ ] 01-01-PLAN.md — Weld the plates
- [ ] 01-02-PLAN.md — Paint

### Phase 2: Engine

**Goal**: It moves
**Depends on**: Phase 1
**Success Criteria** (what must be TRUE):
  1. Ten knots, loaded
**Plans**: 3 plans

Plans:
- [x] 02-01-PLAN.md — Choose the engine
- [ ] 02-02-PLAN.md — Mount it
- [ ] 02-03-PLAN.md — Fuel

### Phase 3: Harbour

**Goal**: It arrives
**Depends on**: Phase 2
**Plans**: 1 plan

Plans:
- [ ] 03-01-PLAN.md — Piers

### Phase 4: Timetable

**Goal**: On time
**Depends on**: the harbour master
**Plans**: TBD

## Risks

Ice in winter.
`,
  'STATE.md': `---
gsd_state_version: 1.0
milestone: v1.0
milestone_name: Maiden Voyage
status: executing
stopped_at: "Completed 02-02-PLAN.md: half"
progress:
  total_phases: 4
  percent: 50
---

# Project State

## Current Position

**Phase:** 02 of 4 — Engine
**Plan:** 02-03
**Status:** Executing Phase 02

## Accumulated Context

### Pending Todos

2 pending, see .planning/todos/pending/

### Blockers/Concerns

- [BLOCKER] Fuel supplier blocks 02-03
`,
  'todos/pending/2026-03-02-name-the-ship.md':
    '---\ncreated: 2026-03-02\ntitle: Name the ship\narea: docs\n---\n\n## Problem\n\nNo name.\n',
  'todos/pending/2026-03-03-flag.md': '# Which flag\n',
  'phases/01-hull/01-01-PLAN.md': plan('01-hull', '01', 'Weld the plates.'),
  'phases/01-hull/01-01-SUMMARY.md': summary('01-hull', '01'),
  'phases/01-hull/01-02-PLAN.md': plan('01-hull', '02', 'Paint.'),
  'phases/01-hull/01-02-SUMMARY.md': summary('01-hull', '02'),
  'phases/01-hull/01-VERIFICATION.md': '---\nphase: 01-hull\nstatus: passed\n---\n',
  'phases/02-engine/02-01-PLAN.md': plan('02-engine', '01', 'Choose.'),
  'phases/02-engine/02-01-SUMMARY.md': summary('02-engine', '01', 'status: complete\n'),
  'phases/02-engine/02-02-PLAN.md': plan('02-engine', '02', 'Mount.'),
  'phases/02-engine/02-02-SUMMARY.md': summary('02-engine', '02', 'status: partial\n'),
  'phases/02-engine/02-03-PLAN.md': plan('02-engine', '03', 'Fuel.'),
  'phases/02-engine/02-04-PLAN.md': plan('02-engine', '04', 'Close the gap: a second tank. More words.'),
  'phases/03-harbour/03-01-PLAN.md': plan('03-harbour', '01', 'Piers.'),
  'phases/03-harbour/03-01-SUMMARY.md': summary('03-harbour', '01'),
  'phases/03-harbour/03-VERIFICATION.md':
    '---\nphase: 03-harbour\nverified: 2026-03-04\nstatus: gaps_found\n---\n',
};
