// Proof of work, in a thread of its own: finds the number for which SHA-256 of "challenge:number" begins with
// so many zero bits. Its own SHA-256, because the browser's is closed to pages without TLS, as in many hospital
// networks. Everything fits into one block of 55 signs: a challenge of 44, a colon, a number of up to 10 digits.

const LONGEST = 55;
const K = roots(64, 3);
const START = roots(8, 2);
const block = new Int32Array(64);

/** The first 32 bits of the fractions of the n-th roots of the first primes: the constants of SHA-256. */
function roots(count, n) {
  const found = [];
  for (let number = 2; found.length < count; number += 1) {
    let prime = true;
    for (let other = 2; other * other <= number; other += 1) if (number % other === 0) prime = false;
    if (!prime) continue;
    const root = n === 2 ? Math.sqrt(number) : Math.cbrt(number);
    found.push(((root - Math.floor(root)) * 0x100000000) | 0);
  }
  return Int32Array.from(found); // signed words: what browsers reckon with fastest
}

function put(signs, place, code) {
  const shift = 24 - 8 * (place % 4);
  signs[place >> 2] = (signs[place >> 2] & ~(0xff << shift)) | (code << shift);
}

/** The first 32 bits of the hash of the block whose words 0 to 15 are set. */
function firstWord(w) {
  for (let i = 16; i < 64; i += 1) {
    const x = w[i - 15];
    const y = w[i - 2];
    const s = ((x >>> 7) | (x << 25)) ^ ((x >>> 18) | (x << 14)) ^ (x >>> 3);
    const t = ((y >>> 17) | (y << 15)) ^ ((y >>> 19) | (y << 13)) ^ (y >>> 10);
    w[i] = (w[i - 16] + s + w[i - 7] + t) | 0;
  }
  let a = START[0];
  let b = START[1];
  let c = START[2];
  let d = START[3];
  let e = START[4];
  let f = START[5];
  let g = START[6];
  let h = START[7];
  for (let i = 0; i < 64; i += 1) {
    const s = ((e >>> 6) | (e << 26)) ^ ((e >>> 11) | (e << 21)) ^ ((e >>> 25) | (e << 7));
    const one = (h + s + ((e & f) ^ (~e & g)) + K[i] + w[i]) | 0;
    const t = ((a >>> 2) | (a << 30)) ^ ((a >>> 13) | (a << 19)) ^ ((a >>> 22) | (a << 10));
    const two = (t + ((a & b) ^ (a & c) ^ (b & c))) | 0;
    h = g;
    g = f;
    f = e;
    e = (d + one) | 0;
    d = c;
    c = b;
    b = a;
    a = (one + two) | 0;
  }
  return (a + START[0]) >>> 0;
}

/** The number as text; `bits` is at most 32. */
function solve(challenge, bits) {
  const head = `${challenge}:`;
  for (let number = 0; ; number += 1) {
    const text = head + number;
    if (text.length > LONGEST) throw new Error("no number found");
    // From one number to the next only the last digit changes, and the others where it is 0.
    if (number % 10 === 0) {
      block.fill(0, 0, 16);
      for (let place = 0; place < text.length; place += 1) put(block, place, text.charCodeAt(place));
      put(block, text.length, 0x80);
      block[15] = text.length * 8;
    } else {
      put(block, text.length - 1, text.charCodeAt(text.length - 1));
    }
    if (Math.clz32(firstWord(block)) >= bits) return String(number);
  }
}

onmessage = ({ data }) => postMessage(solve(data.challenge, data.bits));
