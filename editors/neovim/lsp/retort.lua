-- For Neovim 0.11 and newer: vim.lsp.enable("retort")
return {
  cmd = { "retort", "lsp" },
  filetypes = { "python", "sql" },
  -- Only where there is a chain: other Python and SQL files are none of its business.
  root_dir = function(buffer, on_dir)
    local root = require("retort").root(vim.api.nvim_buf_get_name(buffer))
    if root then on_dir(root) end
  end,
}
