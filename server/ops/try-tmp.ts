import { openCluster } from "@/db/embedded";
const t=Date.now();
const c = await openCluster({folder: process.argv[2]!, say: (l)=>console.log("say:",l)});
console.log(Date.now()-t, c.url());
await c.ensureDatabase("kaqing");
c.keepRunning();
if (process.argv[3]) { console.log("waiting"); await new Promise(r=>setTimeout(r,Number(process.argv[3]))); }
await c.release();
console.log("released", Date.now()-t);
