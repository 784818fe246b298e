//! Reads of a Wasm module what it imports, and how large its functions are.

const CUSTOM: u8 = 0;
const IMPORTS: u8 = 2;
const CODE: u8 = 10;
const DATA: u8 = 11;

/// Modules a Wasm file imports from, in their order, each once; `None` if it is no Wasm file.
pub(crate) fn imported_modules(bytes: &[u8]) -> Option<Vec<String>> {
    let mut modules: Vec<String> = Vec::new();
    for (id, section) in sections(bytes)? {
        if id == IMPORTS {
            for (module, _) in imports(&mut Reader(section))? {
                if !modules.contains(&module) {
                    modules.push(module);
                }
            }
        }
    }
    Some(modules)
}

/// How large the parts of a module are, in bytes.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Sizes {
    /// Each function with its name; empty where the module names none.
    pub(crate) functions: Vec<(String, usize)>,
    /// Constants: texts and tables.
    pub(crate) data: usize,
}

/// Sizes of a module, by the names in its name section; `None` if it is no Wasm file.
pub(crate) fn sizes(bytes: &[u8]) -> Option<Sizes> {
    let (mut sizes, mut imported, mut names) = (Sizes::default(), 0, Vec::new());
    for (id, section) in sections(bytes)? {
        let mut reader = Reader(section);
        match id {
            IMPORTS => imported = imports(&mut reader)?.iter().filter(|(_, kind)| *kind == FUNCTION).count(),
            CODE => {
                for _ in 0..reader.number()? {
                    let size = reader.number()?;
                    reader.take(size)?;
                    sizes.functions.push((String::new(), size));
                }
            }
            DATA => sizes.data = section.len(),
            CUSTOM if reader.name()? == "name" => names = function_names(&mut reader)?,
            _ => {}
        }
    }
    for (index, name) in names {
        // Imported functions come first and have no code.
        if let Some((slot, _)) = index.checked_sub(imported).and_then(|at| sizes.functions.get_mut(at)) {
            *slot = name;
        }
    }
    Some(sizes)
}

/// Sections with their ids, in their order; `None` if it is no Wasm file.
fn sections(bytes: &[u8]) -> Option<Vec<(u8, &[u8])>> {
    const HEADER: &[u8] = b"\0asm\x01\0\0\0";
    let mut reader = Reader(bytes.strip_prefix(HEADER)?);
    let mut sections = Vec::new();
    while let Some(id) = reader.byte() {
        let size = reader.number()?;
        sections.push((id, reader.take(size)?));
    }
    Some(sections)
}

/// Indices and names of functions, from the content of the name section.
fn function_names(reader: &mut Reader<'_>) -> Option<Vec<(usize, String)>> {
    const FUNCTIONS: u8 = 1;
    let mut names = Vec::new();
    while let Some(id) = reader.byte() {
        let size = reader.number()?;
        let mut part = Reader(reader.take(size)?);
        if id == FUNCTIONS {
            for _ in 0..part.number()? {
                names.push((part.number()?, part.name()?));
            }
        }
    }
    Some(names)
}

/// The kind of an import that is a function.
const FUNCTION: u8 = 0;

/// Module and kind of each import.
fn imports(reader: &mut Reader<'_>) -> Option<Vec<(String, u8)>> {
    let mut found = Vec::new();
    for _ in 0..reader.number()? {
        let module = reader.name()?;
        reader.name()?;
        let kind = reader.byte()?;
        match kind {
            // A function or a tag: the index of its type, a tag with a byte before it.
            FUNCTION => drop(reader.number()?),
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
        found.push((module, kind));
    }
    Some(found)
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
    fn functions_have_their_names() {
        // Two bodies of one and of three bytes, two bytes of data, and names of function 1 and 2, as
        // one is imported.
        let more =
            b"\x0a\x07\x02\x01x\x03xyz\x0b\x02dd\x00\x12\x04name\x00\x01m\x01\x08\x02\x01\x01f\x02\x02gh";
        let module = [MODULE, more].concat();
        let functions = vec![("f".to_owned(), 1), ("gh".to_owned(), 3)];
        assert_eq!(sizes(&module), Some(Sizes { functions, data: 2 }));
        assert_eq!(sizes(MODULE), Some(Sizes::default()));
        for end in 0..module.len() {
            // It must only never panic.
            sizes(&module[..end]);
        }
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
