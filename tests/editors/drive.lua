-- Drives Neovim as a person would: open, look, fix, look again. Writes what it saw to vim.env.SEEN.
local function wait(what, holds)
  if not vim.wait(60000, holds, 20) then
    error('not seen: ' .. what)
  end
end

local function diagnostics()
  local found = {}
  for _, one in ipairs(vim.diagnostic.get(0)) do
    table.insert(found, { one.code or '', one.lnum, one.col, one.severity })
  end
  return found
end

local function ask(method, params)
  local answers = vim.lsp.buf_request_sync(0, method, params, 60000)
  for _, answer in pairs(answers or {}) do
    assert(not answer.err, vim.inspect(answer.err))
    return answer.result
  end
  error('no answer: ' .. method)
end

local function act(title, line, column)
  local place = { line = line, character = column }
  local params = {
    textDocument = vim.lsp.util.make_text_document_params(0),
    range = { start = place, ['end'] = place },
    context = { diagnostics = {} },
  }
  for _, action in ipairs(ask('textDocument/codeAction', params)) do
    if action.title:find(title, 1, true) then
      local edit = action.edit or ask('codeAction/resolve', action).edit
      vim.lsp.util.apply_workspace_edit(edit, 'utf-16')
      return
    end
  end
  error('not offered: ' .. title)
end

local function drive()
  package.path = vim.env.EDITORS .. '/neovim/?.lua;' .. package.path
  require('dockerlint').setup({ cmd = vim.json.decode(vim.env.COMMAND) })
  local seen = {}
  vim.cmd('edit ' .. vim.env.OPENED)
  wait('diagnostics', function() return #vim.diagnostic.get(0) > 0 end)
  seen.before = diagnostics()
  act(vim.env.TITLE, tonumber(vim.env.LINE), tonumber(vim.env.COLUMN))
  wait('other diagnostics', function() return #vim.diagnostic.get(0) < #seen.before end)
  seen.after = diagnostics()
  vim.cmd('write')
  act('fix all that hardens', 0, 0)
  vim.cmd('write')
  seen.text = table.concat(vim.api.nvim_buf_get_lines(0, 0, -1, false), '\n') .. '\n'
  for _, client in pairs(vim.lsp.get_active_clients()) do
    seen.client = client.name
    client.stop()
  end
  wait('goodbye', function() return #vim.lsp.get_active_clients() == 0 end)
  return seen
end

local works, seen = pcall(drive)
local file = io.open(vim.env.SEEN, 'w')
file:write(vim.json.encode(works and seen or { error = tostring(seen) }))
file:close()
vim.cmd('qall!')
