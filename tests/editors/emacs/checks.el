;;; What both clients are asked  -*- lexical-binding: t; -*-
(require 'cl-lib)
(defvar failed 0)

(defun check (what holds &optional found)
  (princ (format "%s - %s\n" (if holds "ok" "FAILED") what))
  (unless holds
    (cl-incf failed)
    (princ (format "  found: %S\n" found))))

(defun wait-for (condition)
  "Wait until CONDITION returns something, and return it."
  (let ((end (+ (float-time) 20)) result)
    (while (and (not (setq result (ignore-errors (funcall condition)))) (< (float-time) end))
      (accept-process-output nil 0.02))
    result))

(defun open-revision ()
  (setq make-backup-files nil create-lockfiles nil)
  (find-file (getenv "REVISION"))
  (unless (derived-mode-p 'python-mode) (python-mode)))

(defun finish ()
  (kill-emacs (if (> failed 0) 1 0)))

(defun check-jump ()
  (goto-char (point-min))
  (re-search-forward "^down_revision = '")
  (let ((xref-prompt-for-identifier nil))
    (call-interactively #'xref-find-definitions))
  (check "down_revision leads to the parent"
         (wait-for (lambda () (string-match-p "search_products\\.sql\\'" (or buffer-file-name "")))) (buffer-name)))

(defun check-pages ()
  (save-window-excursion
    (retort-show-sql "schema-before")
    (let ((buffer (cl-find-if (lambda (each) (string-match-p "schema-before" (buffer-name each))) (buffer-list))))
      (check "the schema before it"
             (and buffer (with-current-buffer buffer (string-match-p "CREATE TABLE refunds" (buffer-string)))))))
  (with-current-buffer (retort-explain "lock/create-index")
    (check "the page of the rule" (string-match-p "CONCURRENTLY" (buffer-string)) (buffer-string)))
  (retort-history)
  (with-current-buffer "*retort history*"
    (check "the chain as a list, the new revision first"
           (and (= (count-lines (point-min) (point-max)) 14)
                (string-match-p "\\`.*totals\\.py:1: a0b1c2d3e4f5" (buffer-string)))
           (buffer-string))))

(defun check-sql ()
  (let ((buffer (progn (retort-show-sql) (wait-for (lambda () (cl-find-if (lambda (each) (buffer-local-value 'retort--uri each)) (buffer-list)))))))
    (check "the SQL is shown beside"
           (and buffer (with-current-buffer buffer (string-match-p "CREATE INDEX CONCURRENTLY" (buffer-string))))
           (and buffer (with-current-buffer buffer (buffer-string))))
    (goto-char (point-min))
    (search-forward "'total'")
    (replace-match "'status'" t t)
    (retort--refresh)
    (check "it follows edits"
           (wait-for (lambda () (retort--refresh) (with-current-buffer buffer (string-match-p "(status)" (buffer-string)))))
           (with-current-buffer buffer (buffer-string)))))
