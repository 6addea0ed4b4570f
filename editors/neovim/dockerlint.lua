-- dockerlint for Neovim 0.7 or newer: put this file into lua/ of your configuration, and write
--   require('dockerlint').setup({})
-- A fix, or a comment that hides a finding: vim.lsp.buf.code_action(). Options: cmd, settings.
local M = {}

local defaults = {
  cmd = { 'dockerlint', 'lsp' },
  settings = {},
}
local names = { 'ockerfile', 'ontainerfile', 'compose', 'stack.*%.ya?ml$', '^daemon%.json$', '^%.env', '%.env$', 'dockerignore$' }
local clients = {} -- by root

local function is_ours(name)
  for _, pattern in ipairs(names) do
    if name:find(pattern) then
      return true
    end
  end
  return false
end

local function root_of(path)
  local folder = vim.fn.fnamemodify(path, ':h')
  local git = vim.fn.finddir('.git', folder .. ';')
  return git ~= '' and vim.fn.fnamemodify(git, ':p:h:h') or folder
end

function M.attach(buffer, options)
  local path = vim.api.nvim_buf_get_name(buffer)
  if path == '' or not is_ours(vim.fn.fnamemodify(path, ':t')) then
    return
  end
  local root = root_of(path)
  local config = {
    name = 'dockerlint',
    cmd = options.cmd,
    root_dir = root,
    settings = { dockerlint = options.settings },
    init_options = options.settings,
    workspace_folders = { { uri = vim.uri_from_fname(root), name = root } },
  }
  if vim.lsp.start then
    vim.lsp.start(config, { bufnr = buffer })
    return
  end
  local id = clients[root] -- Neovim 0.7
  if not (id and vim.lsp.get_client_by_id(id)) then
    id = vim.lsp.start_client(config)
    clients[root] = id
  end
  if id then
    vim.lsp.buf_attach_client(buffer, id)
  end
end

function M.setup(options)
  options = vim.tbl_extend('force', defaults, options or {})
  vim.api.nvim_create_autocmd({ 'BufReadPost', 'BufNewFile' }, {
    group = vim.api.nvim_create_augroup('dockerlint', { clear = true }),
    callback = function(event)
      M.attach(event.buf, options)
    end,
  })
end

return M
