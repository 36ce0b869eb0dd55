-- What the files of the filter share: the format, messages, sizes, and the measuring of text.

local letters = require("widths") -- of this deck: render writes it

local M = {}

M.IS_TYPST = FORMAT == "typst"
local RAW = M.IS_TYPST and "typst" or "html"

-- The slide, in CSS px (a Typst page is the same at 0.75 pt a px). deck.css and
-- typst-template.typ hold the same figures. "air" is what a slide with room to spare adds to the
-- white between and inside of its blocks, in steps up to MOST_AIR; a full slide takes some away.
M.CONTENT_WIDTH = 1160
M.TOP = 44 -- above the title
M.BOTTOM = 658 -- where the text ends, above the footer
M.COLUMN_GAP = 40
M.LEAST_AIR, M.MOST_AIR = -2, 4
M.SEMIBOLD = 1.05 -- its width against that of regular
M.TITLE = { size = 38, line = 1.16, weight = 1.05, below = 20 }
M.LEAD = { line = 1.35 }
M.TEXT = { line = 1.4 }
M.SUBHEADING = { size = 21, line = 1.3, weight = 1.05 }
M.BASE = { size = 15, line = 1.35 }
M.DISCLOSURE = { size = 16, line = 1.4 }
M.ATTRIBUTION = { line = 1.35 }
M.COMMENT = { line = 1.35, left = 22, right = 20, inner = 8 }
M.LIST = { indent = 26 }
M.TABLE = { line = 1.3, side = 10 }

-- White that grows with the air of a slide, in px.
function M.gap(air) return 16 + 4 * air end -- between blocks
function M.list_gap(air) return 9 + 3 * air end -- between the items of a list
function M.card_gap(air) return 20 + 2 * air end -- between comments
function M.card_inset(air) return 16 + 3 * air end -- above and below a comment's text
function M.card_inner(air) return 8 + 2 * air end -- above the attribution
function M.row_inset(air) return 6 + 2 * air end -- above and below a table's text

-- The attribution of a comment whose text is `size` px.
function M.attribution_size(size)
  return size >= 22 and 17 or size >= 19 and 16 or 15
end

-- Advance widths of Source Sans Pro regular, ASCII 32 to 126, in 1/2048 em.
local WIDTHS = {
  413, 591, 870, 1017, 1017, 1687, 1247, 509, 620, 620, 856, 1017, 509, 636, 509, 716, 1017, 1017,
  1017, 1017, 1017, 1017, 1017, 1017, 1017, 1017, 509, 509, 1017, 1017, 1017, 870, 1734, 1114, 1204,
  1169, 1259, 1079, 1011, 1263, 1335, 538, 983, 1185, 995, 1488, 1325, 1359, 1179, 1359, 1189, 1093,
  1097, 1320, 1054, 1609, 1050, 974, 1103, 620, 716, 620, 1017, 1024, 1110, 1048, 1136, 933, 1136,
  1015, 598, 1032, 1114, 503, 505, 1013, 522, 1697, 1120, 1110, 1136, 1126, 710, 858, 692, 1114, 956,
  1470, 913, 956, 870, 620, 493, 620, 1017,
}
local OTHER_WIDTH = 1110 -- accented letters, quotes and dashes, on the wide side
local SAFETY = 1.01

-- Small tools ---------------------------------------------------------------------------------

M.slide_name = "the deck" -- for messages
M.slide_number = 0

function M.fail(message)
  -- Quarto's own error() only prints, and the deck would go on; assert stops both engines.
  assert(false, "deck.qmd, " .. M.slide_name .. ": " .. message)
end

function M.raw(text)
  return pandoc.RawBlock(RAW, text)
end

function M.raw_inline(text)
  return pandoc.RawInline(RAW, text)
end

function M.has(element, class)
  return element.classes ~= nil and element.classes:includes(class)
end

function M.escape_html(text)
  return (text:gsub('[&<>"]', { ["&"] = "&amp;", ["<"] = "&lt;", [">"] = "&gt;", ['"'] = "&quot;" }))
end

function M.typst_string(text)
  -- Quarto runs what looks like a shortcode, {{< env HOME >}}, even in here
  local safe = text:gsub("[\\\"]", "\\%0"):gsub("%s+", " "):gsub("{{", "{\\u{7b}")
  return '"' .. safe .. '"'
end

-- Direction -----------------------------------------------------------------------------------

-- Whether the first letter of a text is one of Hebrew, Arabic and their like.
function M.right_to_left(text)
  for _, code in utf8.codes(text) do
    if (code >= 0x590 and code <= 0x8FF) or (code >= 0xFB1D and code <= 0xFDFF)
      or (code >= 0xFE70 and code <= 0xFEFF) then
      return true
    elseif utf8.char(code):match("%a") or (code >= 0xC0 and (code < 0x2000 or code >= 0x2C00)) then
      return false
    end
  end
  return false
end

-- Inlines that begin so as one run from right to left (U+2067 to U+2069), in any paragraph.
function M.directed(inlines)
  if M.right_to_left(pandoc.utils.stringify(inlines)) then
    inlines:insert(1, pandoc.Str("\u{2067}"))
    inlines:insert(pandoc.Str("\u{2069}"))
  end
  return inlines
end

-- Measuring -----------------------------------------------------------------------------------

local function is_mark(code) -- of direction
  return code >= 0x2066 and code <= 0x2069
end

local function letter_width(code)
  return WIDTHS[code - 31] or letters.widths[code] or (code == 160 and WIDTHS[1])
    or (is_mark(code) and 0) or OTHER_WIDTH
