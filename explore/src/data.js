// What Python sends: a description and one block of bytes, taken apart into typed arrays.

const KINDS = { int8: Int8Array, uint8: Uint8Array, int16: Int16Array, int32: Int32Array, float32: Float32Array };
export const MISSING_DATE = -2147483648;
export const NOISE = -1;

/** Arrays by name. A part is copied out, since where it lies need not be a multiple of its size. */
export function unpack(parts, bytes) {
  const view = bytes instanceof DataView ? bytes : new DataView(bytes.buffer ?? bytes, bytes.byteOffset ?? 0, bytes.byteLength);
  const arrays = {};
  for (const [name, { dtype, offset, length }] of Object.entries(parts)) {
    const Kind = KINDS[dtype];
    const start = view.byteOffset + offset;
    arrays[name] = new Kind(view.buffer.slice(start, start + length * Kind.BYTES_PER_ELEMENT));
  }
  return arrays;
}

/** The documents of a run: places, columns, levels. */
export class Data {
  constructor(meta, bytes) {
    const arrays = unpack(meta.parts, bytes);
    this.meta = meta;
    this.n = meta.n;
    this.x = arrays.x;
    this.y = arrays.y;
    this.nCopies = arrays.n_copies;
    this.beside = meta.beside && { ...meta.beside, x: arrays.bx, y: arrays.by, codes: arrays.btopic };
    this.columns = meta.columns.map((column) => ({ ...column, values: arrays[column.part], names: column.values }));
    this.levels = meta.levels.map((level) => ({ ...level, codes: level.part ? arrays[level.part] : null }));
  }

  column(name) {
    return this.columns.find((column) => column.name === name);
  }
}

/** Minutes since 1970 as a day: "2022-03-05". */
export const day = (minutes) => new Date(minutes * 60_000).toISOString().slice(0, 10);
