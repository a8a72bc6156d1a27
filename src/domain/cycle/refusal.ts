/** Why something about a cycle is refused. */
import type { CyclePhase, CycleStatus } from './cycle.ts';

export type CycleRefusal =
  | { code: 'cycle-unknown'; cycle: string; known: string[] }
  | { code: 'cycle-none'; root: string }
  | { code: 'cycle-open'; cycle: string; status: CycleStatus; root: string }
  | { code: 'cycle-corrupt'; cycle: string; file: string; why: string }
  | { code: 'cycle-move'; cycle: string; status: CycleStatus; move: string; can: string[] }
  | { code: 'cycle-limit'; cycle: string; max: number }
  | { code: 'cycle-turn'; cycle: string; phase: CyclePhase; status: CycleStatus; role: string | null }
  | { code: 'cycle-elsewhere'; cycle: string; root: string }
  | { code: 'cycle-artifact'; cycle: string; file: string; why: string }
  | { code: 'cycle-tasks'; cycle: string; file: string; why: string }
  | { code: 'cycle-task-unknown'; cycle: string; task: string; known: string[] }
  | { code: 'cycle-task-waits'; cycle: string; task: string; on: string[] }
  | { code: 'cycle-decision-unknown'; cycle: string; decision: string; known: string[] }
  | { code: 'cycle-option-unknown'; cycle: string; decision: string; option: string; options: string[] }
  | { code: 'cycle-text'; what: string; why: string }
  | { code: 'cycle-lost'; cycle: string; looked: string[] };
