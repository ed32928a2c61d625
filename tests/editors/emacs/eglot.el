;;; Run by ../run in a copy of the example chain; Emacs 28 and Eglot  -*- lexical-binding: t; -*-
(load (expand-file-name "checks.el" (file-name-directory load-file-name)))
(require 'eglot)
(require 'retort)
(setq eglot-sync-connect 20 eglot-send-changes-idle-time 0 eglot-confirm-server-initiated-edits nil
      eglot-autoreconnect nil last-nonmenu-event ?x)

(open-revision)
(retort-eglot-ensure)
(run-hooks 'post-command-hook)
(check "Eglot is connected" (wait-for (lambda () (eglot-current-server))))

(defun findings ()
  (cl-remove-if-not
   (lambda (each) (string-match-p "lock/create-index" (flymake-diagnostic-text each)))
   (flymake-diagnostics)))
(defun count (number)
  (eglot--signal-textDocument/didChange) ; no idle timer runs in batch mode
  (flymake-start)
  (= (length (findings)) number))

(check "the findings appear" (wait-for (lambda () (count 2))) (mapcar #'flymake-diagnostic-text (flymake-diagnostics)))
(let ((found (car (sort (findings) (lambda (a b) (< (flymake-diagnostic-beg a) (flymake-diagnostic-beg b)))))))
  (check "on the argument behind letters and signs beyond ASCII"
         (and found (equal (buffer-substring (flymake-diagnostic-beg found) (flymake-diagnostic-end found)) "'orders'"))
         (and found (buffer-substring (flymake-diagnostic-beg found) (flymake-diagnostic-end found))))

  (goto-char (point-min))
  (search-forward "op.create_ind")
  (let ((hover (format "%S" (jsonrpc-request (eglot-current-server) :textDocument/hover (eglot--TextDocumentPositionParams)))))
    (check "the hover has the SQL and the lock"
           (and (string-match-p "CREATE INDEX" hover) (string-match-p "SHARE" hover)) hover))

  (let ((menu nil))
    (cl-letf (((symbol-function 'completing-read)
               (lambda (_prompt items &rest _)
                 (setq menu (mapcar #'car items))
                 (cl-find-if (lambda (each) (string-match-p "CONCURRENTLY" each)) menu))))
      (eglot-code-actions (flymake-diagnostic-beg found) (flymake-diagnostic-end found) nil t))
    (check "the fix is applied"
           (wait-for (lambda () (string-match-p "postgresql_concurrently=True" (buffer-string)))) (list menu (buffer-string)))))
(check "and the finding is gone, the other one stays" (wait-for (lambda () (count 1))) (findings))
(check-sql)
(check-pages)
(check-jump)
(finish)
