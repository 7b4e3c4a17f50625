export async function register(): Promise<void> {
  if (process.env.NEXT_RUNTIME !== "nodejs") return;
  const [{ noteSocketAddresses }, { throughDoor }] = await Promise.all([
    import("./server/auth/socket-address"),
    import("./server/rest/door"),
  ]);
  noteSocketAddresses(throughDoor);
}
