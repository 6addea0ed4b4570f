"""The files of a project: what may be read of them, and what git says about them.

* door: the one way in for what a user's files hold
* git: the one module that runs git
"""
