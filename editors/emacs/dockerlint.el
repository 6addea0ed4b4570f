;;; dockerlint.el --- Findings and fixes for Dockerfiles and Compose files  -*- lexical-binding: t -*-

;; Package-Requires: ((emacs "26.3") (eglot "1.9"))

;;; Commentary:

;; Put it on the load path and write (require 'dockerlint) in your init file; then M-x eglot in a Dockerfile or
;; Compose file.  M-x eglot-code-actions fixes what is found at point.

;;; Code:

(require 'eglot)

(defvar dockerlint-command '("dockerlint" "lsp")
  "What starts the server.")

(defvar dockerlint-modes '(dockerfile-mode dockerfile-ts-mode docker-compose-mode yaml-mode yaml-ts-mode)
  "The modes whose files are sent to it; of YAML it lints Compose files only.")

(add-to-list 'eglot-server-programs
             (cons dockerlint-modes (lambda (&rest _) dockerlint-command)))

(provide 'dockerlint)
;;; dockerlint.el ends here
