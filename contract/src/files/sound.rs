//! Sounds: a quarter of a second of a tone where samples are stored as they are, silence elsewhere.

/// Samples per second.
const RATE: u32 = 8_000;
/// The number of samples of a sound.
const SAMPLES: u32 = RATE / 4;
/// The frequency in hertz.
const TONE: f64 = 440.0;

/// Raw samples: 16 bits, one channel.
pub(super) fn pcm() -> Vec<u8> {
    let sample = |index: u32| {
        let angle = std::f64::consts::TAU * TONE * f64::from(index) / f64::from(RATE);
        ((angle.sin() * 8_000.0).round() as i16).to_le_bytes()
    };
    (0..SAMPLES).flat_map(sample).collect()
}

/// RIFF with the same samples.
pub(super) fn wav() -> Vec<u8> {
    let samples = pcm();
    let length = samples.len() as u32;
    let mut bytes = b"RIFF".to_vec();
    bytes.extend((36 + length).to_le_bytes());
    bytes.extend(b"WAVEfmt ");
    bytes.extend(16_u32.to_le_bytes());
    for half in [1_u16, 1] {
        bytes.extend(half.to_le_bytes());
    }
    bytes.extend(RATE.to_le_bytes());
    bytes.extend((RATE * 2).to_le_bytes());
    for half in [2_u16, 16] {
        bytes.extend(half.to_le_bytes());
    }
    bytes.extend(b"data");
    bytes.extend(length.to_le_bytes());
    bytes.extend(samples);
    bytes
}

/// Ten silent frames of MPEG 1 layer III: 128 kbit/s, 44.1 kHz.
pub(super) fn mp3() -> Vec<u8> {
    const FRAME: usize = 417;
    let mut frame = vec![0_u8; FRAME];
    frame[..4].copy_from_slice(&[0xff, 0xfb, 0x90, 0xc4]);
    frame.repeat(10)
}

/// ADTS with silent frames of AAC LC: 44.1 kHz, one channel.
pub(super) fn aac() -> Vec<u8> {
    const SILENCE: [u8; 6] = [0x00, 0xc8, 0x00, 0x80, 0x23, 0x80];
    let length = 7 + SILENCE.len();
    // Sync, MPEG 4, LC, 44.1 kHz, one channel, the length in 13 bits, a full buffer, one block.
    let head = [0xff, 0xf1, 0x50, 0x40, (length >> 3) as u8, ((length & 7) << 5) as u8 | 0x1f, 0xfc];
    [&head[..], &SILENCE].concat().repeat(10)
}

/// A stream without samples: 44.1 kHz, one channel, 16 bits.
pub(super) fn flac() -> Vec<u8> {
    let mut bytes = b"fLaC".to_vec();
    // The last block of metadata, of 34 bytes.
    bytes.extend([0x80, 0, 0, 34]);
    bytes.extend([0x10, 0, 0x10, 0, 0, 0, 0, 0, 0, 0]);
    let rate_channels_bits = (44_100_u64 << 44) | (15_u64 << 36);
    bytes.extend(rate_channels_bits.to_be_bytes());
    // The MD5 sum is left out.
    bytes.extend([0; 16]);
    bytes
}

/// Ogg with silent packets of Opus.
pub(super) fn opus() -> Vec<u8> {
    let mut head = b"OpusHead\x01\x01".to_vec();
    head.extend(0_u16.to_le_bytes());
    head.extend(48_000_u32.to_le_bytes());
    head.extend([0, 0, 0]);
    let mut tags = b"OpusTags".to_vec();
    tags.extend(0_u32.to_le_bytes());
    tags.extend(0_u32.to_le_bytes());
    // 20 ms of silence, one channel.
    let silence = [0xf8, 0xff, 0xfe];
    let pages = [page(2, 0, 0, &[&head]), page(0, 0, 1, &[&tags]), page(4, 12_480, 2, &[&silence[..]; 13])];
    pages.concat()
}

fn page(kind: u8, position: u64, number: u32, packets: &[&[u8]]) -> Vec<u8> {
    let mut bytes = b"OggS\0".to_vec();
    bytes.push(kind);
    bytes.extend(position.to_le_bytes());
    bytes.extend(1_u32.to_le_bytes());
    bytes.extend(number.to_le_bytes());
    bytes.extend([0; 4]);
    // Packets are shorter than a segment.
    bytes.push(packets.len() as u8);
    bytes.extend(packets.iter().map(|it| it.len() as u8));
    bytes.extend(packets.concat());
    let sum = bytes.iter().fold(0_u32, |sum, byte| {
        (0..8).fold(sum ^ (u32::from(*byte) << 24), |it, _| (it << 1) ^ if it >> 31 == 1 { 0x04c1_1db7 } else { 0 })
    });
    bytes[22..26].copy_from_slice(&sum.to_le_bytes());
    bytes
}

/// A track with only its end marker.
pub(super) fn midi() -> Vec<u8> {
    b"MThd\0\0\0\x06\0\0\0\x01\0\x60MTrk\0\0\0\x04\0\xff\x2f\0".to_vec()
}
