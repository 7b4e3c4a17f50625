/** Tells the person at the terminal what goes on. Standard error, so that standard output stays a command's result. */
export type Say = (line: string) => void;

export const say: Say = (line) => {
  process.stderr.write(`${line}\n`);
};
