-- What works without any set-up: virtual documents and the commands.
if vim.g.loaded_retort then return end
vim.g.loaded_retort = true

local group = vim.api.nvim_create_augroup("retort", {})
vim.api.nvim_create_autocmd("BufReadCmd", {
  group = group,
  pattern = "retort-sql:*",
  callback = function(event) require("retort").adopt(event.buf, event.match) end,
})
vim.api.nvim_create_autocmd({ "TextChanged", "InsertLeave", "BufWritePost" }, {
  group = group,
  pattern = { "*.py", "*.sql" },
  callback = function() require("retort").refresh() end,
})

-- Lenses and actions that show SQL open it here; the server would have to ask for a window.
vim.lsp.commands["retort.showSql"] = function(command) require("retort").open(command.arguments[1]) end

vim.api.nvim_create_user_command("RetortSql", function(command) require("retort").sql(command.args) end, {
  nargs = "?",
  complete = function() return { "upgrade", "downgrade", "guarded" } end,
})
vim.api.nvim_create_user_command("RetortChain", function() require("retort").chain() end, {})
vim.api.nvim_create_user_command("RetortStatus", function() require("retort").status() end, {})
