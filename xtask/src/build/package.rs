//! Step 4: the bytes that are deployed.

use brotlic::{BrotliEncoderOptions, CompressorWriter, Quality, WindowSize};
use eyre::{Result, eyre};
use nitro::PROGRAM_WITHOUT_DICTIONARY;
use std::io::Write;

/// Compresses a program as far as brotli goes, within the window that Nitro's decoder takes.
pub(crate) fn package(wasm: &[u8]) -> Result<Vec<u8>> {
    compress(wasm, Quality::best())
}

/// The same program in other bytes: what `cargo xtask mutants` expects every test to take for the same.
pub(crate) fn package_otherwise(wasm: &[u8]) -> Result<Vec<u8>> {
    compress(wasm, Quality::new(9).map_err(|error| eyre!("{error:?}"))?)
}

fn compress(wasm: &[u8], quality: Quality) -> Result<Vec<u8>> {
    let window = WindowSize::new(22).map_err(|error| eyre!("{error:?}"))?;
    let encoder = BrotliEncoderOptions::new().quality(quality).window_size(window).build()?;
    let mut writer = CompressorWriter::with_encoder(encoder, PROGRAM_WITHOUT_DICTIONARY.to_vec());
    writer.write_all(wasm)?;
    writer.into_inner().map_err(|error| eyre!("brotli: {}", error.error()))
}
