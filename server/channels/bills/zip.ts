import { crc32, deflateRawSync, inflateRawSync } from "node:zlib";
import { encodeGbk } from "./gbk";

export interface ZipEntry {
  name: string;
  data: Buffer;
}

/**
 * A ZIP whose names are GBK, as Alipay's are. Just what bills need: deflated entries, no ZIP64.
 */
export function zip(entries: readonly ZipEntry[], at: Date): Buffer {
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const { name, data } of entries) {
    const encoded = encodeGbk(name);
    const packed = deflateRawSync(data);
    const common = Buffer.alloc(26);
    common.writeUInt16LE(20, 0); // version needed
    common.writeUInt16LE(8, 4); // deflate
    common.writeUInt32LE(dosTime(at), 6);
    common.writeUInt32LE(crc32(data), 10);
    common.writeUInt32LE(packed.length, 14);
    common.writeUInt32LE(data.length, 18);
    common.writeUInt16LE(encoded.length, 22);
    const local = Buffer.concat([Buffer.from("PK\x03\x04", "latin1"), common, encoded, packed]);
    const rest = Buffer.alloc(14);
    rest.writeUInt32LE(offset, 10);
    directory.push(Buffer.from("PK\x01\x02\x14\x00", "latin1"), common, rest, encoded);
    parts.push(local);
    offset += local.length;
  }
  const central = Buffer.concat(directory);
  const end = Buffer.alloc(22);
  end.write("PK\x05\x06", 0, "latin1");
  end.writeUInt16LE(entries.length, 8);
  end.writeUInt16LE(entries.length, 10);
  end.writeUInt32LE(central.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...parts, central, end]);
}

/** The entries of a ZIP by its directory, in all at most `max` bytes. Throws for what is no ZIP, or broken. */
export function unzipOnly(file: Buffer, max: number): ZipEntry[] {
  const end = file.lastIndexOf(Buffer.from("PK\x05\x06", "latin1"));
  if (end < 0) throw new Error("not a ZIP");
  const count = file.readUInt16LE(end + 10);
  let at = file.readUInt32LE(end + 16);
  let left = max;
  const entries: ZipEntry[] = [];
  for (let i = 0; i < count; i++) {
    if (file.readUInt32LE(at) !== 0x02014b50) throw new Error("the ZIP's directory is broken");
    const method = file.readUInt16LE(at + 10);
    const crc = file.readUInt32LE(at + 16);
    const packedLength = file.readUInt32LE(at + 20);
    const nameLength = file.readUInt16LE(at + 28);
    const name = new TextDecoder("gbk").decode(file.subarray(at + 46, at + 46 + nameLength));
    const local = file.readUInt32LE(at + 42);
    const start = local + 30 + file.readUInt16LE(local + 26) + file.readUInt16LE(local + 28);
    const packed = file.subarray(start, start + packedLength);
    const data = method === 0 ? packed : inflateRawSync(packed, { maxOutputLength: Math.max(1, left) });
    left -= data.length;
    if (left < 0 || crc32(data) !== crc) throw new Error(`${name} is broken`);
    entries.push({ name, data: Buffer.from(data) });
    at += 46 + nameLength + file.readUInt16LE(at + 30) + file.readUInt16LE(at + 32);
  }
  return entries;
}

/** Local time of UTC+8, to two seconds. */
function dosTime(at: Date): number {
  const local = new Date(at.getTime() + 8 * 3_600_000);
  const date = ((local.getUTCFullYear() - 1980) << 9) | ((local.getUTCMonth() + 1) << 5) | local.getUTCDate();
  const time = (local.getUTCHours() << 11) | (local.getUTCMinutes() << 5) | (local.getUTCSeconds() >> 1);
  return ((date << 16) | time) >>> 0;
}
