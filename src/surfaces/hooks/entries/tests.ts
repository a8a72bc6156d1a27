export { testCommandOf } from '../../../domain/test-command.ts';
