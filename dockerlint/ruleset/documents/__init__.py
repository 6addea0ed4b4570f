"""YAML of rules/ that is no rule → the JSON documents of the build: facts about images, lists, tables."""
