import { done } from '../../domain/problem.ts';
import type { Command } from './command.ts';
export const DEMO_COMMAND: Command = { name: 'demo', usage: '', summary: '', positionals: [0, 0], shape: '', run: () => done({ json: {}, text: '' }) };
