//! Elements by role and accessible name, as people with a screen reader find them.

use std::time::Duration;

use anyhow::{Result, anyhow, bail};
use serde_json::{Value, json};
use thirtyfour::common::command::FormatRequestData;
use thirtyfour::prelude::*;
use thirtyfour::{RequestData, SessionId};

use crate::browser::Browser;
use crate::hand::{CTRL, RELEASE};

/// How long an element may take to appear unless a test says otherwise.
pub const APPEARS: Duration = Duration::from_secs(10);

/// Roles that tests look for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Role {
    Status,
    Region,
    Table,
    List,
    Group,
    /// A text field, with or without a list of suggestions.
    Field,
    Button,
    Radio,
    Checkbox,
    /// A list of which one is chosen.
    Select,
    Menu,
    /// What takes pointer and keys itself: the chart.
    Chart,
    Note,
    Dialog,
    Alert,
}

impl Role {
    /// Elements that have the role, by their own nature or by attribute.
    const fn selector(self) -> &'static str {
        match self {
            Self::Status => "[role=status], output",
            Self::Region => "section, [role=region]",
            Self::Table => "table, [role=table], [role=grid]",
            Self::List => "ul, ol, [role=list]",
            Self::Group => "fieldset, [role=group]",
            Self::Field => "input:not([type=radio]):not([type=checkbox]), [role=combobox], [role=textbox]",
            Self::Button => "button, [role=button]",
            Self::Radio => "input[type=radio], [role=radio]",
            Self::Checkbox => "input[type=checkbox], [role=checkbox]",
            Self::Select => "select",
            Self::Menu => "[role=menu]",
            Self::Chart => "[role=application]",
            Self::Note => "[role=note]",
            Self::Dialog => "dialog[open], [role=dialog]",
            Self::Alert => "[role=alert]",
        }
    }

    /// What the browser's accessibility tree calls it.
    const fn computed(self) -> &'static [&'static str] {
        match self {
            Self::Status => &["status"],
            Self::Region => &["region"],
            Self::Table => &["table", "grid"],
            Self::List => &["list"],
            Self::Group => &["group"],
            Self::Field => &["textbox", "combobox"],
            Self::Button => &["button"],
            Self::Radio => &["radio"],
            Self::Checkbox => &["checkbox"],
            Self::Select => &["combobox"],
            Self::Menu => &["menu"],
            Self::Chart => &["application"],
            Self::Note => &["note"],
            Self::Dialog => &["dialog"],
            Self::Alert => &["alert"],
        }
    }
}

/// The accessible name in the cases that occur here: label by attribute, by reference, by a label
/// element, by content. [`Browser::check_tree`] asks the browser itself.
const FIND: &str = r#"
const [selector, name] = arguments;
const said = (node) => node.nodeType === Node.TEXT_NODE ? node.data
  : node.ariaHidden === 'true' ? '' : [...node.childNodes].map(said).join('');
const text = (node) => (node ? said(node) : '').replace(/\s+/g, ' ').trim();
const nameOf = (e) => {
  const by = (e.getAttribute('aria-labelledby') ?? '').split(' ').filter(Boolean)
    .map((id) => text(document.getElementById(id))).join(' ');
  if (by) return [by];
  if (e.hasAttribute('aria-label')) return [e.getAttribute('aria-label')];
  const labels = [...(e.labels ?? [])];
  if (labels.length) return labels.flatMap((l) => [text(l), text(l.querySelector('span')), text(l.querySelector('strong'))]);
  return [text(e), text(e.querySelector('strong'))];
};
return [...document.querySelectorAll(selector)].find((e) => name === '' || nameOf(e).includes(name)) ?? null;
"#;

impl Browser {
    /// The element of a role and a name; an empty name is any.
    ///
    /// # Errors
    /// If there is none at this moment.
    pub async fn look_for(&self, role: Role, name: &str) -> Result<WebElement> {
        let found = self.web().execute(FIND, vec![json!(role.selector()), json!(name)]).await?;
        match found.json() {
            Value::Null => bail!("there is no {role:?} named {name:?}"),
            _ => Ok(found.element()?),
        }
    }

    /// The same, once it appears.
    ///
    /// # Errors
    /// If it does not within [`APPEARS`].
    pub async fn find(&self, role: Role, name: &str) -> Result<WebElement> {
        self.until(&format!("{role:?} {name:?}"), APPEARS, async || self.look_for(role, name).await).await
    }

    /// Whether the browser's own accessibility tree has the element under this role and name.
    ///
    /// # Errors
    /// What it has instead.
    pub async fn check_tree(&self, role: Role, name: &str) -> Result<()> {
        let element = self.find(role, name).await?;
        let computed = self.computed(&element, "computedrole").await?;
        let label = self.computed(&element, "computedlabel").await?;
        if role.computed().contains(&computed.as_str()) && label == name {
            return Ok(());
        }
        Err(anyhow!("{role:?} {name:?} is {computed:?} {label:?} in the accessibility tree"))
    }

    async fn computed(&self, element: &WebElement, what: &'static str) -> Result<String> {
        let asked = Computed { element: element.element_id().to_string(), what };
        Ok(self.web().handle().cmd(asked).await?.value()?)
    }

    /// Types into a field in place of what is in it, as people do: all of it is selected first. Not
    /// emptied, which for a form is a change of its own.
    ///
    /// # Errors
    /// If there is no such field, or it takes no text.
    pub async fn type_into(&self, name: &str, text: &str) -> Result<()> {
        let field = self.find(Role::Field, name).await?;
        field.send_keys(format!("{CTRL}a{RELEASE}{text}")).await?;
        Ok(())
    }

    /// Presses the element of a role and name.
    ///
    /// # Errors
    /// If there is none, or something covers it.
    pub async fn press(&self, role: Role, name: &str) -> Result<()> {
        self.find(role, name).await?.click().await?;
        Ok(())
    }
}

/// WebDriver's endpoints for the computed role and label.
#[derive(Debug)]
struct Computed {
    element: String,
    what: &'static str,
}

impl FormatRequestData for Computed {
    fn format_request(&self, session: &SessionId) -> RequestData {
        let get = "GET".parse().unwrap_or_default();
        RequestData::new(get, format!("session/{session}/element/{}/{}", self.element, self.what))
    }
}
