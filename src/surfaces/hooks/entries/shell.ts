export { judgeShell, runsIn } from '../guard-shell.ts';
