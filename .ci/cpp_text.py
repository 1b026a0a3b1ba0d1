"""Reads C++ sources for the checks: which files there are, and their text without comments and literals."""
import pathlib
import re
import subprocess

SUFFIXES = (".h", ".cc", ".inc")
_RAW_STRING = re.compile(r'R"([^()\\\s]{0,16})\(')


def tracked_files(root):
    """Paths below root, as text with '/'; what git would commit, or every file where there is no git."""
    root = pathlib.Path(root)
    listing = subprocess.run(["git", "-C", str(root), "ls-files", "-co", "--exclude-standard"],
                             capture_output=True, text=True)
    if listing.returncode == 0:
        names = listing.stdout.splitlines()
    else:
        names = [path.relative_to(root).as_posix() for path in root.rglob("*")]
        names = [name for name in names if not name.startswith((".git/", "build"))]
    return sorted({name for name in names if (root / name).is_file()})


def _end_of_literal(text, start, quote):
    end = start + 1
    while end < len(text) and text[end] not in (quote, "\n"):
        end += 2 if text[end] == "\\" else 1
    return min(end + 1, len(text))


def _end_of_token(text, at):
    """Where the comment or literal that starts at `at` ends, or `at` when none starts there."""
    if text.startswith("//", at):
        end = text.find("\n", at)
    elif text.startswith("/*", at):
        end = text.find("*/", at + 2)
        end = end + 2 if end >= 0 else end
    elif text[at] == '"':
        return _end_of_literal(text, at, '"')
    # 1'000 is a number, not the start of a character.
    elif text[at] == "'" and not (at and re.search(r"\b[0-9][0-9a-fA-FxX']*$", text[max(0, at - 24):at])):
        return _end_of_literal(text, at, "'")
    elif text[at] == "R" and (raw := _RAW_STRING.match(text, at)) and not (at and (text[at - 1].isalnum())):
        closing = f'){raw[1]}"'
        end = text.find(closing, raw.end())
        end = end + len(closing) if end >= 0 else end
    else:
        return at
    return end if end >= 0 else len(text)


def code_only(text):
    """The text with comments and literals blanked; every line and column stays where it was."""
    out, at = [], 0
    while at < len(text):
        end = _end_of_token(text, at)
        if end == at:
            out.append(text[at])
            at += 1
        else:
            out.append("".join("\n" if c == "\n" else " " for c in text[at:end]))
            at = end
    return "".join(out)
