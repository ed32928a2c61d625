-- Starts `retort lsp` in Neovim 0.7 to 0.10, and reads its virtual documents in all of them.
local M = {}

local new = vim.fn.has("nvim-0.11") == 1

--- The folder that configures the chain of a file, or nil.
function M.root(file)
  local folder = vim.fn.fnamemodify(file, ":p:h")
  while true do
    for _, name in ipairs({ "retort.toml", "alembic.ini" }) do
      if vim.fn.filereadable(folder .. "/" .. name) == 1 then return folder end
    end
    local project = folder .. "/pyproject.toml"
    if vim.fn.filereadable(project) == 1 then
      for _, line in ipairs(vim.fn.readfile(project)) do
        if line:match("^%s*%[tool%.retort[%].]") or line:match("^%s*%[tool%.alembic[%].]") then return folder end
      end
    end
    local parent = vim.fn.fnamemodify(folder, ":h")
    if parent == folder then return nil end
    folder = parent
  end
end

local function clients()
  local all = vim.lsp.get_clients and vim.lsp.get_clients() or vim.lsp.get_active_clients()
  return vim.tbl_filter(function(client) return client.name == "retort" end, all)
end

--- The client of a buffer, else any: the URI of a virtual document names its chain.
local function client_of(buffer)
  for _, client in ipairs(clients()) do
    if vim.lsp.buf_is_attached(buffer, client.id) then return client end
  end
  return clients()[1]
end

local function request(client, method, params, buffer)
  local answer, problem
  if new then
    answer, problem = client:request_sync(method, params, 10000, buffer)
  else
    answer, problem = client.request_sync(method, params, 10000, buffer)
  end
  if not answer then return nil, problem end
  if answer.err then return nil, answer.err.message end
  return answer.result
end

--- Starts a server for the chain of a buffer, or attaches to the one that runs. For Neovim 0.7 to 0.10.
function M.start(options)
  options = options or {}
  local buffer = vim.api.nvim_get_current_buf()
  local root = M.root(vim.api.nvim_buf_get_name(buffer))
  if not root or vim.bo[buffer].buftype ~= "" then return end
  local config = {
    name = "retort",
    cmd = options.cmd or { "retort", "lsp" },
    root_dir = root,
    init_options = options.settings,
    settings = { retort = options.settings or vim.empty_dict() },
    on_attach = options.on_attach,
    capabilities = options.capabilities,
  }
  if vim.lsp.start then return vim.lsp.start(config) end
  for _, client in ipairs(clients()) do
    if client.config.root_dir == root then
      vim.lsp.buf_attach_client(buffer, client.id)
      return client.id
    end
  end
  local id = vim.lsp.start_client(config)
  if id then vim.lsp.buf_attach_client(buffer, id) end
  return id
end

