"""Nodes × rules → findings; which rules are asked, what comments hide, how a finding is known again."""
