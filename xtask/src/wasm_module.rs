//! Reads of a Wasm module only what it imports.

/// Modules a Wasm file imports from, in their order, each once; `None` if it is no Wasm file.
pub(crate) fn imported_modules(bytes: &[u8]) -> Option<Vec<String>> {
    const HEADER: &[u8] = b"\0asm\x01\0\0\0";
    const IMPORTS: u8 = 2;
    let mut reader = Reader(bytes.strip_prefix(HEADER)?);
    while let Some(id) = reader.byte() {
        let size = reader.number()?;
        let section = reader.take(size)?;
        if id == IMPORTS {
            return imports(&mut Reader(section));
        }
    }
    Some(Vec::new())
}

fn imports(reader: &mut Reader<'_>) -> Option<Vec<String>> {
    let mut modules: Vec<String> = Vec::new();
    for _ in 0..reader.number()? {
        let module = reader.name()?;
        reader.name()?;
        if !modules.contains(&module) {
            modules.push(module);
        }
        match reader.byte()? {
            // A function or a tag: the index of its type, a tag with a byte before it.
            0 => drop(reader.number()?),
            4 => {
                reader.byte()?;
                reader.number()?;
            }
            // A table: its element type, then limits.
            1 => {
                reader.byte()?;
                reader.limits()?;
            }
            2 => reader.limits()?,
            // A global: type and whether it changes.
            3 => drop(reader.take(2)?),
            _ => return None,
        }
    }
    Some(modules)
}

struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    fn byte(&mut self) -> Option<u8> {
        let (first, rest) = self.0.split_first()?;
        self.0 = rest;
        Some(*first)
    }

    fn take(&mut self, size: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(size)?;
        self.0 = rest;
        Some(taken)
    }

    /// LEB128, 32 bits.
    fn number(&mut self) -> Option<usize> {
        let mut value = 0;
        for shift in (0..35).step_by(7) {
            let byte = self.byte()?;
            value |= u64::from(byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                return usize::try_from(value).ok();
            }
        }
        None
    }

    fn name(&mut self) -> Option<String> {
        let size = self.number()?;
        String::from_utf8(self.take(size)?.to_vec()).ok()
    }

    fn limits(&mut self) -> Option<()> {
        let flags = self.byte()?;
        self.number()?;
        if flags & 1 == 1 {
            self.number()?;
        }
        Some(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Header, a custom section, then imports: `a.f` a function, `env.m` a memory, `a.g` a global.
    const MODULE: &[u8] = b"\0asm\x01\0\0\0\x00\x02\x01x\
        \x02\x17\x03\x01a\x01f\x00\x07\x03env\x01m\x02\x00\x01\x01a\x01g\x03\x7f\x00";

    #[test]
    fn lists_each_module_once() {
        assert_eq!(imported_modules(MODULE), Some(vec!["a".to_owned(), "env".to_owned()]));
        assert_eq!(imported_modules(b"\0asm\x01\0\0\0"), Some(Vec::new()));
    }

    #[test]
    fn damage_is_no_module() {
        assert_eq!(imported_modules(b"<html>"), None);
        for end in 12..MODULE.len() {
            // A cut may fall between sections; it must only never panic or invent a name.
            let modules = imported_modules(&MODULE[..end]).unwrap_or_default();
            assert!(modules.iter().all(|module| module == "a" || module == "env"));
        }
    }
}
