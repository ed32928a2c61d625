;;; Run by ../run in a copy of the example chain; Emacs 28 and lsp-mode  -*- lexical-binding: t; -*-
(load (expand-file-name "checks.el" (file-name-directory load-file-name)))
(require 'lsp-mode)
(require 'lsp-diagnostics)
(require 'retort)
(setq lsp-session-file (expand-file-name "session" (getenv "HOME")) lsp-auto-guess-root t
      lsp-enabled-clients '(retort) lsp-idle-delay 0 lsp-debounce-full-sync-notifications nil
      lsp-warn-no-matched-clients nil lsp-enable-suggest-server-download nil lsp-diagnostics-provider :none
      lsp-restart 'ignore lsp-auto-execute-action nil)

(open-revision)
(lsp-workspace-folders-add (retort--chain-folder buffer-file-name))
(lsp)
(check "lsp-mode is connected" (wait-for (lambda () (lsp-workspaces))))

(defun findings ()
  (seq-filter (lambda (each) (equal (lsp:diagnostic-code? each) "lock/create-index")) (lsp--get-buffer-diagnostics)))
(defun sorted ()
  (sort (append (findings) nil)
        (lambda (a b) (< (car (lsp--range-to-region (lsp:diagnostic-range a))) (car (lsp--range-to-region (lsp:diagnostic-range b)))))))
(check "the findings appear" (wait-for (lambda () (= (length (findings)) 2))) (lsp--get-buffer-diagnostics))
(let* ((first (lsp--range-to-region (lsp:diagnostic-range (car (sorted)))))
       (at (buffer-substring (car first) (cdr first)))
       (range (lsp--range-to-region (lsp:diagnostic-range (cadr (sorted))))))
  ;; lsp-mode 8 takes UTF-16 units for characters: behind one `🚀' it stands one to the right.
  (check "at the column that lsp-mode was told" (equal at "orders',") at)
  (check "on the argument, in a line of plain letters"
         (equal (buffer-substring (car range) (cdr range)) "'orders'") (buffer-substring (car range) (cdr range)))

  (goto-char (point-min))
  (search-forward "op.create_ind")
  (let ((hover (format "%S" (retort--to-plist (lsp-request "textDocument/hover" (lsp--text-document-position-params))))))
    (check "the hover has the SQL and the lock"
           (and (string-match-p "CREATE INDEX" hover) (string-match-p "SHARE" hover)) hover))

  (goto-char (car range))
  (let* ((actions (lsp-code-actions-at-point))
         (fix (seq-find (lambda (each) (string-match-p "CONCURRENTLY" (lsp:code-action-title each))) actions)))
    (when fix (lsp-execute-code-action fix))
    (check "the fix is applied"
           (wait-for (lambda () (string-match-p "postgresql_concurrently=True" (buffer-string))))
           (list (mapcar #'lsp:code-action-title (append actions nil)) (buffer-string)))))
(check "and the finding is gone, the other one stays" (wait-for (lambda () (= (length (findings)) 1))) (findings))
(check-sql)
(check-pages)
(check-jump)
(finish)
