"""What the files mean: one model for every input, facts instead of cleverness in rules.

Nodes are what rules select (`dockerfile`, `instruction`, `container` …); the modules around them answer one
question each, and a property of a node asks it. Which module has the answer:

* of every node: node variable suppression
* of a Dockerfile: dockerfile stage instruction running copying expose layer placed traces
* of a command: command packages versions download permissions verification writing
* of a Compose file: project container runtime hardening mount hostpath port resource bounds clash datanetwork
* of what a service needs once it is hardened: needs hints built readiness mountedline
* of an image: image reference tags knowledge bases successor
* of the user that a stage can run as: fittinguser runas newuser appfolder
* of why it must stay root: rootneed roothome rootprograms rootpackages baseserver startscript
* of what else a stage can bear: stagereadiness devpackages recommends systemshell
* of secrets: secret_name secret_value typed_secret credential credential_formats credential_path key_block
* of secrets in raw text: secret_text assigned_secret raw_value secret_phrases secret_logins secret_options
"""
