// Runs in the thread of sound: takes the microphone at whatever rate it has and posts pieces of 512 samples at 16,000 a
// second as whole numbers of 16 bits. What lies between two samples is averaged, so that high tones do not come back as low.

const rate = 16_000;

class Tap extends AudioWorkletProcessor {
  constructor() {
    super();
    this.piece = new Int16Array(512);
    this.filled = 0;
    this.step = sampleRate / rate;
    this.left = this.step;
    this.sum = 0;
    this.count = 0;
  }

  process([input]) {
    const channel = input[0];
    if (!channel) return true;
    for (const sample of channel) {
      this.sum += sample;
      this.count++;
      this.left--;
      if (this.left > 0) continue;
      this.left += this.step;
      const mean = Math.max(-1, Math.min(1, this.sum / this.count));
      this.sum = 0;
      this.count = 0;
      this.piece[this.filled++] = Math.round(mean * 32_767);
      if (this.filled < this.piece.length) continue;
      this.port.postMessage(this.piece.slice());
      this.filled = 0;
    }
    return true;
  }
}

registerProcessor("tap", Tap);
