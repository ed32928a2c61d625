-- What works without any set-up: virtual documents and the commands.
if vim.g.loaded_retort then return end
vim.g.loaded_retort = true

local group = vim.api.nvim_create_augroup("retort", {})
vim.api.nvim_create_autocmd("BufReadCmd", {
  group = group,
  pattern = { "retort-sql:*", "retort-rule:*" },
  callback = function(event) require("retort").adopt(event.buf, event.match) end,
})
vim.api.nvim_create_autocmd({ "TextChanged", "InsertLeave", "BufWritePost" }, {
  group = group,
  pattern = { "*.py", "*.sql" },
  callback = function() require("retort").refresh() end,
})

-- What lenses and actions open is opened here: Neovim before 0.10 has no answer to window/showDocument.
vim.lsp.commands["retort.showSql"] = function(command) require("retort").open(command.arguments[1]) end
vim.lsp.commands["retort.explain"] = function(command)
  require("retort").open("retort-rule:/" .. command.arguments[1] .. ".md")
end
vim.lsp.commands["retort.open"] = function(command)
  vim.cmd("edit " .. vim.fn.fnameescape(vim.uri_to_fname(command.arguments[1])))
end

vim.api.nvim_create_user_command("RetortSql", function(command) require("retort").sql(command.args) end, {
  nargs = "?",
  complete = function() return { "upgrade", "downgrade", "guarded", "schema-before", "schema-after" } end,
})
vim.api.nvim_create_user_command("RetortExplain", function(command)
  require("retort").open("retort-rule:/" .. command.args .. ".md")
end, { nargs = 1 })
vim.api.nvim_create_user_command("RetortChain", function() require("retort").chain() end, {})
vim.api.nvim_create_user_command("RetortStatus", function() require("retort").status() end, {})