end

function M.text_width(text, size)
  local total = 0
  for _, code in utf8.codes(text) do
    total = total + letter_width(code)
  end
  return total / 2048 * size
end

-- What a reader sees of a sign that is written raw.
function M.shown(sign)
  return (sign:gsub("^\\(.)", "%1"))
end

-- The text of blocks, signs that are written raw included.
function M.text_of(blocks)
  return pandoc.utils.stringify(pandoc.Blocks(blocks):walk({
    RawInline = function(inline)
      return pandoc.Str(inline.text:match("^#") and "" or M.shown(inline.text))
    end,
  }))
end

-- Whether a line may break between two letters of a word: beside one of Chinese, Japanese or Korean.
local function breaks_between(before, after)
  return (letters.wide[before] or letters.wide[after])
    and not letters.starts_no_line[after] and not letters.ends_no_line[before]
end

-- The pieces of a word at whose ends a line may break.
function M.pieces(word)
  local found, before = {}, nil
  for _, code in utf8.codes(word) do
    if before == nil or breaks_between(before, code) then
      table.insert(found, "")
    end
    found[#found] = found[#found] .. utf8.char(code)
    before = is_mark(code) and before or code
  end
  return found
end

-- The words of inlines, each with its width at 1 px, semibold ones wider, and the width of a space.
-- `glued`: by place whether no space stands before it.
function M.words_of(inlines)
  local words, word = { glued = {} }, nil
  local bold = 1 -- in Typst a number is put between two pieces of code
  local before = 0 -- the letter before
  local function add(text, factor)
    for _, code in utf8.codes(text) do
      if word == nil or breaks_between(before, code) then
        words.glued[#words + 1] = word ~= nil
        word = 0
        table.insert(words, word)
      end
      words[#words] = words[#words] + letter_width(code) / 2048 * factor
      before = is_mark(code) and before or code
    end
  end
  local function walk(list, factor)
    for _, inline in ipairs(list) do
      if inline.t == "RawInline" then
        if inline.text:match("^#estimate") then
          bold = M.SEMIBOLD
        elseif inline.text == "];" then
          bold = 1
        elseif not inline.text:match("^#") then
          add(M.shown(inline.text), factor)
        end
      elseif inline.t == "Space" or inline.t == "SoftBreak" or inline.t == "LineBreak" then
        word = nil
      elseif inline.t == "Quoted" then
        add("“", factor)
        walk(inline.content, factor)
        add("”", factor)
      elseif inline.content then
        local strong = inline.t == "Strong" or M.has(inline, "estimate")
        walk(inline.content, strong and M.SEMIBOLD or factor)
      elseif inline.text then
        add(inline.text, math.max(bold, factor))
      end
    end
  end
  walk(inlines, 1)
  return words
end

-- Lines that words take when they are broken at spaces within `width`, and the length of the last.
local function break_lines(words, width, scale)
  local space = M.text_width(" ", scale)
  local lines, used = 1, 0
  for place, word in ipairs(words) do
    local length = word * scale
    local gap = words.glued[place] and 0 or space
    if used > 0 and used + gap + length > width then
      lines, used = lines + 1, 0
    end
    if length > width then -- a word longer than the line is broken inside
      lines = lines + math.floor(length / width)
      length = length % width
    end
    used = used + (used > 0 and gap or 0) + length
  end
  return lines, used
end

function M.line_count(words, width, size, weight)
  return (break_lines(words, width, size * (weight or 1) * SAFETY))
end

-- Height of measured words. (Elements of the document are slow to walk: a slide is measured once,
-- and its words are then broken into lines at many sizes.)
function M.words_height(words, width, style, size)
  size = size or style.size
  return M.line_count(words, width, size, style.weight) * size * style.line
end

function M.inline_height(inlines, width, style, size)
  return M.words_height(M.words_of(inlines), width, style, size)
end

-- A width of at most `width` at which the text takes as many lines, the last of them not a word or
-- two on its own.
function M.even_width(inlines, width, style, size)
  local words, scale = M.words_of(inlines), size * (style.weight or 1) * SAFETY
  local lines = break_lines(words, width, scale)
  for narrower = width, 0.6 * width, -20 do
    local now, end_ = break_lines(words, narrower, scale)
    if lines == 1 or now > lines then
      break
    elseif end_ >= 0.4 * width then
      return math.min(width, narrower + 16) -- some px to spare, should the measure be a hair off
    end
  end
  return width
end

-- Splits heights, in order, over `columns` so that the tallest column is least tall.
-- Returns the tallest and shortest column and the number of entries in each.
function M.split(heights, columns, gap)
  local best = nil
  local function try(start, left, counts, tallest, shortest)
    if left == 1 then
      local sum = -gap
      for index = start, #heights do
        sum = sum + heights[index] + gap
      end
      tallest, shortest = math.max(tallest, sum), math.min(shortest, sum)
      -- of two splits with one tallest column, the more even one
      if best == nil or tallest < best.tallest - 0.01
        or (tallest < best.tallest + 0.01 and shortest > best.shortest) then
        best = { tallest = tallest, shortest = shortest, counts = { table.unpack(counts) } }
        table.insert(best.counts, #heights - start + 1)
      end
      return
    end
    local sum = -gap
    for index = start, #heights - left + 1 do
      sum = sum + heights[index] + gap
      counts[#counts + 1] = index - start + 1
      try(index + 1, left - 1, counts, math.max(tallest, sum), math.min(shortest, sum))
      counts[#counts] = nil
    end
  end
  try(1, columns, {}, 0, math.huge)
  return best
end

return M
