import { main } from '../main.ts';

const code = main(process.argv.slice(2));
process.exitCode = code;
// All is written and nothing is under way: to take the heap apart before the end takes longer than a send.
(process as { reallyExit?: (code: number) => void }).reallyExit?.(code);
