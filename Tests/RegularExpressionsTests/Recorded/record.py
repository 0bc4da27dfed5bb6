"""Writes python-re.jsonl: what Python 3.11's `re` says about many patterns and texts.

A line is {"pattern", "error"} or {"pattern", "found": [texts in which it is found], "missing":
[texts in which it is not]}.  Usage: python3.11 record.py > python-re.jsonl
"""

import json
import random
import re
import sys
import warnings

warnings.simplefilter("ignore")
assert sys.version_info[:2] == (3, 11), "error texts differ between versions of Python"

PATTERNS = r"""
gpt-4o
^gpt-4o$
^gpt-4o(-\d{4}-\d{2}-\d{2})?$
^(openai/)?gpt-4\.1(-mini|-nano)?$
(?i)GPT
(?i:g)PT
(?s:a.b)
a.b
(?m)^b$
^b$
\Ab
b\Z
a$
[a-z]+-[0-9]+
[^a-z]
[]a]
[^]a]
[a-]
[-a]
[\w-]+
[\d.]
[\W]
\bgpt\b
\Bpt
\w+@\w+
\s
\S+
\D
(a|b)+c
(a|ab)(c|bcd)(d*)
a*?b
a+?$
a??b
x*+x
(?>a+)a
a++b
(?>ab|a)c
a{2}
a{2,}
a{,2}b
a{2,3}?
a{
a{,}
a{x}
{
{}
}
a{1
a{1,
a{1,x}
(?=gpt)gpt-4
(?!gpt)\w+-4
gpt(?!-4)
(?<=gpt-)4
(?<!x)4
(?<=^a)b
(?<=a|b)c
(\w)\1
(?P<x>\w)(?P=x)
(a)?(?(1)b|c)
(?P<q>a)?(?(q)b)
\x41
\u0041
\U00000041
\101
\0
[\101]
[\b]
\t
\n
\\
\.
\-
\/
\_
é
(?a)\w
(?a:\d)
\w
\d
(?i)É
(?i)[a-c]
(?i)ß
(?i)[^a]
(?x) a b # comment
(?x)a\ b
(?#comment)a
a|
|a
()
(|a)+b
(a*)*b
(a*)+$
(a+)+$
(?:a|aa)+$
(?:)*
^*
$*
\b+
a**
a*+*
a+++
*a
+
?
a|*
(*)
(?:+)
x{2}{3}
x{2}?{3}
(a(b
a)
()
)(
(?
(?P
(?P<
(?P<a
(?P<a>
(?P<>a)
(?P<1>a)
(?P<a b>c)
(?P<a>b)(?P<a>c)
(?P=a)
(?P=)
(?P=1)
(?P>a)
(?<a>b)
(?<
(?<=
(?<=a
(?<=a+)b
(?<=a|bc)d
(?<=(a)\1)b
(?<!a*)b
(?=a
(?#
(?#a
(?z)
(?Pz)
(?1)
(?i
(?i-
(?i-)
(?i-:a)
(?-:a)
(?-
(?-i
(?-z:a)
(?i1)
(?iz)
(?i-i:a)
(?L)a
(?au)a
(?a-u:a)
(?i)(?m)a
a(?i)
(a(?i))
|(?i)a
(?i:a
(?(1)a|b)
(?(0)a|b)
(?(x)a|b)
(?()a)
(?(1
(?(1a)b)
(a)(?(1)b|c|d)
(a)(?(1)b
(a)(?(2)b)
[a
[
[]
[^]
[^
[z-a]
[a-\d]
[\d-z]
[a-
[\
[\x]
[\xz]
[\8]
[\A]
[\400]
\
a\
\x
\x4
\xg
\u004
\U0001
\U00110000
\N
\N{
\N{}
\N{nope}
\p
\q
\z
\g<1>
\8
\1
\1(a)
(\1)
(a\1)
(?P<n>a(?P=n))
\400
\18
(a)\18
(?>a
(?>
[[:alpha:]]
[a&&b]
[a||b]
a{3,2}
a{99}b
.*claude.*sonnet
^claude-3(?:\.|-)5
^(?!.*mini).*gpt-4o
^anthropic[./]claude
(?:^|/)llama-3
(?i)^gemini-\d(\.\d)?-(pro|flash)(?!-lite)
gpt-4(?:\.\d)?(?:-turbo)?$
""".split("\n")[1:-1]

TEXTS = [
    "", "a", "b", "ab", "ba", "aa", "aab", "aaab", "abc", "abcd", "ac", "bc", "c", "x", "xx", "xxx",
    "xxxxxx", "A", "B", "Ab", "é", "É", "ß", "SS", "٣", "3", "-", "]", "{", "}", "{}", "a{", "a{,}",
    "a{x}", "a{1", "a{1,", "a{1,x}", "\n", "a\n", "a\nb", "b\n", "\n\n", " ", "\t", "a b", "_", ".",
    "\\", "/", "\x00", "\x08", "\x1c", "gpt", "GPT", "gpt-4", "gpt-4o", "gpt-4o-mini",
    "gpt-4o-2024-08-06", "openai/gpt-4.1", "gpt-4.1-mini", "gpt-4.1-nano", "xgpt", "x@y",
    "claude-3-5-sonnet", "claude-3.5-haiku", "anthropic.claude-3-5", "groq/llama-3.3-70b",
    "gemini-2.5-pro", "Gemini-2.0-flash-lite", "gpt-4-turbo", "abab", "aaaaaaaaaa", "aaaaaaaaab",
    "d", "acd", "bcd", "abd", "aad", "1", "12", "日本",
]  # fmt: skip


def generated(seed: int, count: int) -> list[str]:
    """Random patterns, many of them wrong."""
    rng = random.Random(seed)
    atoms = ["a", "b", "c", "-", "1", ".", r"\d", r"\w", r"\b", "^", "$", "[ab]", "[^b]", "[a-c1]",
             r"\.", "(", ")", "(?:", "(?=", "(?!", "(?<=", "|", "*", "+", "?", "{2}", "{1,2}", "??",
             "*?", "++", r"\1", "(?i:", "(?P<n>", "]", "[", r"\Z", r"\B", "(?>"]  # fmt: skip
    return ["".join(rng.choices(atoms, k=rng.randint(1, 9))) for _ in range(count)]


def main() -> None:
    seen: set[str] = set()
    for pattern in PATTERNS + generated(1, 1200):
        if pattern in seen:
            continue
        seen.add(pattern)
        try:
            compiled = re.compile(pattern)
        except re.error as error:
            line = {"pattern": pattern, "error": str(error)}
        else:
            texts = TEXTS if pattern in PATTERNS else TEXTS[:40] + TEXTS[-14:]
            line = {"pattern": pattern, "found": [], "missing": []}
            for text in texts:
                line["found" if compiled.search(text) else "missing"].append(text)
        print(json.dumps(line, ensure_ascii=False))


main()
