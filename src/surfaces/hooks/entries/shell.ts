export { judgeShell } from '../guard-shell.ts';
