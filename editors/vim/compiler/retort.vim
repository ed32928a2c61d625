" Vim compiler plugin: retort's findings as a quickfix list.
"   :compiler retort
"   :make heads --check
" The place of a note is an entry of its own; other notes and fixes belong to the entry above.

if exists("current_compiler")
  finish
endif
let current_compiler = "retort"

let s:cpo_save = &cpo
set cpo&vim

CompilerSet makeprg=retort\ --color=never
CompilerSet errorformat=
      \%E%f:%l:%c:\ error%m,
      \%W%f:%l:%c:\ warning%m,
      \%I%f:%l:%c:\ info%m,
      \%E%f:\ error%m,
      \%W%f:\ warning%m,
      \%I%f:\ info%m,
      \%Eerror%m,
      \%Wwarning%m,
      \%Iinfo%m,
      \%N\ %\\+note:\ %f:%l:%c:\ %m,
      \%-C\ %\\+%\\d%#\ %#\|%.%#,
      \%C\ %\\+%\\%%(note:\ %\\)%\\@=%m,
      \%C\ %\\+%\\%%(fix%\\)%\\@=%m,
      \%-G%.%#

let &cpo = s:cpo_save
unlet s:cpo_save
