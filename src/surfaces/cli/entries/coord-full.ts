export { FULL_COMMANDS, printProblem } from '../full.ts';
