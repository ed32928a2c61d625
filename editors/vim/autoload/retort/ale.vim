" What the ALE linters for Python and SQL have in common.

" The folder that configures the chain of a buffer; without one the server is not started. Not with
" findfile(), which takes a blank in a path for its end.
function! retort#ale#Root(buffer) abort
  let l:folder = fnamemodify(bufname(a:buffer), ':p:h')
  while 1
    for l:name in ['retort.toml', 'alembic.ini']
      if filereadable(l:folder . '/' . l:name)
        return l:folder
      endif
    endfor
    let l:project = l:folder . '/pyproject.toml'
    if filereadable(l:project) && match(readfile(l:project), '^\s*\[tool\.\(retort\|alembic\)[].]') >= 0
      return l:folder
    endif
    let l:parent = fnamemodify(l:folder, ':h')
    if l:parent is# l:folder
      return ''
    endif
    let l:folder = l:parent
  endwhile
endfunction

function! retort#ale#Define(filetype) abort
  call ale#Set('retort_executable', 'retort')
  call ale#Set('retort_settings', {})
  call ale#linter#Define(a:filetype, {
  \   'name': 'retort',
  \   'lsp': 'stdio',
  \   'executable': {buffer -> ale#Var(buffer, 'retort_executable')},
  \   'command': '%e lsp',
  \   'project_root': function('retort#ale#Root'),
  \   'initialization_options': {buffer -> ale#Var(buffer, 'retort_settings')},
  \   'lsp_config': {buffer -> {'retort': ale#Var(buffer, 'retort_settings')}},
  \})
endfunction
