//! What would be deployed, and how large it is.

use crate::failure::Outcome;
use flate2::Compression;
use flate2::write::DeflateEncoder;
use std::io::Write as _;
use std::path::Path;

/// The size of a file, or of all in a folder.
pub(crate) fn size(path: &Path) -> Outcome<u64> {
    let mut total = 0;
    each_file(path, &mut |file| {
        total += std::fs::metadata(file)?.len();
        Ok(())
    })?;
    Ok(total)
}

/// How large it is when it is deployed: deflated, as in a zip file.
pub(crate) fn packed(path: &Path) -> Outcome<u64> {
    let mut total = 0;
    each_file(path, &mut |file| {
        let mut packer = DeflateEncoder::new(Vec::new(), Compression::best());
        packer.write_all(&std::fs::read(file)?)?;
        total += packer.finish()?.len() as u64;
        Ok(())
    })?;
    Ok(total)
}

fn each_file(path: &Path, act: &mut dyn FnMut(&Path) -> Outcome<()>) -> Outcome<()> {
    if !path.is_dir() {
        return act(path);
    }
    for entry in std::fs::read_dir(path)? {
        let entry = entry?;
        // Links within point to what is counted already.
        if !entry.file_type()?.is_symlink() {
            each_file(&entry.path(), act)?;
        }
    }
    Ok(())
}
