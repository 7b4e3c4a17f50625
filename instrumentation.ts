export async function register(): Promise<void> {
  if (process.env.NEXT_RUNTIME !== "nodejs") return;
  const { noteSocketAddresses } = await import("./server/auth/socket-address");
  noteSocketAddresses();
}
