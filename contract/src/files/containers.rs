//! Empty containers.

/// `ftyp`, `moov` with a head of one second and no track, and an empty `mdat`.
pub(super) fn mp4(brand: &[u8; 4]) -> Vec<u8> {
    let mut head = vec![0; 12];
    head.extend(1_000_u32.to_be_bytes());
    head.extend(1_000_u32.to_be_bytes());
    head.extend(0x0001_0000_u32.to_be_bytes());
    head.extend(0x0100_u16.to_be_bytes());
    head.extend([0; 10]);
    for number in [0x0001_0000_u32, 0, 0, 0, 0x0001_0000, 0, 0, 0, 0x4000_0000] {
        head.extend(number.to_be_bytes());
    }
    head.extend([0; 24]);
    head.extend(1_u32.to_be_bytes());
    let kinds = [&brand[..], &512_u32.to_be_bytes(), b"isom", b"mp41"].concat();
    [atom(b"ftyp", &kinds), atom(b"moov", &atom(b"mvhd", &head)), atom(b"mdat", &[])].concat()
}

fn atom(name: &[u8; 4], content: &[u8]) -> Vec<u8> {
    [&(content.len() as u32 + 8).to_be_bytes(), &name[..], content].concat()
}

/// The head of EBML and an empty segment.
pub(super) fn webm() -> Vec<u8> {
    let mut bytes = vec![0x1a, 0x45, 0xdf, 0xa3, 0x9f];
    bytes.extend([0x42, 0x86, 0x81, 1, 0x42, 0xf7, 0x81, 1, 0x42, 0xf2, 0x81, 4, 0x42, 0xf3, 0x81, 8]);
    bytes.extend(b"\x42\x82\x84webm\x42\x87\x81\x04\x42\x85\x81\x02");
    bytes.extend([0x18, 0x53, 0x80, 0x67, 0x80]);
    bytes
}

/// One empty page.
pub(super) fn pdf() -> Vec<u8> {
    let objects = [
        "<</Type/Catalog/Pages 2 0 R>>",
        "<</Type/Pages/Kids[3 0 R]/Count 1>>",
        "<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]>>",
    ];
    let mut text = String::from("%PDF-1.4\n");
    let mut places = String::new();
    for (index, object) in objects.iter().enumerate() {
        places.push_str(&format!("{:010} 00000 n \n", text.len()));
        text.push_str(&format!("{} 0 obj{object}endobj\n", index + 1));
    }
    let start = text.len();
    text.push_str(&format!(
        "xref\n0 4\n0000000000 65535 f \n{places}trailer<</Size 4/Root 1 0 R>>\nstartxref\n{start}\n%%EOF\n"
    ));
    text.into_bytes()
}

/// No files.
pub(super) fn zip() -> Vec<u8> {
    [&b"PK\x05\x06"[..], &[0; 18]].concat()
}
