// The data: base64 of gzip of { header length, JSON header, columns }. Numbers are zigzag LEB128, some as differences.

async function readData(text) {
  const packed = fromBase64(text.trim());
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream('gzip'));
  const bytes = new Uint8Array(await new Response(stream).arrayBuffer());
  const length = new DataView(bytes.buffer).getInt32(0, true);
  const header = JSON.parse(new TextDecoder().decode(bytes.subarray(4, 4 + length)));
  if (header.schema !== 1) throw new Error(`The data of this page is of version ${header.schema}; its script reads version 1.`);
  const columns = {};
  let at = 4 + length;
  for (const column of header.columns) {
    columns[column.name] = readColumn(bytes, at, column);
    at += column.bytes;
  }
  return { header, columns };
}

function fromBase64(text) {
  if (Uint8Array.fromBase64) return Uint8Array.fromBase64(text);
  const binary = atob(text);
  const bytes = new Uint8Array(binary.length);
  for (let i = 0; i < binary.length; i++) bytes[i] = binary.charCodeAt(i);
  return bytes;
}

function readColumn(bytes, at, column) {
  const isTime = /begin$|beginEvent$|duration$|events$|until$|value$/.test(column.name);
  const values = isTime ? new Float64Array(column.count) : new Int32Array(column.count);
  let before = 0;
  for (let i = 0; i < column.count; i++) {
    let value = 0;
    let scale = 1;
    let byte;
    do {
      byte = bytes[at++];
      value += (byte & 127) * scale;
      scale *= 128;
    } while (byte >= 128);
    const number = value % 2 === 0 ? value / 2 : -(value + 1) / 2;
    if (column.isDelta) {
      before += number;
      values[i] = before;
    } else {
      values[i] = number;
    }
  }
  return values;
}
