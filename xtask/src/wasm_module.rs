//! Reads of a Wasm module what it imports, and how large its functions are; gives names to these, and other
//! names to what it imports and exports.

const HEADER: &[u8] = b"\0asm\x01\0\0\0";
const CUSTOM: u8 = 0;
const IMPORTS: u8 = 2;
const EXPORTS: u8 = 7;
const CODE: u8 = 10;
const DATA: u8 = 11;

/// Modules a Wasm file imports from, in their order, each once; `None` if it is no Wasm file.
pub(crate) fn imported_modules(bytes: &[u8]) -> Option<Vec<String>> {
    let mut modules: Vec<String> = Vec::new();
    for (id, section) in sections(bytes)? {
        if id == IMPORTS {
            for import in imports(&mut Reader(section))? {
                if !modules.contains(&import.module) {
                    modules.push(import.module);
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

/// Bodies of the functions that a module has itself; `None` if it is no Wasm file.
pub(crate) fn bodies(bytes: &[u8]) -> Option<Vec<&[u8]>> {
    let Some((_, code)) = sections(bytes)?.into_iter().find(|(id, _)| *id == CODE) else {
        return Some(Vec::new());
    };
    let mut reader = Reader(code);
    (0..reader.number()?)
        .map(|_| {
            let size = reader.number()?;
            reader.take(size)
        })
        .collect()
}

/// The module with names for the functions it has itself, in their order; `None` if it is no Wasm file. It
/// must have no names yet.
pub(crate) fn with_names(bytes: &[u8], names: &[String]) -> Option<Vec<u8>> {
    let mut imported = 0;
    for (_, section) in sections(bytes)?.iter().filter(|(id, _)| *id == IMPORTS) {
        imported = count_functions(&imports(&mut Reader(section))?);
    }
    let mut functions = Vec::new();
    write_number(&mut functions, names.len());
    for (at, name) in names.iter().enumerate() {
        write_number(&mut functions, imported + at);
        write_name(&mut functions, name);
    }
    let mut section = Vec::new();
    write_name(&mut section, "name");
    section.push(FUNCTION_NAMES);
    write_number(&mut section, functions.len());
    section.extend(functions);
    let mut out = bytes.to_vec();
    out.push(CUSTOM);
    write_number(&mut out, section.len());
    out.extend(section);
    Some(out)
}

fn count_functions(imports: &[Import<'_>]) -> usize {
    imports.iter().filter(|import| import.kind == FUNCTION).count()
}

/// Sizes of a module, by the names in its name section; `None` if it is no Wasm file.
pub(crate) fn sizes(bytes: &[u8]) -> Option<Sizes> {
    let (mut sizes, mut imported, mut names) = (Sizes::default(), 0, Vec::new());
    for (id, section) in sections(bytes)? {
        let mut reader = Reader(section);
        match id {
            IMPORTS => imported = count_functions(&imports(&mut reader)?),
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
    let mut names = Vec::new();
    while let Some(id) = reader.byte() {
        let size = reader.number()?;
        let mut part = Reader(reader.take(size)?);
        if id == FUNCTION_NAMES {
            for _ in 0..part.number()? {
                names.push((part.number()?, part.name()?));
            }
        }
    }
    Some(names)
}

/// The part of a name section that is of functions.
const FUNCTION_NAMES: u8 = 1;
/// The kind of an import that is a function.
const FUNCTION: u8 = 0;

struct Import<'a> {
    module: String,
    name: String,
    kind: u8,
    /// The kind's byte and what follows the names.
    rest: &'a [u8],
}

fn imports<'a>(reader: &mut Reader<'a>) -> Option<Vec<Import<'a>>> {
    let mut found = Vec::new();
    for _ in 0..reader.number()? {
        let (module, name) = (reader.name()?, reader.name()?);
        let from = reader.0;
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
        let rest = from.get(..from.len() - reader.0.len())?;
        found.push(Import { module, name, kind, rest });
    }
    Some(found)
}

/// The module with the names that `import`, told a module and a name, and `export` make of each; `None` if it
/// is no Wasm file.
pub(crate) fn renamed(
    bytes: &[u8],
    import: &mut dyn FnMut(&mut String, &mut String),
    export: &mut dyn FnMut(&mut String),
) -> Option<Vec<u8>> {
    let mut out = HEADER.to_vec();
    for (id, section) in sections(bytes)? {
        let mut reader = Reader(section);
        let mut body = Vec::new();
        match id {
            IMPORTS => {
                let imports = imports(&mut reader)?;
                write_number(&mut body, imports.len());
                for Import { mut module, mut name, rest, .. } in imports {
                    import(&mut module, &mut name);
                    write_name(&mut body, &module);
                    write_name(&mut body, &name);
                    body.extend(rest);
                }
            }
            EXPORTS => {
                let count = reader.number()?;
                write_number(&mut body, count);
                for _ in 0..count {
                    let mut name = reader.name()?;
                    export(&mut name);
                    write_name(&mut body, &name);
                    body.push(reader.byte()?);
                    write_number(&mut body, reader.number()?);
                }
            }
            _ => body.extend(section),
        }
        out.push(id);
        write_number(&mut out, body.len());
        out.extend(body);
    }
    Some(out)
}

fn write_number(out: &mut Vec<u8>, mut number: usize) {
    while number > 0x7f {
        out.push(number as u8 & 0x7f | 0x80);
        number >>= 7;
    }
    out.push(number as u8);
}

fn write_name(out: &mut Vec<u8>, name: &str) {
    write_number(out, name.len());
    out.extend(name.as_bytes());
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
    fn functions_get_names() {
        let module = [MODULE, b"\x0a\x07\x02\x01x\x03xyz"].concat();
        assert_eq!(bodies(&module), Some(vec![b"x".as_slice(), b"xyz"]));
        assert_eq!(bodies(MODULE), Some(Vec::new()));
        let named = with_names(&module, &["1".to_owned(), "0".to_owned()]).unwrap();
        let functions = vec![("1".to_owned(), 1), ("0".to_owned(), 3)];
        assert_eq!(sizes(&named), Some(Sizes { functions, data: 0 }));
    }

    #[test]
    fn names_become_others_and_all_else_stays() {
        let module = [MODULE, b"\x07\x08\x01\x03out\x00\xaa\x01\x0b\x02dd"].concat();
        let keep = renamed(&module, &mut |_, _| {}, &mut |_| {});
        assert_eq!(keep.as_deref(), Some(&*module));
        let mut import = |_: &mut String, name: &mut String| {
            if name == "g" {
                *name = "x".repeat(200);
            }
        };
        let other = renamed(&module, &mut import, &mut |name| name.truncate(1)).unwrap();
        assert_eq!(other.len(), module.len() + 199 + 2 - 2, "two lengths take a byte more, `out` is `o`");
        assert_eq!(imported_modules(&other), imported_modules(&module));
        assert!(other.ends_with(b"\x07\x06\x01\x01o\x00\xaa\x01\x0b\x02dd"));
        for end in 0..module.len() {
            // It must only never panic.
            renamed(&module[..end], &mut |_, _| {}, &mut |_| {});
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
