import { runAfter } from '../after.ts';

runAfter();
