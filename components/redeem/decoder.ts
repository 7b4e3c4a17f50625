import { BarcodeDetector, prepareZXingModule } from "barcode-detector/ponyfill";

/** The decoder of pictures, in WebAssembly that we serve ourselves: the library would fetch it from elsewhere. */
const wasm = new URL("zxing-wasm/reader/zxing_reader.wasm", import.meta.url).href;

/** Loads once; what a holder shows is a QR code, or the Code 128 below it. */
export async function loadDecoder(): Promise<(video: HTMLVideoElement) => Promise<string | null>> {
  await prepareZXingModule({
    overrides: {
      locateFile: (file: string, prefix: string) => (file.endsWith(".wasm") ? wasm : prefix + file),
    },
    fireImmediately: true,
  });
  const detector = new BarcodeDetector({ formats: ["qr_code", "code_128"] });
  return async (video) => {
    const found = await detector.detect(video);
    return found.find((one) => one.rawValue !== "")?.rawValue ?? null;
  };
}
