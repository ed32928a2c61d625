" Run by ../run in a copy of the example chain; Vim 9 and ALE.
let s:failed = 0
function s:Check(what, holds, found)
  call writefile([(a:holds ? 'ok' : 'FAILED') .. ' - ' .. a:what], $RESULT, 'a')
  if !a:holds
    let s:failed = 1
    call writefile(['  found: ' .. string(a:found)], $RESULT, 'a')
  endif
endfunction
function s:WaitFor(Condition)
  for l:turn in range(1000)
    if a:Condition()
      return 1
    endif
    sleep 20m
  endfor
  return 0
endfunction
function s:Findings()
  return filter(copy(ale#engine#GetLoclist(s:buffer)), {_, each -> get(each, 'code', '') is# 'lock/create-index'})
endfunction
function s:Text()
  return join(getbufline(s:buffer, 1, '$'), "\n")
endfunction

execute 'edit' fnameescape($REVISION)
let s:buffer = bufnr('')
call ale#Queue(0, 'lint_file')
call s:Check('the findings appear', s:WaitFor({-> len(s:Findings()) == 2}), ale#engine#GetLoclist(s:buffer))
let s:found = get(s:Findings(), 0, {'lnum': 1, 'col': 1})
" ALE takes UTF-16 units for bytes: behind `été 🚀` it stands four to the left of the argument.
let s:prefix = matchstr(getline(s:found.lnum), ".*\\ze'orders'")
let s:units = strchars(s:prefix) + count(s:prefix, '🚀')
call s:Check('at the column that ALE was told', getline(s:found.lnum) =~# 'create_index' && s:found.col == s:units + 1, s:found)

call cursor(s:found.lnum, stridx(getline(s:found.lnum), 'create_index') + 1)
ALEHover
function s:Preview()
  for l:window in range(1, winnr('$'))
    if getwinvar(l:window, '&previewwindow')
      return join(getbufline(winbufnr(l:window), 1, '$'), "\n")
    endif
  endfor
  return ''
endfunction
call s:Check('the hover has the SQL and the lock', s:WaitFor({-> s:Preview() =~# 'CREATE INDEX' && s:Preview() =~# 'SHARE'}), s:Preview())
pclose

function s:Apply(data, items)
  let s:offered = map(copy(a:items), {_, each -> each[1].title})
  for [l:kind, l:item] in a:items
    if l:item.title =~# 'CONCURRENTLY'
      return ale#codefix#ApplyLSPCodeAction(a:data, l:item)
    endif
  endfor
endfunction
let s:offered = []
" For the same reason a fix is taken from a line of plain letters.
let s:other = get(s:Findings(), 1, {'lnum': 1, 'col': 1})
call cursor(s:other.lnum, s:other.col + 3) " ALE looks backwards for the word that the cursor is in
call ale#codefix#Execute(0, function('s:Apply'))
call s:Check('the fix is applied', s:WaitFor({-> s:Text() =~# 'postgresql_concurrently=True'}), [s:offered, s:Text()])
call ale#Queue(0) " what typing does; no autocommand tells of it here
call s:Check('and the finding is gone, the other one stays', s:WaitFor({-> len(s:Findings()) == 1}), s:Findings())

setlocal omnifunc=ale#completion#OmniFunc
call cursor(search('^down_revision', 'w'), 18)
" ALE gives up when a key waits, so that Escape comes later.
call timer_start(2000, {-> feedkeys("\<Esc>")})
call feedkeys("ci'\<C-X>\<C-O>", 'xt!')
call s:Check('omni completion finds a parent', getline('.') =~# "= '[0-9a-f]\\{12}'$", getline('.'))
silent undo

call cursor(search('^down_revision', 'w'), 20)
ALEGoToDefinition
call s:Check('down_revision leads to the parent', s:WaitFor({-> bufname('') =~# 'search_products\.sql$'}), bufname(''))

execute 'edit!' fnameescape(fnamemodify($REVISION, ':h') .. '/2025_04_14_orders_keep_cancellation_reason.sql')
let s:buffer = bufnr('')
call ale#Queue(0, 'lint_file')
let s:Split = {-> filter(copy(ale#engine#GetLoclist(s:buffer)), {_, each -> each.text =~# 'committed before' && getline(each.lnum) =~# '^CREATE INDEX CONCURRENTLY'})}
call s:Check('findings in a revision that is SQL', s:WaitFor({-> len(s:Split()) == 1}), ale#engine#GetLoclist(s:buffer))

execute s:failed ? 'cquit' : 'qall!'
