//! Zed's part of dockerlint: which program it starts, and which settings it hands over.

use zed_extension_api::settings::LspSettings;
use zed_extension_api::{self as zed, serde_json, LanguageServerId, Result};

struct Dockerlint;

impl zed::Extension for Dockerlint {
    fn new() -> Self {
        Dockerlint
    }

    fn language_server_command(
        &mut self,
        _: &LanguageServerId,
        worktree: &zed::Worktree,
    ) -> Result<zed::Command> {
        let command = worktree
            .which("dockerlint")
            .ok_or("dockerlint is not on the path; install dockerlint[lsp]")?;
        Ok(zed::Command {
            command,
            args: vec!["lsp".into()],
            env: worktree.shell_env(),
        })
    }

    fn language_server_workspace_configuration(
        &mut self,
        id: &LanguageServerId,
        worktree: &zed::Worktree,
    ) -> Result<Option<serde_json::Value>> {
        let settings = LspSettings::for_worktree(id.as_ref(), worktree)?.settings;
        Ok(settings.map(|settings| serde_json::json!({ "dockerlint": settings })))
    }
}

zed::register_extension!(Dockerlint);
