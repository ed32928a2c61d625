;;; retort.el --- Lint and compile Alembic revisions with retort  -*- lexical-binding: t; -*-

;; Version: 0.1.0
;; Package-Requires: ((emacs "28.1"))
;; Keywords: languages, tools, sql

;;; Commentary:

;; Runs `retort lsp' under Eglot or lsp-mode, and shows the SQL of revisions.
;;
;; Eglot has one server per buffer: `retort-eglot-ensure' starts retort in the revisions of a chain, and
;; leaves other Python files to their own server.  Under lsp-mode retort is an add-on beside it.
;;
;; Commands: `retort-show-sql', `retort-show-status', `retort-history'.

;;; Code:

(require 'cl-lib)
(require 'json)
(require 'seq)
(require 'sql)
(require 'subr-x)
(require 'url-util)

(defgroup retort nil
  "Lint and compile Alembic revisions."
  :group 'tools)

(defcustom retort-command '("retort" "lsp")
  "Program that is the language server, and its arguments."
  :type '(repeat string))

(defcustom retort-settings nil
  "Settings for the server, as a plist: (:inlayHints \"all\" :codeLens :json-false).
Everything that a team shares belongs into retort.toml."
  :type 'plist)

(defun retort--chain-folder (file)
  "The folder above FILE that configures its chain, or nil."
  (let ((found (and file
                    (locate-dominating-file
                     file
                     (lambda (folder)
                       (or (file-exists-p (expand-file-name "retort.toml" folder))
                           (file-exists-p (expand-file-name "alembic.ini" folder))
                           (let ((project (expand-file-name "pyproject.toml" folder)))
                             (and (file-readable-p project)
                                  (with-temp-buffer
                                    (insert-file-contents project)
                                    (re-search-forward
                                     "^[ \t]*\\[tool\\.\\(?:retort\\|alembic\\)[].]" nil t))))))))))
    (and found (expand-file-name found))))

(defun retort-revision-p ()
  "Whether this buffer looks like a revision of a chain.  The server decides what is one."
  (and buffer-file-name
       (retort--chain-folder buffer-file-name)
       (save-excursion
         (save-restriction
           (widen)
           (goto-char (point-min))
           (if (derived-mode-p 'sql-mode)
               (re-search-forward "^--[ \t]*\\(?:///[ \t]*retort\\|retort:[ \t]*up\\)\\_>" nil t)
             (re-search-forward "^revision[ \t]*\\(?::[^=\n]+\\)?=" nil t))))
       t))

;;; Requests, under either client

(declare-function eglot-current-server "eglot")
(declare-function jsonrpc-request "jsonrpc")
(declare-function lsp-request "lsp-mode")
(declare-function lsp-workspaces "lsp-mode")

(defun retort--request (method params)
  "Send METHOD with the plist PARAMS to the server of this buffer; answer as plists and vectors."
  (cond
   ((and (bound-and-true-p eglot--managed-mode) (eglot-current-server))
    ;; The server has to have the text that is on screen.
    (when (fboundp 'eglot--signal-textDocument/didChange) (eglot--signal-textDocument/didChange))
    (jsonrpc-request (eglot-current-server) method params))
   ((bound-and-true-p lsp-mode)
    (retort--to-plist (lsp-request (substring (symbol-name method) 1) params)))
   (t (user-error "No retort server runs for this buffer"))))

(defun retort--to-plist (value)
  "VALUE of lsp-mode, hash tables or plists, as plists."
  (cond
   ((hash-table-p value)
    (let (plist)
      (maphash (lambda (key each)
                 (push (intern (concat ":" key)) plist)
                 (push (retort--to-plist each) plist))
               value)
      (nreverse plist)))
   ((and (vectorp value)) (vconcat (mapcar #'retort--to-plist value)))
   ((and (consp value) (keywordp (car value)))
    (let (plist)
      (while value
        (push (pop value) plist)
        (push (retort--to-plist (pop value)) plist))
      (nreverse plist)))
   ((consp value) (vconcat (mapcar #'retort--to-plist value)))
   (t value)))

(defun retort--document ()
  "What names the document of this buffer in a request."
  (list :textDocument
        (list :uri (concat "file://" (url-hexify-string (file-truename buffer-file-name)
                                                        url-path-allowed-chars)))))

;;; Virtual documents

(defvar-local retort--uri nil "URI of the virtual document that this buffer shows.")
(defvar-local retort--source nil "Buffer whose server answers for it.")

(defun retort--fill ()
  "Read the virtual document of this buffer again."
  (let* ((uri retort--uri)
         (text (with-current-buffer retort--source
                 (plist-get (retort--request :retort/textDocumentContent (list :uri uri)) :text)))
         (inhibit-read-only t)
         (at (point)))
    (unless (equal text (buffer-string))
      (erase-buffer)
      (insert text)
      (goto-char (min at (point-max))))
    (set-buffer-modified-p nil)))

(defun retort-open-uri (uri)
  "Show the virtual document URI in another window; return its buffer."
  (let ((source (current-buffer))
        (buffer (get-buffer-create (format "*%s*" (decode-coding-string (url-unhex-string (car (split-string uri "?"))) 'utf-8)))))
    (with-current-buffer buffer
      (cond
       ((not (string-match-p "\\.sql\\(?:\\?\\|\\'\\)" uri)) (text-mode))
       ((not (derived-mode-p 'sql-mode)) (delay-mode-hooks (sql-mode))))
      (setq retort--uri uri
            retort--source source
            buffer-read-only t
            revert-buffer-function (lambda (&rest _) (retort--fill)))
      (retort--fill))
    (display-buffer buffer)
    buffer))

(defvar retort--timer nil)

(defun retort--refresh-soon (&rest _)
  "Bring the virtual documents on screen up to date, a little later."
  (when (timerp retort--timer) (cancel-timer retort--timer))
  (setq retort--timer (run-with-idle-timer 0.3 nil #'retort--refresh)))

(defun retort--refresh ()
  "Read every virtual document on screen again."
  (dolist (buffer (buffer-list))
    (with-current-buffer buffer
      (when (and retort--uri (get-buffer-window buffer t) (buffer-live-p retort--source))
        (ignore-errors (retort--fill))))))

;;;###autoload
(defun retort-show-sql (&optional kind)
  "Show the SQL of this revision: the lens above it names the document.
With a prefix argument, ask for KIND: upgrade, downgrade, guarded, schema-before or schema-after."
  (interactive
   (list (and current-prefix-arg
              (completing-read "SQL: " '("upgrade" "downgrade" "guarded" "schema-before" "schema-after")
                               nil t))))
  (let* ((lenses (retort--request :textDocument/codeLens (retort--document)))
         (lens (seq-find (lambda (each) (equal (plist-get (plist-get each :command) :command) "retort.showSql"))
                         lenses))
         (uri (and lens (aref (plist-get (plist-get lens :command) :arguments) 0))))
    (unless uri (user-error "This is no revision of a chain"))
    (when kind
      (setq uri (replace-regexp-in-string "\\`\\([^?]*\\)/[a-z-]+\\.sql" (format "\\1/%s.sql" kind) uri t)))
    (add-hook 'after-change-functions #'retort--refresh-soon nil t)
    (retort-open-uri uri)))

;;;###autoload
(defun retort-explain (rule)
  "Show the page of RULE."
  (interactive "sRule: ")
  (retort-open-uri (format "retort-rule:/%s.md" rule)))

;;;###autoload
(defun retort-show-status ()
  "Show which chains the server found, and where from."
  (interactive)
  (let ((answer (retort--request :retort/status nil)))
    (with-current-buffer (get-buffer-create "*retort status*")
      (let ((inhibit-read-only t))
        (erase-buffer)
        (insert (json-encode answer))
        (json-pretty-print-buffer)
        (goto-char (point-min)))
      (special-mode)
      (display-buffer (current-buffer)))))

;;;###autoload
(defun retort-history ()
  "List the revisions, newest first, as places to jump to."
  (interactive)
  (let* ((folder (or (retort--chain-folder (or buffer-file-name default-directory))
                     (user-error "No chain is configured here")))
         (default-directory folder)
         (program (car retort-command))
         (answer (with-temp-buffer
                   (unless (eq 0 (call-process program nil '(t nil) nil "history" "--format" "json"))
                     (user-error "`retort history' failed: run it in a terminal"))
                   (goto-char (point-min))
                   (json-parse-buffer :object-type 'plist :array-type 'list)))
         (buffer (get-buffer-create "*retort history*")))
    (with-current-buffer buffer
      (let ((inhibit-read-only t))
        (erase-buffer)
        (setq default-directory folder)
        (dolist (revision (plist-get answer :revisions))
          (insert (format "%s:1: %s %s%s\n"
                          (plist-get revision :file) (plist-get revision :revision) (plist-get revision :title)
                          (if (eq (plist-get revision :head) t) " (head)" ""))))
        (goto-char (point-min)))
      (grep-mode))
    (display-buffer buffer)))

;;; Eglot

(defvar eglot-server-programs)
(declare-function eglot-ensure "eglot")

(defun retort--contact (&rest _)
  "What Eglot starts."
  (append retort-command (list :initializationOptions (or retort-settings (make-hash-table)))))

;;;###autoload
(defun retort-eglot-ensure ()
  "Start retort under Eglot where this buffer is a revision; return whether it is.
Put it on `python-mode-hook' and `sql-mode-hook', before what starts another server."
  (when (retort-revision-p)
    (require 'eglot)
    (let ((folder (retort--chain-folder buffer-file-name)))
      ;; Eglot takes the project for the root; outside version control that is the chain.
      (setq-local project-find-functions (list (lambda (_) (cons 'transient folder)))))
    (setq-local eglot-server-programs (cons (cons major-mode #'retort--contact) eglot-server-programs))
    (eglot-ensure)
    t))

(with-eval-after-load 'eglot
  ;; What a lens or an action shows is shown here; everything else the server does itself.
  (with-no-warnings
    (cl-defmethod eglot-execute-command :around (server (command (eql 'retort.showSql)) arguments)
      (ignore server command)
      (retort-open-uri (aref (vconcat arguments) 0)))))

;;; lsp-mode

(declare-function lsp-register-client "lsp-mode")
(declare-function make-lsp-client "lsp-mode")
(declare-function lsp-stdio-connection "lsp-mode")
(declare-function lsp--uri-to-path "lsp-mode")
(defvar lsp-language-id-configuration)

(with-eval-after-load 'lsp-mode
  (lsp-register-client
   (make-lsp-client
    :new-connection (lsp-stdio-connection (lambda () retort-command))
    :activation-fn (lambda (file _mode)
                     (and (string-match-p "\\.\\(?:py\\|sql\\)\\'" file) (retort--chain-folder file) t))
    :server-id 'retort
    :add-on? t
    :priority -1
    :initialization-options (lambda () (or retort-settings (make-hash-table)))
    :action-handlers
    (let ((handlers (make-hash-table :test 'equal)))
      (puthash "retort.showSql"
               (lambda (action)
                 (retort-open-uri (aref (vconcat (plist-get (retort--to-plist action) :arguments)) 0)))
               handlers)
      (puthash "retort.open"
               (lambda (action)
                 (find-file (lsp--uri-to-path
                             (aref (vconcat (plist-get (retort--to-plist action) :arguments)) 0))))
               handlers)
      handlers))))

(defvar lsp-document-sync-method)
(declare-function lsp-find-workspace "lsp-mode")

(defun retort--lsp-opened ()
  "Make lsp-mode send whole texts for this buffer.
It counts characters where the protocol counts UTF-16 units, so behind an emoji its incremental
changes would end up in the wrong place."
  (when (ignore-errors (lsp-find-workspace 'retort buffer-file-name))
    (setq-local lsp-document-sync-method 1)))

(add-hook 'lsp-after-open-hook #'retort--lsp-opened)

(provide 'retort)

;;; retort.el ends here
