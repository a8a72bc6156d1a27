/** What the roles of a cycle hand over (seed 003): requirements, exploration and plan, changes, test results. */

export const EFFORTS = ['small', 'medium', 'large'] as const;
export const TASK_STATUSES = ['pending', 'in_progress', 'completed', 'blocked'] as const;
export const CHANGE_ACTIONS = ['create', 'modify', 'delete'] as const;

export interface CycleTask {
  readonly id: string;
  readonly description: string;
  readonly effort: (typeof EFFORTS)[number];
  readonly depends_on: readonly string[];
  readonly status: (typeof TASK_STATUSES)[number];
  readonly assigned_to?: string | undefined;
  readonly files: readonly string[];
}

export interface CycleChange {
  readonly timestamp: string;
  readonly file: string;
  readonly action: (typeof CHANGE_ACTIONS)[number];
  readonly iteration: number;
  readonly agent: string;
  readonly description: string;
}

export interface Requirements {
  readonly version: string;
  readonly specification: string;
  readonly edge_cases: readonly string[];
  readonly last_updated: string;
}

export interface Exploration {
  readonly version: string;
  readonly architecture_summary: string;
  readonly integration_points: readonly string[];
  readonly identified_risks: readonly string[];
  readonly last_updated: string;
}

export interface CyclePlan {
  readonly version: string;
  readonly tasks: readonly CycleTask[];
  readonly total_estimated_effort: string;
  readonly critical_path: readonly string[];
  readonly last_updated: string;
}

export interface CycleChanges {
  readonly total_files: number;
  readonly changes: readonly CycleChange[];
  /** Iteration → the moment when its code was handed over. */
  readonly iteration_markers: Readonly<Record<string, string>>;
}

export interface TestResults {
  readonly version: string;
  readonly pass_rate: number;
  readonly coverage: number;
  readonly failed_tests: readonly string[];
  readonly total_tests: number;
  readonly last_run: string;
}
