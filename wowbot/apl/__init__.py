"""SimulationCraft's action priority lists: read, checked, compiled, scanned, explained. Knows nothing of screens.

dialect.py       what differs between the ages of the language, as data
syntax.py        the tree of an expression, and its text again
expression.py    one expression: a lark grammar, folded by the dialect's precedences
source.py        a file: lines, tokens, templates, includes, actors -> raw text of each list
options.py       the options of entries, as data
entries.py       a list's text -> entries with options and expressions
lists.py         a whole file, linked and checked: called lists, recursion, what meta actions need
problem.py       errors and warnings with line, column, caret and mend
numbers.py       C's double arithmetic
traced.py        evaluation by the tree: the reference, three-valued
codegen.py       expressions as Python code: the hot path
names.py         what names stand for in live play: the line's own spell, older spellings
program.py       lists linked to terms: kinds of line, implicit conditions
listcode.py      a list as one Python function
readiness.py     what a line needs besides its condition, and on which enemy
scan.py          one scan: what each kind of line does
scanner.py       scan after scan: compiles when needed, keeps the memory
memory.py        what is remembered between scans
updates.py       what `variable` lines do
pick.py          what a scan ends with
explain.py       why: the decisive terms with their values
reach.py         lines that can never fire
perceivable.py   how much of a list can be played from the screen
statefile.py     lists run on states written in JSON
"""