--- Fills a buffer with the virtual document that its variable `retort_uri` names.
function M.read(buffer)
  local client = clients()[1]
  if not client then
    vim.notify("retort: no server is running, open a revision first", vim.log.levels.ERROR)
    return
  end
  local uri = vim.api.nvim_buf_get_var(buffer, "retort_uri")
  local result, problem = request(client, "retort/textDocumentContent", { uri = uri }, buffer)
  if not result then
    vim.notify("retort: " .. (problem or "no answer"), vim.log.levels.ERROR)
    return
  end
  local lines = vim.split(result.text, "\n", { plain = true })
  if lines[#lines] == "" then table.remove(lines) end
  local options = vim.bo[buffer]
  options.readonly, options.modifiable = false, true
  vim.api.nvim_buf_set_lines(buffer, 0, -1, false, lines)
  options.modifiable, options.readonly, options.modified = false, true, false
  options.buftype, options.swapfile = "nofile", false
  local filetype = uri:match("%.md$") and "markdown" or "sql"
  if options.filetype ~= filetype then options.filetype = filetype end
end

--- A buffer that was opened by the name of a virtual document. Where Neovim takes that for a file (0.7), the folder
--- stands before it.
function M.adopt(buffer, name)
  vim.api.nvim_buf_set_var(buffer, "retort_uri", name:match("retort%-%a+:.*"))
  M.read(buffer)
end

local function shown(uri)
  for _, buffer in ipairs(vim.api.nvim_list_bufs()) do
    if vim.fn.getbufvar(buffer, "retort_uri") == uri then return buffer end
  end
end

--- Shows a virtual document in a window of its own, and stays where the cursor is.
function M.open(uri)
  local buffer = shown(uri)
  if not buffer then
    buffer = vim.api.nvim_create_buf(true, true)
    vim.api.nvim_buf_set_name(buffer, uri)
    vim.api.nvim_buf_set_var(buffer, "retort_uri", uri)
  end
  M.read(buffer)
  if vim.fn.bufwinid(buffer) == -1 then
    local window = vim.api.nvim_get_current_win()
    vim.cmd("rightbelow vsplit")
    vim.api.nvim_win_set_buf(0, buffer)
    vim.api.nvim_set_current_win(window)
  end
end

--- Every virtual document on screen follows the revision that is edited.
local waiting = false
function M.refresh()
  if waiting then return end
  waiting = true
  vim.defer_fn(function()
    waiting = false
    for _, window in ipairs(vim.api.nvim_list_wins()) do
      local buffer = vim.api.nvim_win_get_buf(window)
      if vim.fn.getbufvar(buffer, "retort_uri") ~= "" and clients()[1] then M.read(buffer) end
    end
  end, 200)
end

--- `:RetortSql [upgrade|downgrade|guarded|schema-before|schema-after]`: the document that the lens above the revision names.
function M.sql(kind)
  local buffer = vim.api.nvim_get_current_buf()
  local client = client_of(buffer)
  if not client then return vim.notify("retort: no server is running here", vim.log.levels.ERROR) end
  local params = { textDocument = vim.lsp.util.make_text_document_params(buffer) }
  local lenses, problem = request(client, "textDocument/codeLens", params, buffer)
  for _, lens in ipairs(lenses or {}) do
    if lens.command and lens.command.command == "retort.showSql" then
      local uri = lens.command.arguments[1]
      -- The kinds are siblings: `retort-sql:/<revision>/<kind>.sql?…`
      if kind and kind ~= "" then uri = uri:gsub("/[%a-]+%.sql", "/" .. kind .. ".sql", 1) end
      return M.open(uri)
    end
  end
  vim.notify("retort: " .. (problem or "this is no revision of a chain"), vim.log.levels.WARN)
end

--- `:RetortChain`: the revisions, newest first, as a quickfix list.
function M.chain()
  local file = vim.api.nvim_buf_get_name(0)
  local root = M.root(file ~= "" and file or vim.fn.getcwd() .. "/x")
  if not root then return vim.notify("retort: no chain is configured here", vim.log.levels.ERROR) end
  local command = "cd " .. vim.fn.shellescape(root) .. " && retort history --format json"
  local output = vim.fn.system(command)
  if vim.v.shell_error ~= 0 then return vim.notify(output, vim.log.levels.ERROR) end
  local decode = vim.json and vim.json.decode or vim.fn.json_decode
  local items = {}
  for _, revision in ipairs(decode(output).revisions) do
    local marks = (revision.head and " (head)" or "") .. (revision.merge_point and " (merge)" or "")
    table.insert(items, {
      filename = root .. "/" .. revision.file,
      lnum = 1,
      text = revision.revision .. " " .. revision.title .. marks,
    })
  end
  vim.fn.setqflist({}, " ", { title = "retort history", items = items })
  vim.cmd("copen")
end

--- `:RetortStatus`: which chains the server found, and where from.
function M.status()
  local client = client_of(vim.api.nvim_get_current_buf())
  if not client then return vim.notify("retort: no server is running", vim.log.levels.WARN) end
  local result, problem = request(client, "retort/status", vim.empty_dict(), 0)
  vim.notify(result and vim.inspect(result) or "retort: " .. (problem or "no answer"))
end

return M
