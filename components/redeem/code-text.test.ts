import { describe, expect, it } from "vitest";
import { caretAfter, codeSymbols, completeness, tidyCode } from "./code-text";

describe("the code field", () => {
  it("groups what is typed, reads look-alikes as what was meant", () => {
    expect(tidyCode("7k3m9")).toBe("7K3M-9");
    expect(tidyCode("7k3m 9qwx·aozt–5hrc")).toBe("7K3M-9QWX-A0ZT-5HRC");
    expect(tidyCode("ＩＬ１２")).toBe("1112");
    expect(tidyCode("12345678")).toBe("1234-5678");
    expect(tidyCode("")).toBe("");
  });

  it("leaves what was scanned as it is", () => {
    expect(tidyCode(" 7K3M-9QWX-A0ZT-5HRC*12345678\n")).toBe("7K3M-9QWX-A0ZT-5HRC*12345678");
    expect(tidyCode("https://kaqing.example/w/demo/abc")).toBe("https://kaqing.example/w/demo/abc");
  });

  it("keeps what is too long, so that the server can call it mistyped", () => {
    expect(codeSymbols(tidyCode("7K3M9QWXA0ZT5HRCX"))).toHaveLength(17);
  });

  it("knows when nothing more can come", () => {
    expect(completeness("7K3M-9QWX-A0ZT-5HRC")).toBe("sure");
    expect(completeness("7K3M-9QWX-A0ZT-5HR")).toBe("no");
    expect(completeness("1234-5678")).toBe("maybe");
    expect(completeness("1234-567A")).toBe("no");
    expect(completeness("7K3M-9QWX-A0ZT-5HRC*1234")).toBe("no");
    expect(completeness("7K3M-9QWX-A0ZT-5HRC*12345678")).toBe("sure");
    expect(completeness(`https://k.example/w/demo/${"a".repeat(43)}`)).toBe("sure");
  });

  it("keeps the caret behind the same symbol", () => {
    expect(caretAfter("7K3M-9", 5)).toBe(6);
    expect(caretAfter("7K3M-9QWX", 4)).toBe(5);
    expect(caretAfter("7K3M-9QWX", 2)).toBe(2);
    expect(caretAfter("7K3M", 4)).toBe(4);
  });
});
