// Preloaded into the processes `up` starts: when `up` dies without a word, they end too, and so free their port.
// Their own children, which inherit what is preloaded, are their business.
if (process.connected && process.env.KAQING_TETHERED) {
  delete process.env.KAQING_TETHERED;
  process.on("disconnect", () => {
    process.kill(process.pid, "SIGTERM");
    setTimeout(() => process.exit(1), 5000).unref();
  });
  process.channel?.unref();
}
