-- Words come out in Typst as they were written.

local deck = require("dialect")

local M = {}

-- Pandoc's Typst writer flattens typographic quotes and leaves them to
-- Typst to guess again; Typst reads "--", "-?", "-5" and "..." as dashes and other signs (pandoc escapes
-- some of these from 3.9 on), and "-", "+", "=", "/" and "1." at the start of an attribution as a list.
local QUOTES = { ["‘"] = true, ["’"] = true, ["“"] = true, ["”"] = true }
local CARE = { "\xE2\x80[\x98\x99\x9C\x9D]", "%-[-?%d]", "%.%.", "^[-+/]$", "^=+$", "^%d+%.$" }

local function raw_sign(character, before, after)
  if QUOTES[character] then
    return character
  end
  local dash = character == "-"
    and (before == "-" or after:match("^[-?]") or not before:match("%w") and after:match("^%d"))
  local dot = character == "." and (before == "." or after == "." or before:match("^%d$") and after == "")
  local mark = character:match("^[-+=/]$") and before == "" -- of a list, a heading or a term
  return (dash or dot or mark) and "\\" .. character or nil
end

local function keep_signs(str)
  local found = false
  for _, pattern in ipairs(deck.IS_TYPST and CARE or {}) do
    found = found or str.text:find(pattern) ~= nil
  end
  if not found then
    return nil
  end
  local characters = {}
  for _, code in utf8.codes(str.text) do
    table.insert(characters, utf8.char(code))
  end
  local parts = pandoc.List({})
  local run = ""
  for index, character in ipairs(characters) do
    local sign = raw_sign(character, characters[index - 1] or "", characters[index + 1] or "")
    if sign then
      if run ~= "" then
        parts:insert(pandoc.Str(run))
      end
      parts:insert(deck.raw_inline(sign))
      run = ""
    else
      run = run .. character
    end
  end
  if run ~= "" then
    parts:insert(pandoc.Str(run))
  end
  return parts
end

local function keep_quoted(quoted)
  if not deck.IS_TYPST then
    return nil
  end
  local single = quoted.quotetype == "SingleQuote"
  local parts = pandoc.List({ deck.raw_inline(single and "‘" or "“") })
  parts:extend(quoted.content)
  parts:insert(deck.raw_inline(single and "’" or "”"))
  return parts
end

M.filter = { Str = keep_signs, Quoted = keep_quoted }

return M
