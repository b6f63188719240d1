/** A short, soft tone. */
export function chime() {
  const audio = new AudioContext();
  const tone = audio.createOscillator();
  const level = audio.createGain();
  const end = audio.currentTime + 0.3;
  tone.frequency.value = 660;
  level.gain.value = 0.08;
  level.gain.exponentialRampToValueAtTime(0.001, end);
  tone.connect(level).connect(audio.destination);
  tone.start();
  tone.stop(end);
  tone.onended = () => audio.close();
}
