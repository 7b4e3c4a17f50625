// Preloaded into the processes `up` starts: when `up` dies without a word, they end too, and so free their port.
if (process.connected) {
  process.on("disconnect", () => {
    process.kill(process.pid, "SIGTERM");
    setTimeout(() => process.exit(1), 5000).unref();
  });
  process.channel?.unref();
}
