-- Run by ../run in a copy of the example chain; Neovim 0.7 and newer.
local failed = 0
local function check(what, holds, found)
  io.write((holds and "ok" or "FAILED") .. " - " .. what .. "\n")
  if not holds then
    failed = failed + 1
    io.write("  found: " .. vim.inspect(found) .. "\n")
  end
end
local function wait_for(condition) return vim.wait(20000, condition, 20) end

local buffer
local function findings()
  return vim.tbl_filter(function(each)
    local code = each.code or (each.user_data and each.user_data.lsp and each.user_data.lsp.code)
    return code == "lock/create-index"
  end, vim.diagnostic.get(buffer))
end
local function at_emoji()
  return vim.tbl_filter(function(each) return vim.fn.getline(each.lnum + 1):find("🚀", 1, true) end, findings())
end
local function text(buffer) return table.concat(vim.api.nvim_buf_get_lines(buffer, 0, -1, false), "\n") end

-- Takes an offered action by its title, as a user does in the menu.
local wanted
vim.ui.select = function(items, options, choose)
  for index, item in ipairs(items) do
    if options.format_item(item):find(wanted, 1, true) then return choose(item, index) end
  end
  choose(nil)
end

local file = vim.env.REVISION
vim.cmd("edit " .. vim.fn.fnameescape(file))
buffer = vim.api.nvim_get_current_buf()
vim.bo.filetype = "python"
if vim.fn.has("nvim-0.11") == 1 then
  vim.lsp.enable("retort")
  vim.api.nvim_exec_autocmds("FileType", { buffer = buffer })
else
  require("retort").start()
end

check("the findings appear", wait_for(function() return #findings() == 2 end), vim.diagnostic.get(buffer))
local found = at_emoji()[1] or { lnum = -1, col = -1 }
local line = vim.api.nvim_buf_get_lines(buffer, found.lnum, found.lnum + 1, false)[1] or ""
check("on the argument behind letters and signs beyond ASCII", line:sub(found.col + 1, found.end_col) == "'orders'", found)

vim.api.nvim_win_set_cursor(0, { math.max(found.lnum, 0) + 1, line:find("create_index", 1, true) or 0 })
local position = vim.lsp.util.make_position_params(0, "utf-16")
local function ask(method, params)
  for _, answer in pairs(vim.lsp.buf_request_sync(buffer, method, params, 10000) or {}) do
    return answer.result, answer.error or answer.err
  end
end
local hover, problem = ask("textDocument/hover", position)
local shown = hover and vim.inspect(hover.contents) or ""
check("the hover has the SQL and the lock", shown:find("CREATE INDEX", 1, true) and shown:find("SHARE", 1, true), hover or problem)

wanted = "CONCURRENTLY"
vim.api.nvim_win_set_cursor(0, { math.max(found.lnum, 0) + 1, math.max(found.col, 0) })
vim.lsp.buf.code_action()
check("the fix is applied", wait_for(function() return text(buffer):find("postgresql_concurrently=True", 1, true) end), text(buffer))
check("and the finding is gone, the other one stays", wait_for(function() return #findings() == 1 and #at_emoji() == 0 end), findings())

vim.cmd("RetortSql")
local sql
wait_for(function()
  for _, each in ipairs(vim.api.nvim_list_bufs()) do
    if vim.fn.getbufvar(each, "retort_uri") ~= "" then sql = each end
  end
  return sql
end)
check("the SQL is shown beside", sql and text(sql):find("CREATE INDEX CONCURRENTLY", 1, true) and text(sql):find("🚀", 1, true), sql and text(sql))
check("read-only, as SQL", sql and vim.bo[sql].readonly and vim.bo[sql].filetype == "sql", sql and vim.bo[sql].filetype)
if sql then
  local number = vim.fn.search("'total'", "nw")
  vim.fn.setline(number, (vim.fn.getline(number):gsub("'total'", "'status'")))
  vim.cmd("doautocmd TextChanged")
  check("it follows edits", wait_for(function() return text(sql):find("(status)", 1, true) end), text(sql))
end

local first = vim.api.nvim_get_current_win()
vim.cmd("RetortExplain lock/create-index")
local page
for _, each in ipairs(vim.api.nvim_list_bufs()) do
  if vim.fn.getbufvar(each, "retort_uri") == "retort-rule:/lock/create-index.md" then page = each end
end
check("the page of the rule", page and text(page):find("CONCURRENTLY", 1, true) and vim.bo[page].filetype == "markdown", page)
vim.cmd("RetortChain")
local chain = vim.fn.getqflist()
check("the chain as a list, the new revision first", #chain == 14 and chain[1].text:find("a0b1c2d3e4f5", 1, true), #chain)
vim.api.nvim_set_current_win(first)

vim.fn.cursor(vim.fn.search("^down_revision", "w"), 20)
vim.lsp.buf.definition()
local parent = function() return vim.api.nvim_buf_get_name(0):match("search_products%.sql$") end
check("down_revision leads to the parent", wait_for(parent), vim.api.nvim_buf_get_name(0))

vim.cmd("edit! " .. vim.fn.fnameescape(vim.fn.fnamemodify(file, ":h") .. "/2025_04_14_orders_keep_cancellation_reason.sql"))
vim.bo.filetype = "sql"
if vim.fn.has("nvim-0.11") == 0 then require("retort").start() end
local function in_sql()
  for _, each in ipairs(vim.diagnostic.get(0)) do
    if vim.fn.getline(each.lnum + 1):match("^CREATE INDEX CONCURRENTLY") and each.message:find("committed before", 1, true) then
      return each
    end
  end
end
check("findings in a revision that is SQL", wait_for(in_sql), vim.diagnostic.get(0))

if failed > 0 then vim.cmd("cquit") end
vim.cmd("qall!")
