import { main } from '../main.ts';
import { failToLoad } from '../run.ts';

const end = (code: number) => {
  process.exitCode = code;
  // All is written and nothing is under way: to take the heap apart before the end takes longer than a send.
  (process as { reallyExit?: (code: number) => void }).reallyExit?.(code);
};
try {
  const code = main(process.argv.slice(2));
  if (typeof code === 'number') end(code);
  else code.then(end);
} catch (error) {
  end(failToLoad(error));
}
